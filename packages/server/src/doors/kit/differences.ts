/** What differs between two listings of a repo, and the texts to compare. For every door that shows differences. */
import type { Entry, FileEntry, Hub, ReadPermit } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { countText } from './counted.ts'

export interface Difference {
  readonly status: 'A' | 'M' | 'D'
  readonly path: string
  readonly before: FileEntry | undefined
  readonly after: FileEntry | undefined
}

const textBytesMax = 512 * 1024

/** Work one file's diff may take, in edits; beyond it the file is only said to differ. */
export const editsMax = 5_000

const fileMap = (entries: readonly Entry[]): Map<string, FileEntry> =>
  new Map(
    entries
      .filter((entry): entry is FileEntry => entry.kind === 'file')
      .map((entry) => [entry.path, entry]),
  )

/** Files that differ between two listings, in order of path. */
export const differences = (before: readonly Entry[], after: readonly Entry[]): Difference[] => {
  const old = fileMap(before)
  const now = fileMap(after)
  const paths = [...new Set([...old.keys(), ...now.keys()])].toSorted()
  return paths.flatMap((path): Difference[] => {
    const a = old.get(path)
    const b = now.get(path)
    if (a?.oid === b?.oid) return []
    const status = a === undefined ? 'A' : b === undefined ? 'D' : 'M'
    return [{ status, path, before: a, after: b }]
  })
}

/**
 * The blob's text, or undefined when it is large or not text. LFS files show their pointers, as git does; of others the text counts as
 * fetched where an agreement counts.
 */
export const textOf = async (
  hub: Hub,
  ctx: Ctx,
  permit: ReadPermit,
  file: FileEntry | undefined,
): Promise<string | undefined> => {
  if (file === undefined) return ''
  const sizeBytes = file.lfs?.pointerBytes ?? file.sizeBytes
  if (sizeBytes > textBytesMax) return undefined
  let text = ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const chunk of await hub.refs.openBlob(permit, file)) {
      text += decoder.decode(chunk, { stream: true })
    }
    text += decoder.decode()
  } catch {
    return undefined
  }
  if (text.includes('\0')) return undefined
  if (file.lfs === undefined) await countText(hub, ctx, permit, file)
  return text
}
