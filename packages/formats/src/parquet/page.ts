/** What stands before each page (parquet.thrift, PageHeader). */
import { FormatError } from '../error.ts'
import { NeedMore, ThriftReader, thriftTypes } from './thrift.ts'

/** Of one page, packed and unpacked. Writers aim at one MB; rows of pictures are larger. */
const pageBytesMax = 16 * 1024 * 1024
const pageValuesMax = 4_000_000

export interface Levels {
  /** Bytes of the levels, apart from the values and never packed: the second form of pages. */
  readonly repeatBytes: number
  readonly definitionBytes: number
  readonly isPacked: boolean
}

export interface PageHeader {
  readonly kind: 'data' | 'dictionary' | 'other'
  readonly headerBytes: number
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly values: number
  readonly encoding: number
  /** Undefined in the first form, where levels stand in the packed bytes. */
  readonly levels: Levels | undefined
}

const bitPacked = 4
const kinds = ['data', 'other', 'dictionary', 'data'] as const

const bounded = (what: string, value: number, most: number): number => {
  if (value < 0) throw new FormatError(`${what} of a page: found ${value}.`)
  if (value > most)
    throw new FormatError(`${what} of a page: ${value}, more than the ${most} read here.`)
  return value
}

const read = (thrift: ThriftReader): PageHeader => {
  const found = { type: -1, size: 0, packed: 0, values: 0, encoding: 0, levelEncoding: 0 }
  let levels: Levels | undefined
  const simple = (at: number): void =>
    thrift.struct(at, {
      1: (inner) => (found.values = thrift.int(inner)),
      2: (inner) => (found.encoding = thrift.int(inner)),
      3: (inner) => (found.levelEncoding = thrift.int(inner)),
    })
  thrift.struct(thriftTypes.struct, {
    1: (at) => (found.type = thrift.int(at)),
    2: (at) => (found.size = thrift.int(at)),
    3: (at) => (found.packed = thrift.int(at)),
    5: simple,
    7: (at) =>
      thrift.struct(at, {
        1: (inner) => (found.values = thrift.int(inner)),
        2: (inner) => (found.encoding = thrift.int(inner)),
      }),
    8: (at) => {
      const second = { repeatBytes: 0, definitionBytes: 0, isPacked: true }
      thrift.struct(at, {
        1: (inner) => (found.values = thrift.int(inner)),
        4: (inner) => (found.encoding = thrift.int(inner)),
        5: (inner) => (second.definitionBytes = thrift.int(inner)),
        6: (inner) => (second.repeatBytes = thrift.int(inner)),
        7: (inner) => (second.isPacked = thrift.bool(inner)),
      })
      levels = second
    },
  })
  if (found.levelEncoding === bitPacked) {
    throw new FormatError('Its levels are BIT_PACKED, an old form that is not read here.')
  }
  if (levels !== undefined) {
    const bytes = levels.repeatBytes + levels.definitionBytes
    if (levels.repeatBytes < 0 || levels.definitionBytes < 0 || bytes > found.size) {
      throw new FormatError(`A page of ${found.size} bytes says that its levels take ${bytes}.`)
    }
  }
  return {
    kind: kinds[found.type] ?? 'other',
    headerBytes: thrift.at,
    packedBytes: bounded('Bytes', found.packed, pageBytesMax),
    sizeBytes: bounded('Unpacked bytes', found.size, pageBytesMax),
    values: bounded('Values', found.values, pageValuesMax),
    encoding: found.encoding,
    levels,
  }
}

/** Undefined when more bytes are needed than are at hand. */
export const parsePageHeader = (bytes: Uint8Array): PageHeader | undefined => {
  try {
    return read(new ThriftReader(bytes))
  } catch (error) {
    if (error instanceof NeedMore) return undefined
    throw error
  }
}
