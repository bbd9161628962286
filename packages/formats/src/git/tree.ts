/** Git tree objects: names, modes and object ids of one folder. */
import type { GitOid } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { compareBytes, joinBytes, toBytes } from './bytes.ts'

/** Regular file, executable, symbolic link, folder, submodule. */
export type TreeMode = '100644' | '100755' | '120000' | '40000' | '160000'

export interface TreeEntry {
  readonly mode: TreeMode
  readonly name: string
  readonly oid: GitOid
}

const oidBytes = 20
/** `100664` is what very old gits wrote for a regular file. */
const modes: ReadonlyMap<string, TreeMode> = new Map([
  ['100644', '100644'],
  ['100664', '100644'],
  ['100755', '100755'],
  ['120000', '120000'],
  ['40000', '40000'],
  ['040000', '40000'],
  ['160000', '160000'],
])

export const isDirectory = (entry: TreeEntry): boolean => entry.mode === '40000'

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, i) =>
  i.toString(16).padStart(2, '0'),
)

const readOid = (bytes: Uint8Array, at: number): GitOid => {
  let hex = ''
  for (let i = at; i < at + oidBytes; i += 1) hex += hexOf[bytes[i] ?? 0] ?? ''
  // A cast because twenty bytes in hex are just that.
  return hex as GitOid
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const readName = (bytes: Uint8Array): string => {
  try {
    return strict.decode(bytes)
  } catch {
    throw new FormatError('A tree entry has a name that is not UTF-8.')
  }
}

/**
 * Entries in the order stored.
 * Errors: FormatError for anything that is no tree: unknown mode, empty name, a slash in a name, a name that is not UTF-8, missing bytes.
 */
export const parseTree = (bytes: Uint8Array): TreeEntry[] => {
  const entries: TreeEntry[] = []
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    const nul = space === -1 ? -1 : bytes.indexOf(0, space)
    if (space === -1 || space - at > 6 || nul === -1 || nul + 1 + oidBytes > bytes.length) {
      throw new FormatError(`A tree is cut or damaged at byte ${at} of ${bytes.length}.`)
    }
    const found = String.fromCharCode(...bytes.subarray(at, space))
    const mode = modes.get(found)
    if (mode === undefined) throw new FormatError(`A tree entry has the unknown mode "${found}".`)
    const name = readName(bytes.subarray(space + 1, nul))
    if (name === '' || name.includes('/')) {
      throw new FormatError('A tree entry has an empty name or a slash in its name.')
    }
    entries.push({ mode, name, oid: readOid(bytes, nul + 1) })
    at = nul + 1 + oidBytes
  }
  return entries
}

const writeOid = (oid: GitOid): Uint8Array => {
  const bytes = new Uint8Array(oidBytes)
  for (let i = 0; i < oidBytes; i += 1) {
    bytes[i] = Number.parseInt(oid.slice(2 * i, 2 * i + 2), 16)
  }
  return bytes
}

const isBadName = (name: string): boolean =>
  name === '' || name === '.' || name === '..' || /[/\0]/.test(name)

/**
 * A tree as git writes it: sorted by bytes, folders as if their names ended in a slash.
 * Errors: FormatError for a name no tree may hold, and for one name twice.
 */
export const formatTree = (entries: readonly TreeEntry[]): Uint8Array => {
  const keyed = entries.map((entry) => ({
    entry,
    key: toBytes(isDirectory(entry) ? `${entry.name}/` : entry.name),
  }))
  keyed.sort((a, b) => compareBytes(a.key, b.key))
  const seen = new Set<string>()
  const parts: Uint8Array[] = []
  for (const { entry } of keyed) {
    if (isBadName(entry.name) || !entry.name.isWellFormed() || seen.has(entry.name)) {
      throw new FormatError(`A tree cannot hold the name ${JSON.stringify(entry.name)} here.`)
    }
    seen.add(entry.name)
    parts.push(toBytes(`${entry.mode} ${entry.name}\0`), writeOid(entry.oid))
  }
  return joinBytes(parts)
}
