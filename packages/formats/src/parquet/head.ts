/** The beginning of a Parquet file: its schema and first rows, by ranges, from its end. However large the file is, little of it is read. */
import { FormatError } from '../error.ts'
import { cellText } from './cell.ts'
import { emptyColumn, type ParquetSource, readColumn } from './column.ts'
import { type Footer, footerLength, parseFooter, tailBytes } from './footer.ts'
import { assembleRows } from './rows.ts'
import { type SchemaNode, typeWords } from './schema.ts'

export type { ParquetSource } from './column.ts'

export interface HeadColumn {
  readonly name: string
  readonly type: string
  readonly isNumber: boolean
  /** Why its values are not shown; undefined where they are. */
  readonly problem: string | undefined
  /** Null for nothing. Empty where they are not shown. */
  readonly cells: readonly (string | null)[]
}

export interface ParquetHead {
  readonly rows: number
  readonly groups: number
  readonly createdBy: string
  readonly metadata: readonly { readonly key: string; readonly value: string }[]
  /** Those whose values were read first; the names and types of others follow in `others`. */
  readonly columns: readonly HeadColumn[]
  readonly others: readonly { readonly name: string; readonly type: string }[]
  readonly columnCount: number
  readonly shownRows: number
  readonly readBytes: number
}

export interface HeadLimits {
  readonly rowsMax: number
  readonly columnsMax: number
  /** Of all that is read of the file. */
  readonly bytesMax: number
}

const firstTailBytes = 64 * 1024
const othersMax = 2_000
const atOnce = 4

/** Counts what is read, refuses what is too much, and keeps the end of the file, where small files lie whole. */
const bounded = (source: ParquetSource, bytesMax: number) => {
  let readBytes = 0
  let kept: { start: number; bytes: Uint8Array } | undefined
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    if (start < 0 || end > source.sizeBytes || start > end) {
      throw new FormatError(
        `Bytes ${start} to ${end} of a file of ${source.sizeBytes} are asked for.`,
      )
    }
    if (kept !== undefined && start >= kept.start) {
      return kept.bytes.subarray(start - kept.start, end - kept.start)
    }
    readBytes += end - start
    if (readBytes > bytesMax) {
      throw new FormatError(`Its first rows take more than the ${bytesMax} bytes read of a file.`)
    }
    return source.read(start, end)
  }
  return {
    sizeBytes: source.sizeBytes,
    read,
    async keepTail() {
      const start = Math.max(0, source.sizeBytes - firstTailBytes)
      kept = { start, bytes: await read(start, source.sizeBytes) }
    },
    readBytes: () => readBytes,
  }
}

const readFooter = async (source: ParquetSource): Promise<Footer> => {
  const { sizeBytes } = source
  if (sizeBytes < tailBytes + 4) {
    throw new FormatError(`This is no Parquet file: it has ${sizeBytes} bytes.`)
  }
  const tail = await source.read(sizeBytes - tailBytes, sizeBytes)
  const length = footerLength(tail, sizeBytes)
  const dataEnd = sizeBytes - tailBytes - length
  return parseFooter(await source.read(dataEnd, dataEnd + length), dataEnd)
}

const numbers: ReadonlySet<string | undefined> = new Set(['decimal', 'integer', 'float16'])

const isNumber = ({ type, meaning, repetition }: SchemaNode): boolean =>
  repetition !== 'repeated' &&
  type !== undefined &&
  (numbers.has(meaning?.kind) ||
    (meaning === undefined && ['INT32', 'INT64', 'FLOAT', 'DOUBLE'].includes(type)))

/** The cells of one column of the table. */
const readCells = async (
  source: ParquetSource,
  footer: Footer,
  node: SchemaNode,
  rowsMax: number,
): Promise<(string | null)[]> => {
  const columns = []
  let rows = rowsMax
  for (let leaf = node.leaves[0]; leaf < node.leaves[1]; leaf += 1) {
    const schema = footer.leaves[leaf]
    if (schema === undefined) continue
    const column = emptyColumn(schema)
    for (const { chunks, rows: groupRows } of footer.groups) {
      const chunk = chunks[leaf]
      if (chunk === undefined || column.rows >= rowsMax || groupRows === 0) continue
      await readColumn(source, column, chunk, { rowsMax, groupRows })
    }
    rows = Math.min(rows, column.rows)
    columns.push(column)
  }
  return assembleRows(node, columns, rows).map(cellText)
}

const readOne = async (
  source: ParquetSource,
  footer: Footer,
  node: SchemaNode,
  rowsMax: number,
): Promise<HeadColumn> => {
  const about = { name: node.name, type: typeWords(node), isNumber: isNumber(node) }
  try {
    const cells = await readCells(source, footer, node, rowsMax)
    return { ...about, problem: undefined, cells }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return { ...about, problem: error.message, cells: [] }
  }
}

/**
 * Errors: `FormatError` for what is no Parquet file or cannot be read as a whole; what is wrong with one column stands at that column. Errors of the
 * source pass through.
 */
export const readParquetHead = async (
  source: ParquetSource,
  { rowsMax, columnsMax, bytesMax }: HeadLimits,
): Promise<ParquetHead> => {
  const within = bounded(source, bytesMax)
  await within.keepTail()
  const footer = await readFooter(within)
  const tops = footer.schema.children
  const columns: HeadColumn[] = []
  for (let at = 0; at < Math.min(columnsMax, tops.length); at += atOnce) {
    const some = tops.slice(at, Math.min(at + atOnce, columnsMax))
    const read = some.map((node) => readOne(within, footer, node, Math.min(rowsMax, footer.rows)))
    columns.push(...(await Promise.all(read)))
  }
  return {
    rows: footer.rows,
    groups: footer.groupCount,
    createdBy: footer.createdBy,
    metadata: footer.metadata,
    columns,
    others: tops
      .slice(columnsMax, columnsMax + othersMax)
      .map((node) => ({ name: node.name, type: typeWords(node) })),
    columnCount: tops.length,
    shownRows: Math.max(0, ...columns.map(({ cells }) => cells.length)),
    readBytes: within.readBytes(),
  }
}
