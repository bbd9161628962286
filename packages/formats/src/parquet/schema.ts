/** The columns of a file: a tree whose leaves hold values (parquet.thrift, SchemaElement). */
import { FormatError } from '../error.ts'
import type { ThriftReader } from './thrift.ts'

const physicalTypes = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
] as const
export type PhysicalType = (typeof physicalTypes)[number]

export type TimeUnit = 'ms' | 'us' | 'ns'

/** What the values mean; undefined where they mean what they are. */
export type Meaning =
  | { readonly kind: 'string' | 'json' | 'uuid' | 'float16' | 'date' | 'list' | 'map' }
  | { readonly kind: 'decimal'; readonly scale: number; readonly precision: number }
  | { readonly kind: 'integer'; readonly bits: number; readonly isSigned: boolean }
  | { readonly kind: 'time'; readonly unit: TimeUnit }
  | { readonly kind: 'timestamp'; readonly unit: TimeUnit; readonly isUtc: boolean }

export interface SchemaNode {
  readonly name: string
  readonly repetition: 'required' | 'optional' | 'repeated'
  /** Undefined for a group. */
  readonly type: PhysicalType | undefined
  /** Bytes of each value of a FIXED_LEN_BYTE_ARRAY. */
  readonly fixedBytes: number
  readonly meaning: Meaning | undefined
  readonly children: readonly SchemaNode[]
  /** Levels at which a value of this node is there, and is one of several. */
  readonly definition: number
  readonly repeats: number
  /** Of the leaves below it: the first, and one past the last, counted through the file. */
  readonly leaves: readonly [first: number, end: number]
}

interface Element {
  name: string
  type: PhysicalType | undefined
  fixedBytes: number
  repetition: SchemaNode['repetition']
  childCount: number
  converted: number | undefined
  scale: number
  precision: number
  logical: Meaning | undefined
}

const elementsMax = 20_000
const depthMax = 24
const repetitions = ['required', 'optional', 'repeated'] as const

const readUnit = (thrift: ThriftReader, type: number): TimeUnit => {
  let unit: TimeUnit = 'ms'
  const pick = (found: TimeUnit) => (inner: number) => {
    unit = found
    thrift.skip(inner)
  }
  thrift.struct(type, { 1: pick('ms'), 2: pick('us'), 3: pick('ns') })
  return unit
}

const simple: Readonly<
  Record<number, 'string' | 'map' | 'list' | 'date' | 'json' | 'uuid' | 'float16'>
> = {
  1: 'string',
  2: 'map',
  3: 'list',
  4: 'string',
  6: 'date',
  12: 'json',
  14: 'uuid',
  15: 'float16',
}

const readTime = (thrift: ThriftReader, type: number) => {
  let isUtc = false
  let unit: TimeUnit = 'ms'
  thrift.struct(type, {
    1: (inner) => (isUtc = thrift.bool(inner)),
    2: (inner) => (unit = readUnit(thrift, inner)),
  })
  return { isUtc, unit }
}

const readLogical = (thrift: ThriftReader, type: number): Meaning | undefined => {
  let found: Meaning | undefined
  const fields: Record<number, (inner: number) => void> = {
    5: (inner) => {
      let [scale, precision] = [0, 0]
      thrift.struct(inner, {
        1: (at) => (scale = thrift.int(at)),
        2: (at) => (precision = thrift.int(at)),
      })
      found = { kind: 'decimal', scale, precision }
    },
    7: (inner) => (found = { kind: 'time', unit: readTime(thrift, inner).unit }),
    8: (inner) => (found = { kind: 'timestamp', ...readTime(thrift, inner) }),
    10: (inner) => {
      let [bits, isSigned] = [0, true]
      thrift.struct(inner, {
        1: (at) => (bits = thrift.int(at)),
        2: (at) => (isSigned = thrift.bool(at)),
      })
      found = { kind: 'integer', bits, isSigned }
    },
  }
  for (const [id, kind] of Object.entries(simple)) {
    fields[Number(id)] = (inner) => {
      found = { kind }
      thrift.skip(inner)
    }
  }
  thrift.struct(type, fields)
  return found
}

const readElement = (thrift: ThriftReader, type: number): Element => {
  const found: Element = {
    name: '',
    type: undefined,
    fixedBytes: 0,
    repetition: 'required',
    childCount: 0,
    converted: undefined,
    scale: 0,
    precision: 0,
    logical: undefined,
  }
  thrift.struct(type, {
    1: (at) => {
      const number = thrift.int(at)
      found.type = physicalTypes[number]
      if (found.type === undefined) throw new FormatError(`There is no type ${number} of values.`)
    },
    2: (at) => (found.fixedBytes = thrift.int(at)),
    3: (at) => (found.repetition = repetitions[thrift.int(at)] ?? 'required'),
    4: (at) => (found.name = thrift.text(at)),
    5: (at) => (found.childCount = thrift.int(at)),
    6: (at) => (found.converted = thrift.int(at)),
    7: (at) => (found.scale = thrift.int(at)),
    8: (at) => (found.precision = thrift.int(at)),
    10: (at) => (found.logical = readLogical(thrift, at)),
  })
  return found
}

const unsignedFrom = 11
const signedFrom = 15

/** Of the older field, which names fewer things. */
const meaningOf = ({ converted, logical, scale, precision }: Element): Meaning | undefined => {
  if (logical !== undefined || converted === undefined) return logical
  if (converted === 0 || converted === 4) return { kind: 'string' }
  if (converted === 1 || converted === 2) return { kind: 'map' }
  if (converted === 3) return { kind: 'list' }
  if (converted === 5) return { kind: 'decimal', scale, precision }
  if (converted === 6) return { kind: 'date' }
  if (converted === 7 || converted === 8)
    return { kind: 'time', unit: converted === 7 ? 'ms' : 'us' }
  if (converted === 9 || converted === 10) {
    return { kind: 'timestamp', unit: converted === 9 ? 'ms' : 'us', isUtc: true }
  }
  if (converted >= unsignedFrom && converted < signedFrom) {
    return { kind: 'integer', bits: 8 * 2 ** (converted - unsignedFrom), isSigned: false }
  }
  if (converted >= signedFrom && converted < signedFrom + 4) {
    return { kind: 'integer', bits: 8 * 2 ** (converted - signedFrom), isSigned: true }
  }
  return converted === 19 ? { kind: 'json' } : undefined
}

/** Reads the flat list of elements, as it stands in the footer, depth first, and makes the tree of it. */
export const readSchema = (thrift: ThriftReader, type: number): SchemaNode => {
  const elements: Element[] = []
  const count = thrift.list(type, elementsMax, (inner) => elements.push(readElement(thrift, inner)))
  if (count > elementsMax) {
    throw new FormatError(`The schema has ${count} parts: more than the ${elementsMax} read here.`)
  }
  let next = 0
  let leaf = 0
  const grow = (depth: number, definition: number, repeats: number): SchemaNode => {
    const element = elements[next]
    if (element === undefined) throw new FormatError('The schema ends before its groups are full.')
    if (depth > depthMax) throw new FormatError(`The schema is more than ${depthMax} groups deep.`)
    next += 1
    const { childCount, fixedBytes, name, repetition, type: physical } = element
    const isRoot = depth === 0
    const own = {
      definition: definition + (isRoot || repetition === 'required' ? 0 : 1),
      repeats: repeats + (!isRoot && repetition === 'repeated' ? 1 : 0),
    }
    const first = leaf
    const children: SchemaNode[] = []
    for (let at = 0; at < childCount; at += 1) {
      children.push(grow(depth + 1, own.definition, own.repeats))
    }
    if (childCount < 0 || (children.length === 0) !== (physical !== undefined)) {
      if (!isRoot) throw new FormatError(`"${name}" is neither a column nor a group of some.`)
    }
    if (physical === 'FIXED_LEN_BYTE_ARRAY' && fixedBytes <= 0) {
      throw new FormatError(`"${name}" has values of a fixed length, and does not say which.`)
    }
    if (physical !== undefined) leaf += 1
    const meaning = meaningOf(element)
    return {
      name,
      repetition,
      type: physical,
      fixedBytes,
      meaning,
      children,
      ...own,
      leaves: [first, leaf],
    }
  }
  const root = grow(0, 0, 0)
  if (next !== elements.length)
    throw new FormatError('The schema has parts that belong to no group.')
  return root
}

/** In the order of the file. */
export const leavesOf = (node: SchemaNode): SchemaNode[] =>
  node.type === undefined ? node.children.flatMap(leavesOf) : [node]

const bare: Readonly<Record<PhysicalType, string>> = {
  BOOLEAN: 'bool',
  INT32: 'int32',
  INT64: 'int64',
  INT96: 'timestamp[ns]',
  FLOAT: 'float',
  DOUBLE: 'double',
  BYTE_ARRAY: 'binary',
  FIXED_LEN_BYTE_ARRAY: 'binary',
}

/** The one thing that a list is of, below the group that the format puts between. */
export const itemOf = (node: SchemaNode): SchemaNode | undefined => {
  const [middle, other] = node.children
  if (node.meaning?.kind !== 'list' || middle === undefined || other !== undefined) return undefined
  if (middle.repetition !== 'repeated') return undefined
  const [item, more] = middle.children
  const isWrapped = item !== undefined && more === undefined && middle.name !== 'array'
  return isWrapped && middle.name !== `${node.name}_tuple` ? item : middle
}

const leafWords = ({ type, meaning, fixedBytes }: SchemaNode): string => {
  if (meaning === undefined) {
    return `${bare[type ?? 'BYTE_ARRAY']}${type === 'FIXED_LEN_BYTE_ARRAY' ? `[${fixedBytes}]` : ''}`
  }
  switch (meaning.kind) {
    case 'decimal':
      return `decimal(${meaning.precision}, ${meaning.scale})`
    case 'integer':
      return `${meaning.isSigned ? 'int' : 'uint'}${meaning.bits}`
    case 'time':
      return `time[${meaning.unit}]`
    case 'timestamp':
      return `timestamp[${meaning.unit}${meaning.isUtc ? ', UTC' : ''}]`
    default:
      return meaning.kind
  }
}

const wordsCharsMax = 400

/** `list<struct<text: string, label: int64>>`, as people who made the file know it. */
export const typeWords = (node: SchemaNode): string => {
  const inner = (one: SchemaNode): string => {
    if (one.type !== undefined) return leafWords(one)
    const item = itemOf(one)
    if (item !== undefined) return `list<${item === one.children[0] ? inner(item) : words(item)}>`
    const [key, value] = one.meaning?.kind === 'map' ? (one.children[0]?.children ?? []) : []
    if (key !== undefined && value !== undefined) return `map<${words(key)}, ${words(value)}>`
    const parts: string[] = []
    let length = 0
    for (const child of one.children) {
      if (length > wordsCharsMax) break
      const part = `${child.name}: ${words(child)}`
      parts.push(part)
      length += part.length
    }
    return `struct<${parts.join(', ')}>`
  }
  const words = (one: SchemaNode): string =>
    one.repetition === 'repeated' ? `list<${inner(one)}>` : inner(one)
  const found = words(node)
  return found.length > wordsCharsMax ? `${found.slice(0, wordsCharsMax)}…` : found
}
