/** Git LFS pointer files. Source: git-lfs `docs/spec.md`. */
import { isSha256, type Sha256 } from '../digest/digest.ts'

export interface Pointer {
  readonly sha256: Sha256
  /** Of the file the pointer stands for. */
  readonly sizeBytes: number
}

/** Longer blobs are never pointers. */
const pointerBytesMax = 1024

const strict = new TextDecoder('utf-8', { fatal: true })
const versions = new Set([
  'version https://git-lfs.github.com/spec/v1',
  'version https://hawser.github.com/spec/v1',
])

/** Undefined when the bytes are no pointer. */
export const parsePointer = (bytes: Uint8Array): Pointer | undefined => {
  if (bytes.length > pointerBytesMax || bytes[0] !== 0x76) return undefined
  let text: string
  try {
    text = strict.decode(bytes)
  } catch {
    return undefined
  }
  const [version, ...lines] = text.split(/\r?\n/)
  if (version === undefined || !versions.has(version)) return undefined
  const value = (key: string): string | undefined =>
    lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1)
  const oid = /^sha256:(.*)$/.exec(value('oid') ?? '')?.[1]
  const size = value('size')
  if (oid === undefined || !isSha256(oid) || size === undefined) return undefined
  const sizeBytes = /^\d{1,16}$/.test(size) ? Number(size) : Number.NaN
  return Number.isSafeInteger(sizeBytes) ? { sha256: oid, sizeBytes } : undefined
}

const encoder = new TextEncoder()

/** The text git-lfs would write, byte for byte. */
export const formatPointer = (pointer: Pointer): Uint8Array =>
  encoder.encode(
    `version https://git-lfs.github.com/spec/v1\noid sha256:${pointer.sha256}\nsize ${pointer.sizeBytes}\n`,
  )
