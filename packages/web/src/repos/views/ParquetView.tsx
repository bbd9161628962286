/** The first rows of a Parquet file, and what its columns are. Read here, by ranges: the hub sends no more than that takes. */
import { useQuery } from '@tanstack/react-query'
import { hrefOf } from '../../app/base.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { grouped, plainName, plural, sizeWords } from '../../parts/words.ts'
import { type FileView, type Repo, repoKey } from '../data.ts'
import { toIn } from '../place.ts'
import { MetadataList } from './MetadataList.tsx'
import type { ParquetAnswer, ParquetQuestion } from './parquet-worker.ts'

type Head = Extract<ParquetAnswer, { head: unknown }>['head']
type HeadColumn = Head['columns'][number]

/** A file that takes longer keeps its worker from the page, and tells nothing anybody waits for. */
const patienceMs = 30_000

/** Ends the worker whatever comes of it. */
const ask = async (question: ParquetQuestion, signal: AbortSignal): Promise<ParquetAnswer> => {
  const worker = new Worker(new URL('./parquet-worker.ts', import.meta.url), { type: 'module' })
  const { promise, resolve, reject } = Promise.withResolvers<ParquetAnswer>()
  const fail = (words: string): void => resolve({ failure: words })
  const timer = setTimeout(
    () => fail(`Reading it took more than ${patienceMs / 1_000} seconds.`),
    patienceMs,
  )
  signal.addEventListener('abort', () => reject(signal.reason))
  worker.addEventListener('message', ({ data }: MessageEvent<ParquetAnswer>) => resolve(data))
  worker.addEventListener('error', () => fail('The program that reads it has stopped.'))
  // A worker has no origin to name: that is for windows.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage(question)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    worker.terminate()
  }
}

const HeadCell = ({ column }: { readonly column: HeadColumn }) => (
  <th
    scope="col"
    className={`border-b border-line-2 px-4 py-2 align-top whitespace-nowrap ${column.isNumber ? 'text-end' : 'text-start'}`}
  >
    <span className="block font-semibold">{plainName(column.name)}</span>
    <span className="block max-w-72 truncate text-meta font-normal text-ink-3" title={column.type}>
      {column.type}
    </span>
  </th>
)

const Rows = ({ head: { columns, shownRows } }: { readonly head: Head }) => (
  <div className="max-h-[70dvh] overflow-auto" tabIndex={0} role="region" aria-label="Rows">
    <table className="min-w-full border-collapse text-dense" dir="ltr" translate="no">
      <thead className="sticky top-0 bg-surface">
        <tr>
          {columns.map((column, at) => (
            <HeadCell key={`${at}-${column.name}`} column={column} />
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: shownRows }, (_, row) => (
          // Rows of a file are known by their place in it.
          <tr key={row} className="border-b border-line hover:bg-hover">
            {columns.map(({ cells, isNumber }, at) => {
              const cell = cells[row]
              return (
                <td
                  key={at}
                  className={`max-w-96 truncate px-4 py-1.5 ${isNumber ? 'text-end' : ''}`}
                  title={cell ?? undefined}
                >
                  {cell ?? <span className="text-ink-3">null</span>}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const About = ({ head, sizeBytes }: { readonly head: Head; readonly sizeBytes: number }) => {
  const { rows, shownRows, columns, columnCount, groups, createdBy, readBytes } = head
  const isCut = shownRows < rows
  return (
    <p className="border-t border-line px-4 py-2 text-meta text-ink-3">
      {isCut ? `The first ${grouped(shownRows)} of ` : ''}
      {grouped(rows)} {rows === 1 ? 'row' : 'rows'} in {plural(groups, 'group')},{' '}
      {columns.length < columnCount ? `the first ${columns.length} of ` : ''}
      {plural(columnCount, 'column')}. Read {sizeWords(readBytes)} of {sizeWords(sizeBytes)}
      {createdBy === '' ? '' : `, written by ${plainName(createdBy)}`}.
    </p>
  )
}

const Missing = ({ columns }: { readonly columns: readonly HeadColumn[] }) => {
  const missing = columns.filter(({ problem }) => problem !== undefined)
  if (missing.length === 0) return null
  return (
    <div className="border-b border-line bg-warn-soft px-4 py-2 text-meta text-ink">
      {missing.map(({ name, problem }, at) => (
        <p key={`${at}-${name}`}>
          <code>{plainName(name)}</code> is not shown. {problem}
        </p>
      ))}
    </div>
  )
}

const Shown = ({ head, sizeBytes }: { readonly head: Head; readonly sizeBytes: number }) => (
  <>
    <Missing columns={head.columns} />
    <Rows head={head} />
    <About head={head} sizeBytes={sizeBytes} />
    <MetadataList
      label="Columns that are not read"
      entries={head.others.map(({ name, type }) => ({ key: name, value: type }))}
    />
    <MetadataList label="Metadata" entries={head.metadata} />
  </>
)

export const ParquetView = ({ repo, file }: { readonly repo: Repo; readonly file: FileView }) => {
  const url = new URL(hrefOf(toIn(repo, 'resolve', file.commit, file.path)), document.baseURI).href
  const { data, error } = useQuery({
    queryKey: [...repoKey(repo), 'parquet', file.oid],
    queryFn: ({ signal }) => ask({ url, sizeBytes: file.sizeBytes }, signal),
    staleTime: Infinity,
  })
  if (error !== null) return <Notice words={error.message} />
  if (data === undefined) return <Skeleton rows={12} />
  if ('head' in data) return <Shown head={data.head} sizeBytes={file.sizeBytes} />
  return <Notice words={'problem' in data ? data.problem : data.failure} />
}

const Notice = ({ words }: { readonly words: string }) => (
  <div className="p-4">
    <Banner kind="warn">Its rows cannot be shown. {words} Download it to look inside.</Banner>
  </div>
)
