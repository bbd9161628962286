/** The system's error numbers, in the port's words. */
import { ByteStoreError, type ByteStoreErrorKind } from '#core/ports/byte-store.ts'

const kinds: Readonly<Record<string, ByteStoreErrorKind>> = {
  ENOENT: 'missing',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EMFILE: 'transient',
  ENFILE: 'transient',
  EAGAIN: 'transient',
  EBUSY: 'transient',
}

const advice: Record<ByteStoreErrorKind, string> = {
  missing: 'The bytes are not on the disk. Run `weighhouse fsck` and restore them from a backup.',
  precondition: 'The bytes are not what was announced.',
  full: 'The disk of this hub is full: nothing was stored. An administrator must free space; then try again.',
  transient: 'The disk of this hub is busy. Try again in a moment.',
  permanent:
    'The disk of this hub refuses the operation. An administrator finds the cause in `weighhouse doctor`.',
}

export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** Rethrows a system error as the port's. */
export const attempt = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (error instanceof ByteStoreError) throw error
    if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error
    const kind = kinds[String(error.code)] ?? 'permanent'
    throw new ByteStoreError(kind, advice[kind], error)
  }
}
