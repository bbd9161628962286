/** The end of a file: what is in it and where (parquet.thrift, FileMetaData). */
import { FormatError } from '../error.ts'
import { leavesOf, readSchema, type SchemaNode } from './schema.ts'
import { NeedMore, ThriftReader, thriftTypes } from './thrift.ts'

/** Bytes at the very end: the length of the footer, and four letters. */
export const tailBytes = 8
const footerBytesMax = 16 * 1024 * 1024
/** Groups beyond these are counted, not read: their rows are not the first. */
const groupsMax = 16
const metadataMax = 100
const metadataCharsMax = 2_000

/** The values of one column in one group. */
export interface Chunk {
  readonly codec: number
  /** Where its first page begins. */
  readonly start: number
  readonly end: number
}

export interface RowGroup {
  readonly rows: number
  /** One for each leaf of the schema, in its order. */
  readonly chunks: readonly Chunk[]
}

export interface Footer {
  readonly rows: number
  readonly schema: SchemaNode
  readonly leaves: readonly SchemaNode[]
  readonly groups: readonly RowGroup[]
  readonly groupCount: number
  readonly createdBy: string
  readonly metadata: readonly { readonly key: string; readonly value: string }[]
}

/** Bytes of the footer before the tail. Errors: `FormatError` for what is no Parquet file, or one that cannot be read. */
export const footerLength = (tail: Uint8Array, sizeBytes: number): number => {
  const magic = new TextDecoder('latin1').decode(tail.subarray(4))
  if (magic === 'PARE') throw new FormatError('The footer of this file is encrypted.')
  if (tail.length !== tailBytes || magic !== 'PAR1') {
    throw new FormatError(
      'This is no Parquet file, or its end is missing: it does not end with "PAR1".',
    )
  }
  const length = new DataView(tail.buffer, tail.byteOffset, tailBytes).getUint32(0, true)
  if (length === 0 || length > sizeBytes - tailBytes - 4) {
    throw new FormatError(`The footer says it has ${length} bytes, of a file of ${sizeBytes}.`)
  }
  if (length > footerBytesMax) {
    throw new FormatError(
      `The footer has ${length} bytes: more than the ${footerBytesMax} read here.`,
    )
  }
  return length
}

const readChunk = (thrift: ThriftReader, type: number, dataEnd: number): Chunk => {
  let codec = 0
  let length = 0
  let data = 0
  let dictionary = 0
  let isElsewhere = false
  let isThere = false
  thrift.struct(type, {
    1: (at) => (isElsewhere = thrift.binary(at).length > 0),
    3: (at) => {
      isThere = true
      thrift.struct(at, {
        4: (inner) => (codec = thrift.int(inner)),
        7: (inner) => (length = thrift.int(inner)),
        9: (inner) => (data = thrift.int(inner)),
        11: (inner) => (dictionary = thrift.int(inner)),
      })
    },
  })
  if (isElsewhere) throw new FormatError('The values of this file are in another file.')
  if (!isThere) throw new FormatError('A column is encrypted, or does not say where it is.')
  const start = dictionary > 0 ? Math.min(dictionary, data) : data
  const end = start + length
  if (start < 4 || length < 0 || end > dataEnd) {
    throw new FormatError(`A column lies at bytes ${start} to ${end}, outside of the data.`)
  }
  return { codec, start, end }
}

const readGroup = (
  thrift: ThriftReader,
  type: number,
  { leafCount, dataEnd }: { leafCount: number; dataEnd: number },
): RowGroup => {
  const chunks: Chunk[] = []
  let rows = 0
  let count = 0
  thrift.struct(type, {
    1: (at) => {
      count = thrift.list(at, leafCount, (inner) => chunks.push(readChunk(thrift, inner, dataEnd)))
    },
    3: (at) => (rows = thrift.int(at)),
  })
  if (count !== leafCount) {
    throw new FormatError(`A group of rows has ${count} columns, the schema ${leafCount}.`)
  }
  if (rows < 0) throw new FormatError(`A group says it has ${rows} rows.`)
  return { rows, chunks }
}

const cut = (text: string): string =>
  text.length > metadataCharsMax ? `${text.slice(0, metadataCharsMax)}…` : text

const readPair = (thrift: ThriftReader, type: number) => {
  let key = ''
  let value = ''
  thrift.struct(type, {
    1: (at) => (key = cut(thrift.text(at))),
    2: (at) => (value = cut(thrift.text(at))),
  })
  return { key, value }
}

const read = (thrift: ThriftReader, dataEnd: number): Footer => {
  let schema: SchemaNode | undefined
  let leaves: SchemaNode[] = []
  const groups: RowGroup[] = []
  const metadata: { key: string; value: string }[] = []
  let rows = 0
  let groupCount = 0
  let createdBy = ''
  thrift.struct(thriftTypes.struct, {
    2: (at) => {
      schema = readSchema(thrift, at)
      leaves = leavesOf(schema)
    },
    3: (at) => (rows = thrift.int(at)),
    4: (at) => {
      const size = { leafCount: leaves.length, dataEnd }
      groupCount = thrift.list(at, groupsMax, (inner) =>
        groups.push(readGroup(thrift, inner, size)),
      )
    },
    5: (at) => {
      thrift.list(at, metadataMax, (inner) => metadata.push(readPair(thrift, inner)))
    },
    6: (at) => (createdBy = cut(thrift.text(at))),
  })
  if (schema === undefined) throw new FormatError('The footer holds no schema.')
  if (rows < 0) throw new FormatError(`The file says it has ${rows} rows.`)
  return { rows, schema, leaves, groups, groupCount, createdBy, metadata }
}

/** `bytes` is the footer alone; `dataEnd` is where it begins in the file. */
export const parseFooter = (bytes: Uint8Array, dataEnd: number): Footer => {
  try {
    return read(new ThriftReader(bytes), dataEnd)
  } catch (error) {
    if (error instanceof NeedMore) {
      throw new FormatError('The footer is cut off: it ends inside of a structure.')
    }
    throw error
  }
}
