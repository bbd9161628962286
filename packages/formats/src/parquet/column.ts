/** The first rows of one column in one group: page after page, until there are enough. */
import { FormatError } from '../error.ts'
import type { Chunk } from './footer.ts'
import { readHybrid } from './hybrid.ts'
import { parsePageHeader, type PageHeader } from './page.ts'
import type { SchemaNode } from './schema.ts'
import { unpackPage } from './unpack.ts'
import { decodeValues, plainValues, type Raw, type Values } from './values.ts'

/** Where the bytes of a file come from: `end` is exclusive, and never beyond the file. */
export interface ParquetSource {
  readonly sizeBytes: number
  read(start: number, end: number): Promise<Uint8Array>
}

/** Triples as the format stores them: a value where `definition` is that of the leaf. */
export interface Column {
  readonly leaf: SchemaNode
  readonly repeats: number[]
  readonly definitions: number[]
  readonly values: (Raw | undefined)[]
  /** Rows that have begun. */
  rows: number
}

const firstBytes = 64 * 1024
const headerBytesMax = 256 * 1024
const pagesMax = 2_000
/** Values of one column; a row of long lists counts as many. */
const valuesMax = 100_000

/** Reads ahead: headers are short and lie before their pages. */
class Window {
  private bytes = new Uint8Array()
  private start = 0
  private readonly source: ParquetSource
  private readonly end: number

  constructor(source: ParquetSource, end: number) {
    this.source = source
    this.end = end
  }

  /** At least `least` bytes from `at`, or all there are. */
  async take(at: number, least: number): Promise<Uint8Array> {
    const end = Math.min(this.end, at + least)
    if (at < this.start || end > this.start + this.bytes.length) {
      const ahead = Math.min(this.end, Math.max(end, at + firstBytes))
      this.bytes = new Uint8Array(await this.source.read(at, ahead))
      this.start = at
      if (this.bytes.length !== ahead - at)
        throw new FormatError('The file ends inside of a column.')
    }
    return this.bytes.subarray(at - this.start)
  }
}

const readHeader = async (window: Window, at: number): Promise<PageHeader> => {
  for (const least of [1, firstBytes, headerBytesMax]) {
    const found = parsePageHeader(await window.take(at, least))
    if (found !== undefined) return found
  }
  throw new FormatError(`A page header at byte ${at} does not end.`)
}

const bitsFor = (level: number): number => (level === 0 ? 0 : 32 - Math.clz32(level))

interface Page {
  readonly repeats: Uint32Array
  readonly definitions: Uint32Array
  readonly body: Uint8Array
}

/** First form: levels stand before the values, each with its length. */
const levelsBefore = (leaf: SchemaNode, bytes: Uint8Array, count: number): Page => {
  let at = 0
  const levels = (level: number): Uint32Array => {
    if (level === 0) return new Uint32Array(count)
    if (at + 4 > bytes.length) throw new FormatError('A page ends inside of its levels.')
    const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true)
    const start = at + 4
    at = start + length
    if (at > bytes.length) throw new FormatError('A page ends inside of its levels.')
    return readHybrid(bytes.subarray(start, at), bitsFor(level), count).values
  }
  const repeats = levels(leaf.repeats)
  const definitions = levels(leaf.definition)
  return { repeats, definitions, body: bytes.subarray(at) }
}

const openPage = async (
  leaf: SchemaNode,
  codec: number,
  header: PageHeader,
  bytes: Uint8Array,
): Promise<Page> => {
  const { levels, sizeBytes, values } = header
  if (levels === undefined)
    return levelsBefore(leaf, await unpackPage(codec, bytes, sizeBytes), values)
  const { repeatBytes, definitionBytes, isPacked } = levels
  const start = repeatBytes + definitionBytes
  if (start > bytes.length) throw new FormatError('A page ends inside of its levels.')
  const read = (level: number, from: number, to: number): Uint32Array =>
    level === 0
      ? new Uint32Array(values)
      : readHybrid(bytes.subarray(from, to), bitsFor(level), values).values
  return {
    repeats: read(leaf.repeats, 0, repeatBytes),
    definitions: read(leaf.definition, repeatBytes, start),
    body: await unpackPage(isPacked ? codec : 0, bytes.subarray(start), sizeBytes - start),
  }
}

/** Adds what a page says to what is there, up to `rowsMax` rows. Answers whether a row beyond them begins. */
const append = (
  column: Column,
  page: Page,
  how: { encoding: number; dictionary: Values | undefined; rowsMax: number },
): boolean => {
  const { leaf, repeats, definitions, values } = column
  let wanted = 0
  let total = 0
  let taken = 0
  let { rows } = column
  let isFull = false
  for (const [index, definition] of page.definitions.entries()) {
    if (definition > leaf.definition) throw new FormatError(`A level of ${definition} cannot be.`)
    if (definition === leaf.definition) total += 1
    if (isFull) continue
    if (page.repeats[index] === 0) {
      if (rows === how.rowsMax) isFull = true
      else rows += 1
    } else if (rows === 0) throw new FormatError('A column begins inside of a row.')
    if (isFull) continue
    if (repeats.length + taken >= valuesMax) {
      throw new FormatError(`Its first rows have more than the ${valuesMax} values read here.`)
    }
    if (definition === leaf.definition) wanted += 1
    taken += 1
  }
  const decoded = decodeValues(leaf, page.body, { ...how, total, wanted })
  let next = 0
  for (let index = 0; index < taken; index += 1) {
    const definition = page.definitions[index] ?? 0
    repeats.push(page.repeats[index] ?? 0)
    definitions.push(definition)
    values.push(definition === leaf.definition ? decoded.at(next) : undefined)
    if (definition === leaf.definition) next += 1
  }
  column.rows = rows
  return isFull
}

/** To be filled group by group. */
export const emptyColumn = (leaf: SchemaNode): Column => ({
  leaf,
  repeats: [],
  definitions: [],
  values: [],
  rows: 0,
})

/**
 * Adds rows of a group to a column, at most `rowsMax` in all. Errors: `FormatError` for what cannot be, what is larger than is read here, and for
 * forms that are not read here.
 */
export const readColumn = async (
  source: ParquetSource,
  column: Column,
  { codec, start, end }: Chunk,
  { rowsMax, groupRows }: { rowsMax: number; groupRows: number },
): Promise<void> => {
  const window = new Window(source, end)
  const most = Math.min(rowsMax, column.rows + groupRows)
  let dictionary: Values | undefined
  let at = start
  // A row of lists may go on in the next page: only what comes after it says that it is over.
  const isOver = (): boolean => column.leaf.repeats === 0 && column.rows === most
  for (let pages = 0; at < end && !isOver(); pages += 1) {
    if (pages >= pagesMax)
      throw new FormatError(`Its first rows lie in more than ${pagesMax} pages.`)
    const header = await readHeader(window, at)
    const { headerBytes, packedBytes, kind } = header
    const next = at + headerBytes + packedBytes
    if (next > end) throw new FormatError(`A page at byte ${at} ends outside of its column.`)
    const found = await window.take(at, headerBytes + packedBytes)
    const bytes = found.subarray(headerBytes, headerBytes + packedBytes)
    at = next
    if (kind === 'dictionary') {
      const plain = await unpackPage(codec, bytes, header.sizeBytes)
      dictionary = plainValues(column.leaf, plain, header.values)
    }
    if (kind !== 'data') continue
    const page = await openPage(column.leaf, codec, header, bytes)
    if (append(column, page, { encoding: header.encoding, dictionary, rowsMax: most })) break
  }
  if (column.rows < most) {
    throw new FormatError(`It has ${column.rows} rows where its group says there are ${most}.`)
  }
}
