/**
 * The header of a safetensors file: which tensors it holds, and where.
 * Source: huggingface/safetensors `README.md` and the checks of its Rust loader, in the loader's order.
 */
import { FormatError } from '../error.ts'
import { scanJson } from './json.ts'

/** Bits of one element, by dtype name as the file spells it. */
const dtypeBits: ReadonlyMap<string, number> = new Map([
  ['BOOL', 8],
  ['U8', 8],
  ['I8', 8],
  ['U16', 16],
  ['I16', 16],
  ['F16', 16],
  ['BF16', 16],
  ['U32', 32],
  ['I32', 32],
  ['F32', 32],
  ['U64', 64],
  ['I64', 64],
  ['F64', 64],
  ['C64', 64],
  ['F8_E4M3', 8],
  ['F8_E5M2', 8],
  ['F8_E8M0', 8],
  ['F8_E4M3FNUZ', 8],
  ['F8_E5M2FNUZ', 8],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
  ['F4', 4],
])

export interface Tensor {
  readonly name: string
  readonly dtype: string
  /** Row-major; empty for a scalar. */
  readonly shape: readonly number[]
  /** Bytes in the data buffer, end exclusive. */
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  /** In order of offset. */
  readonly tensors: readonly Tensor[]
  readonly metadata: ReadonlyMap<string, string>
}

/** The loader's own bound. */
export const headerBytesMax = 100_000_000
const dimensionsMax = 64

/** Length of the JSON that follows the first eight bytes. Errors: FormatError when shorter than those, or larger than the format allows. */
export const headerLengthOf = (first8: Uint8Array): number => {
  if (first8.length < 8) {
    throw new FormatError(
      `A safetensors file starts with 8 bytes of length; found ${first8.length}.`,
    )
  }
  const length = new DataView(first8.buffer, first8.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(headerBytesMax)) {
    throw new FormatError(
      `A safetensors header has at most ${headerBytesMax} bytes; this says ${length}.`,
    )
  }
  return Number(length)
}

const bad = (name: string, what: string): FormatError =>
  new FormatError(`Tensor ${JSON.stringify(name.slice(0, 200))}: ${what}.`)

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const readTensor = (name: string, value: unknown): Tensor => {
  if (!(value instanceof Map)) throw bad(name, 'expected an object')
  const dtype: unknown = value.get('dtype')
  const shape: unknown = value.get('shape')
  const offsets: unknown = value.get('data_offsets')
  if (typeof dtype !== 'string') throw bad(name, 'expected a dtype')
  const bits = dtypeBits.get(dtype)
  if (bits === undefined) throw bad(name, `unknown dtype ${JSON.stringify(dtype.slice(0, 40))}`)
  if (!Array.isArray(shape) || shape.length > dimensionsMax || !shape.every(isCount)) {
    throw bad(name, `expected a shape of at most ${dimensionsMax} whole numbers`)
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw bad(name, 'expected two data_offsets')
  }
  const [begin = 0, end = 0] = offsets
  const sizeBits = shape.reduce((product, size) => product * BigInt(size), BigInt(bits))
  if (sizeBits % 8n !== 0n || sizeBits / 8n !== BigInt(end) - BigInt(begin)) {
    throw bad(name, `its shape needs ${sizeBits} bits, its offsets span ${end - begin} bytes`)
  }
  return { name, dtype, shape, begin, end }
}

const readMetadata = (value: unknown): Map<string, string> => {
  const metadata = new Map<string, string>()
  if (value === undefined) return metadata
  if (!(value instanceof Map)) throw new FormatError('"__metadata__" should be an object.')
  for (const [key, text] of value) {
    if (typeof text !== 'string') throw new FormatError('"__metadata__" should hold strings only.')
    metadata.set(String(key), text)
  }
  return metadata
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decode = (json: Uint8Array): string => {
  try {
    return strict.decode(json)
  } catch {
    throw new FormatError('The safetensors header is not UTF-8.')
  }
}

/**
 * Reads the JSON after the first eight bytes. With `fileSize` the data must fill the file exactly.
 * Stricter than the loader in one point: a name twice is an error, because readers would see different models.
 * Errors: FormatError. Time and memory grow with the header's length only.
 */
export const parseSafetensorsHeader = (json: Uint8Array, fileSize?: number): SafetensorsHeader => {
  const root = scanJson(decode(json))
  if (!(root instanceof Map)) throw new FormatError('A safetensors header should be an object.')
  const metadata = readMetadata(root.get('__metadata__'))
  const tensors: Tensor[] = []
  for (const [name, value] of root) {
    if (name !== '__metadata__') tensors.push(readTensor(name, value))
  }
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let at = 0
  for (const tensor of tensors) {
    if (tensor.begin !== at) throw bad(tensor.name, `starts at byte ${tensor.begin}, not at ${at}`)
    at = tensor.end
  }
  if (fileSize !== undefined && 8 + json.length + at !== fileSize) {
    throw new FormatError(
      `The header describes ${at} bytes of data; the file has ${fileSize - 8 - json.length}.`,
    )
  }
  return { tensors, metadata }
}

/**
 * Parameters by dtype and in all, as the Hugging Face Hub counts them for an unquantised model: scalars and exponent-only dtypes are left
 * out.
 */
export const parameterCounts = (
  header: SafetensorsHeader,
): { parameters: Record<string, number>; total: number } => {
  const counts = new Map<string, number>()
  let total = 0
  for (const { dtype, shape } of header.tensors) {
    if (shape.length === 0 || dtype === 'F8_E8M0') continue
    const count = shape.reduce((product, size) => product * size, 1)
    counts.set(dtype, (counts.get(dtype) ?? 0) + count)
    total += count
  }
  return { parameters: Object.fromEntries(counts), total }
}

export interface NewTensor {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** Head of a file that holds these tensors in this order: length and JSON, padded with spaces to 8 bytes. The data follows it. */
export const formatSafetensorsHead = (
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => {
  const entries: [string, unknown][] =
    Object.keys(metadata).length === 0 ? [] : [['__metadata__', metadata]]
  let at = 0
  for (const { name, dtype, shape, data } of tensors) {
    entries.push([name, { dtype, shape, data_offsets: [at, at + data.length] }])
    at += data.length
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const length = Math.ceil(json.length / 8) * 8
  const head = new Uint8Array(8 + length).fill(0x20)
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true)
  head.set(json, 8)
  return head
}
