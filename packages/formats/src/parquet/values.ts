/** The values of a page, each read when it is asked for (Encodings.md). */
import { FormatError } from '../error.ts'
import { readDeltas, readDeltaLengths, readDeltaTexts } from './delta.ts'
import { readHybrid } from './hybrid.ts'
import type { SchemaNode } from './schema.ts'

/** As stored: what it means is the schema's to say. INT96 comes as its twelve bytes. */
export type Raw = number | bigint | boolean | Uint8Array

export interface Values {
  readonly length: number
  at(index: number): Raw
}

const tooShort = () => new FormatError('A page ends inside of its values.')

const widthOf = ({ type, fixedBytes }: SchemaNode): number => {
  if (type === 'INT96') return 12
  if (type === 'FIXED_LEN_BYTE_ARRAY') return fixedBytes
  return type === 'INT32' || type === 'FLOAT' ? 4 : 8
}

/** Reads one value of a fixed width. */
const fixedReader = (leaf: SchemaNode, bytes: Uint8Array): ((at: number) => Raw) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  switch (leaf.type) {
    case 'INT32':
      return (at) => view.getInt32(at, true)
    case 'INT64':
      return (at) => view.getBigInt64(at, true)
    case 'FLOAT':
      return (at) => view.getFloat32(at, true)
    case 'DOUBLE':
      return (at) => view.getFloat64(at, true)
    default:
      return (at) => bytes.subarray(at, at + widthOf(leaf))
  }
}

/** Texts with their lengths before them: where each begins, and ends, is found once. */
const plainTexts = (bytes: Uint8Array, wanted: number): Values => {
  if (wanted * 4 > bytes.length) throw tooShort()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const starts = new Uint32Array(wanted)
  const ends = new Uint32Array(wanted)
  let at = 0
  for (let index = 0; index < wanted; index += 1) {
    if (at + 4 > bytes.length) throw tooShort()
    const start = at + 4
    at = start + view.getUint32(at, true)
    if (at > bytes.length) throw tooShort()
    starts[index] = start
    ends[index] = at
  }
  return { length: wanted, at: (index) => bytes.subarray(starts[index], ends[index]) }
}

/** PLAIN. */
export const plainValues = (leaf: SchemaNode, bytes: Uint8Array, wanted: number): Values => {
  if (leaf.type === 'BYTE_ARRAY') return plainTexts(bytes, wanted)
  if (leaf.type === 'BOOLEAN') {
    if (wanted > bytes.length * 8) throw tooShort()
    return {
      length: wanted,
      at: (index) => (((bytes[Math.floor(index / 8)] ?? 0) >> (index % 8)) & 1) === 1,
    }
  }
  const width = widthOf(leaf)
  if (wanted * width > bytes.length) throw tooShort()
  const read = fixedReader(leaf, bytes)
  return { length: wanted, at: (index) => read(index * width) }
}

const dictionaryValues = (
  bytes: Uint8Array,
  wanted: number,
  dictionary: Values | undefined,
): Values => {
  if (wanted === 0) return { length: 0, at: () => 0 }
  const [width] = bytes
  if (dictionary === undefined)
    throw new FormatError('A page needs a dictionary, and there is none.')
  if (width === undefined) throw tooShort()
  const { values } = readHybrid(bytes.subarray(1), width, wanted)
  return {
    length: wanted,
    at(index) {
      const entry = values[index] ?? 0
      if (entry >= dictionary.length) {
        throw new FormatError(
          `A page asks for entry ${entry} of a dictionary of ${dictionary.length}.`,
        )
      }
      return dictionary.at(entry)
    },
  }
}

/** RLE of true and false: its length stands before it. */
const runsOfBooleans = (bytes: Uint8Array, wanted: number): Values => {
  if (bytes.length < 4) throw tooShort()
  const { values } = readHybrid(bytes.subarray(4), 1, wanted)
  return { length: wanted, at: (index) => values[index] === 1 }
}

/** The first bytes of all values, then the second: floats compress better so. */
const splitValues = (leaf: SchemaNode, bytes: Uint8Array, { total, wanted }: Count): Values => {
  const width = widthOf(leaf)
  if (leaf.type === 'BYTE_ARRAY' || leaf.type === 'BOOLEAN' || leaf.type === 'INT96') {
    throw new FormatError(`Values of the type ${leaf.type} cannot be split by bytes.`)
  }
  if (total * width > bytes.length) throw tooShort()
  return {
    length: wanted,
    at(index) {
      const one = Uint8Array.from({ length: width }, (_, at) => bytes[at * total + index] ?? 0)
      return fixedReader(leaf, one)(0)
    },
  }
}

const deltaValues = (leaf: SchemaNode, bytes: Uint8Array, wanted: number): Values => {
  if (leaf.type !== 'INT32' && leaf.type !== 'INT64') {
    throw new FormatError(`Values of the type ${leaf.type} cannot be differences.`)
  }
  const is32 = leaf.type === 'INT32'
  const { values } = readDeltas(bytes, 0, { wanted, bits: is32 ? 32 : 64 })
  return {
    length: wanted,
    at: (index) => (is32 ? Number(values[index] ?? 0n) : (values[index] ?? 0n)),
  }
}

const listed = (texts: readonly Uint8Array[]): Values => ({
  length: texts.length,
  at: (index) => texts[index] ?? new Uint8Array(),
})

interface Count {
  /** Values that the page has. */
  readonly total: number
  /** The first of them, which are read. */
  readonly wanted: number
}

const names = [
  'PLAIN',
  '',
  'PLAIN_DICTIONARY',
  'RLE',
  'BIT_PACKED',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'DELTA_BYTE_ARRAY',
  'RLE_DICTIONARY',
  'BYTE_STREAM_SPLIT',
]

/** Errors: `FormatError` for what cannot be, and for an encoding that is not read here, by its name. */
export const decodeValues = (
  leaf: SchemaNode,
  bytes: Uint8Array,
  { encoding, dictionary, ...count }: Count & { encoding: number; dictionary: Values | undefined },
): Values => {
  const { wanted } = count
  const name = names[encoding] ?? ''
  const isText = leaf.type === 'BYTE_ARRAY' || leaf.type === 'FIXED_LEN_BYTE_ARRAY'
  switch (name) {
    case 'PLAIN':
      return plainValues(leaf, bytes, wanted)
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return dictionaryValues(bytes, wanted, dictionary)
    case 'BYTE_STREAM_SPLIT':
      return splitValues(leaf, bytes, count)
    case 'DELTA_BINARY_PACKED':
      return deltaValues(leaf, bytes, wanted)
    case 'DELTA_LENGTH_BYTE_ARRAY':
      if (isText) return listed(readDeltaLengths(bytes, 0, count).texts)
      break
    case 'DELTA_BYTE_ARRAY':
      if (isText) return listed(readDeltaTexts(bytes, 0, count))
      break
    case 'RLE':
      if (leaf.type === 'BOOLEAN') return runsOfBooleans(bytes, wanted)
  }
  throw new FormatError(`Its values are encoded as ${name || encoding}, which is not read here.`)
}
