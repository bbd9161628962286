/** Counts what is given under agreements, whichever door gives it. */
import type { FileEntry, Hub, ReadPermit, Reservation } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'

/**
 * Room is set aside before the work and counted when it went well: what fails on our side costs nobody anything. `undo` takes back what the
 * work gave where it could not be counted.
 */
export const counted = async <T>(
  reserve: () => Promise<Reservation | undefined>,
  work: () => Promise<T>,
  undo?: (given: T) => Promise<unknown>,
): Promise<T> => {
  const reservation = await reserve()
  try {
    const given = await work()
    try {
      await reservation?.commit()
    } catch (error) {
      await undo?.(given)
      throw error
    }
    return given
  } catch (error) {
    await reservation?.release()
    throw error
  }
}

/** Counts a file whose text is about to be told, as if it was fetched. Errors: those of `reserveDownload`; then nothing may be told. */
export const countText = async (
  { agreements }: Hub,
  ctx: Ctx,
  permit: ReadPermit,
  file: FileEntry,
): Promise<void> => {
  const fetched = { content: file.lfs?.sha256 ?? file.oid, sizeBytes: file.sizeBytes }
  const reservation = await agreements.reserveDownload(ctx, permit, fetched)
  await reservation?.commit()
}
