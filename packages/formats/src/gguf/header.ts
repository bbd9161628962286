/**
 * The header of a GGUF file: its metadata and its tensors. Source: ggml `docs/gguf.md` and what llama.cpp's loader enforces.
 *
 * A loader bug makes a lying header dangerous, so every count is checked against a bound before anything is made for it.
 */
import { FormatError } from '../error.ts'
import { NeedMore, Reader } from './reader.ts'
import { type TensorType, tensorTypes } from './tensor-types.ts'

/** A long array keeps its first values only; `length` is the true one. */
export interface GgufArray {
  readonly length: number
  readonly head: readonly GgufValue[]
}
export type GgufValue = string | number | bigint | boolean | GgufArray

export interface GgufTensor {
  readonly name: string
  /** Fastest dimension first, the reverse of what frameworks print. */
  readonly dims: readonly number[]
  readonly type: TensorType
  /** Bytes from the start of the data, which follows the header padded to the alignment. */
  readonly offset: bigint
}

export interface GgufHeader {
  readonly version: number
  readonly metadata: ReadonlyMap<string, GgufValue>
  readonly tensors: readonly GgufTensor[]
  /** Where tensor data begins in the file. */
  readonly dataOffset: number
}

const tensorsMax = 1_000_000
const keysMax = 100_000
const keyBytesMax = 65_535
const nameBytesMax = 63
const dimsMax = 4
const arrayLengthMax = 2 ** 30
const arrayHeadLength = 64

/** Bytes of fixed-size values by type id, 9 being an array and 8 a string. */
const valueBytes: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 4],
  [5, 4],
  [6, 4],
  [7, 1],
  [10, 8],
  [11, 8],
  [12, 8],
])

const readScalar = (reader: Reader, type: number, key: string): GgufValue => {
  switch (type) {
    case 0:
      return reader.u8()
    case 1:
      return reader.i8()
    case 2:
      return reader.u16()
    case 3:
      return reader.i16()
    case 4:
      return reader.u32()
    case 5:
      return reader.i32()
    case 6:
      return reader.f32()
    case 7:
      return reader.u8() !== 0
    case 8:
      return reader.string(`value of ${JSON.stringify(key)}`)
    case 10:
      return reader.u64()
    case 11:
      return reader.i64()
    case 12:
      return reader.f64()
    default:
      throw new FormatError(`${JSON.stringify(key)} has the unknown value type ${type}.`)
  }
}

const readArray = (reader: Reader, key: string): GgufArray => {
  const type = reader.u32()
  const length = reader.count(`length of ${JSON.stringify(key)}`, arrayLengthMax)
  if (type !== 8 && !valueBytes.has(type)) {
    throw new FormatError(`${JSON.stringify(key)} is an array of the unsupported type ${type}.`)
  }
  const head: GgufValue[] = []
  while (head.length < Math.min(length, arrayHeadLength)) head.push(readScalar(reader, type, key))
  const rest = length - head.length
  const size = valueBytes.get(type)
  if (size !== undefined) reader.skip(rest * size)
  else for (let i = 0; i < rest; i += 1) reader.skipString(JSON.stringify(key))
  return { length, head }
}

const readMetadata = (reader: Reader, count: number): Map<string, GgufValue> => {
  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < count; i += 1) {
    const key = reader.string('a metadata key', keyBytesMax)
    if (key === '') throw new FormatError('A metadata key is empty.')
    if (metadata.has(key))
      throw new FormatError(`The metadata key ${JSON.stringify(key)} comes twice.`)
    const type = reader.u32()
    metadata.set(key, type === 9 ? readArray(reader, key) : readScalar(reader, type, key))
  }
  return metadata
}

const readTensor = (reader: Reader): GgufTensor => {
  const name = reader.string('a tensor name', nameBytesMax)
  const dimCount = reader.u32()
  if (dimCount > dimsMax) {
    throw new FormatError(
      `Tensor ${JSON.stringify(name)} has ${dimCount} dimensions, not up to ${dimsMax}.`,
    )
  }
  const dims: number[] = []
  for (let i = 0; i < dimCount; i += 1) {
    dims.push(reader.count(`a dimension of ${JSON.stringify(name)}`, Number.MAX_SAFE_INTEGER))
  }
  const typeId = reader.u32()
  const type = tensorTypes.get(typeId)
  if (type === undefined) {
    throw new FormatError(
      `Tensor ${JSON.stringify(name)} has the type ${typeId}, which is unknown here.`,
    )
  }
  if ((dims[0] ?? 1) % type.blockElements !== 0) {
    throw new FormatError(
      `Rows of tensor ${JSON.stringify(name)} are no multiple of ${type.blockElements}.`,
    )
  }
  return { name, dims, type, offset: reader.u64() }
}

const elementsOf = (tensor: GgufTensor): bigint =>
  tensor.dims.reduce((product, size) => product * BigInt(size), 1n)

const alignmentOf = (metadata: ReadonlyMap<string, GgufValue>): number => {
  const value = metadata.get('general.alignment') ?? 32
  if (
    Number.isInteger(value) &&
    typeof value === 'number' &&
    value > 0 &&
    value <= 2 ** 30 &&
    (value & (value - 1)) === 0
  ) {
    return value
  }
  throw new FormatError('"general.alignment" should be a power of two.')
}

/** Loaders accept tensors only one behind the other, each at the alignment. */
const checkOffsets = (tensors: readonly GgufTensor[], alignment: bigint): void => {
  let at = 0n
  const names = new Set<string>()
  for (const tensor of tensors) {
    const where = `Tensor ${JSON.stringify(tensor.name)}`
    if (names.has(tensor.name)) throw new FormatError(`${where} comes twice.`)
    names.add(tensor.name)
    if (tensor.offset !== at)
      throw new FormatError(`${where} starts at ${tensor.offset}, not at ${at}.`)
    const { blockBytes, blockElements } = tensor.type
    const size = (elementsOf(tensor) / BigInt(blockElements)) * BigInt(blockBytes)
    if (size >= 2n ** 63n) throw new FormatError(`${where} is too large to exist.`)
    at += ((size + alignment - 1n) / alignment) * alignment
  }
}

const read = (reader: Reader): GgufHeader => {
  if (reader.u32() !== 0x46554747) throw new FormatError('A GGUF file starts with "GGUF".')
  let version = reader.u32()
  if ((version & 0xffff) === 0) {
    reader.isLittleEndian = false
    reader.at -= 4
    version = reader.u32()
  }
  if (version < 1 || version > 3) {
    throw new FormatError(`GGUF version ${version} is unknown; 1 to 3 are read.`)
  }
  reader.isOld = version === 1
  const tensorCount = reader.count('number of tensors', tensorsMax)
  const keyCount = reader.count('number of metadata keys', keysMax)
  const metadata = readMetadata(reader, keyCount)
  const tensors: GgufTensor[] = []
  for (let i = 0; i < tensorCount; i += 1) tensors.push(readTensor(reader))
  const alignment = alignmentOf(metadata)
  checkOffsets(tensors, BigInt(alignment))
  return {
    version,
    metadata,
    tensors,
    dataOffset: Math.ceil(reader.at / alignment) * alignment,
  }
}

/**
 * Reads the header from the first bytes of a file. `need_more` when they end before it does: call again with more of the same file.
 * Errors: FormatError for what no loader would take.
 */
export const parseGgufHeader = (bytes: Uint8Array): GgufHeader | 'need_more' => {
  try {
    return read(new Reader(bytes))
  } catch (error) {
    if (error instanceof NeedMore) return 'need_more'
    throw error
  }
}

export interface GgufSummary {
  /** Parameters in all. */
  readonly total: number
  readonly architecture?: string
  readonly context_length?: number
  readonly chat_template?: string
  readonly bos_token?: string
  readonly eos_token?: string
}

const chatTemplateCharsMax = 100_000

/** What the Hugging Face Hub answers under `gguf`. Token names are absent when they lie beyond the kept head of the vocabulary. */
export const ggufSummary = (header: GgufHeader): GgufSummary => {
  const { metadata } = header
  const text = (key: string): string | undefined => {
    const value = metadata.get(key)
    return typeof value === 'string' && value.length <= chatTemplateCharsMax ? value : undefined
  }
  const token = (key: string): string | undefined => {
    const id = metadata.get(key)
    const tokens = metadata.get('tokenizer.ggml.tokens')
    if (typeof id !== 'number' || typeof tokens !== 'object') return undefined
    const found = tokens.head[id]
    return typeof found === 'string' ? found : undefined
  }
  const architecture = text('general.architecture')
  const context = metadata.get(`${architecture}.context_length`)
  const template = text('tokenizer.chat_template')
  const bos = token('tokenizer.ggml.bos_token_id')
  const eos = token('tokenizer.ggml.eos_token_id')
  return {
    total: Number(header.tensors.reduce((sum, tensor) => sum + elementsOf(tensor), 0n)),
    ...(architecture === undefined ? {} : { architecture }),
    ...(typeof context === 'number' ? { context_length: context } : {}),
    ...(template === undefined ? {} : { chat_template: template }),
    ...(bos === undefined ? {} : { bos_token: bos }),
    ...(eos === undefined ? {} : { eos_token: eos }),
  }
}
