/** The header of a file of weights: its tensors by layer, its metadata. Only rows in sight are in the page. */
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronRight, ListFilter } from 'lucide-react'
import { type UIEvent, useDeferredValue, useMemo, useState } from 'react'
import { Segmented } from '../../parts/Segmented.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { DenyPanel } from '../../parts/DenyPanel.tsx'
import { ApiError } from '@weighhouse/contract/client.ts'
import { Amount, Size } from '../../parts/Time.tsx'
import { grouped, plainName, sizeWords } from '../../parts/words.ts'
import { type FileView, type Repo, type Tensors, tensorsQuery } from '../data.ts'
import { MetadataList } from './MetadataList.tsx'
import {
  filterTensors,
  groupTensors,
  type TensorGroup,
  type TensorRow,
  valuesOf,
} from './tensors.ts'

type Form = 'grouped' | 'flat' | 'size'

const forms = [
  { value: 'grouped', label: 'Grouped' },
  { value: 'flat', label: 'Flat' },
  { value: 'size', label: 'By size' },
] as const

type Row =
  | { readonly kind: 'group'; readonly group: TensorGroup; readonly isOpen: boolean }
  | { readonly kind: 'tensor'; readonly tensor: TensorRow; readonly isInside: boolean }

const rowHeight = 30
const spare = 20
const openFirst = 3

const rowsOf = (
  tensors: readonly TensorRow[],
  form: Form,
  closed: ReadonlySet<string>,
  isFiltered: boolean,
): Row[] => {
  if (form === 'flat') return tensors.map((tensor) => ({ kind: 'tensor', tensor, isInside: false }))
  if (form === 'size') {
    return tensors
      .toSorted((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0))
      .map((tensor) => ({ kind: 'tensor', tensor, isInside: false }))
  }
  let layers = 0
  return groupTensors(tensors).flatMap((group): Row[] => {
    const inside = group.tensors.map((tensor): Row => ({
      kind: 'tensor',
      tensor,
      isInside: group.name !== '',
    }))
    if (group.name === '') return inside
    layers += 1
    // The first layers stand open, the others look the same: pressing one turns it over.
    const isOpen = (layers <= openFirst || isFiltered) !== closed.has(group.name)
    return [{ kind: 'group', group, isOpen }, ...(isOpen ? inside : [])]
  })
}

const columns =
  'grid grid-cols-[minmax(0,1fr)_64px_150px_90px_90px] items-center gap-3 px-4 max-md:grid-cols-[minmax(0,1fr)_56px_80px]'

const TensorLine = ({
  tensor,
  isInside,
}: {
  readonly tensor: TensorRow
  readonly isInside: boolean
}) => (
  <div
    role="row"
    className={`${columns} h-[30px] border-b border-line font-mono text-code hover:bg-hover`}
    dir="ltr"
    translate="no"
  >
    <span
      role="cell"
      className={`truncate ${isInside ? 'ps-6' : ''}`}
      title={`${tensor.name}, bytes ${grouped(tensor.beginBytes)} on`}
    >
      {plainName(tensor.name)}
    </span>
    <span role="cell" className="text-ink-2">
      {tensor.dtype}
    </span>
    <span role="cell" className="truncate max-md:hidden">
      {tensor.shape.length === 0 ? 'scalar' : tensor.shape.join(' × ')}
    </span>
    <span role="cell" className="text-end font-sans max-md:hidden">
      <Amount value={valuesOf(tensor)} />
    </span>
    <span role="cell" className="text-end font-sans">
      {tensor.sizeBytes === null ? '' : <Size bytes={tensor.sizeBytes} />}
    </span>
  </div>
)

const GroupLine = ({
  group,
  isOpen,
  onTurn,
}: {
  readonly group: TensorGroup
  readonly isOpen: boolean
  readonly onTurn: () => void
}) => (
  <div role="row" className={`${columns} h-[30px] border-b border-line bg-page text-dense`}>
    <span role="cell" className="min-w-0">
      <button
        type="button"
        onClick={onTurn}
        aria-expanded={isOpen}
        className="flex h-[29px] w-full min-w-0 cursor-pointer items-center gap-1.5"
      >
        {isOpen ? (
          <ChevronDown size={14} strokeWidth={2} aria-hidden />
        ) : (
          <ChevronRight size={14} strokeWidth={2} aria-hidden />
        )}
        <code className="truncate text-code font-medium" dir="ltr">
          {group.name}
        </code>
        <span className="text-meta whitespace-nowrap text-ink-3">
          {group.tensors.length} tensors
        </span>
      </button>
    </span>
    <span role="cell" />
    <span role="cell" className="max-md:hidden" />
    <span role="cell" className="text-end max-md:hidden">
      <Amount value={group.values} />
    </span>
    <span role="cell" className="text-end">
      <Size bytes={group.sizeBytes} />
    </span>
  </div>
)

const Table = ({
  rows,
  onTurn,
}: {
  readonly rows: readonly Row[]
  readonly onTurn: (name: string) => void
}) => {
  const [top, setTop] = useState(0)
  const height = Math.min(rows.length, 20) * rowHeight
  const first = Math.max(0, Math.floor(top / rowHeight) - spare)
  const last = Math.min(rows.length, first + Math.ceil(height / rowHeight) + 2 * spare)
  return (
    <div role="table" aria-label="Tensors" aria-rowcount={rows.length + 1}>
      <div role="row" className={`${columns} h-[34px] border-b border-line text-dense text-ink-2`}>
        <span role="columnheader">Tensor</span>
        <span role="columnheader">Type</span>
        <span role="columnheader" className="max-md:hidden">
          Shape
        </span>
        <span role="columnheader" className="text-end max-md:hidden">
          Values
        </span>
        <span role="columnheader" className="text-end">
          Bytes
        </span>
      </div>
      <div
        role="rowgroup"
        tabIndex={0}
        className="overflow-y-auto"
        style={{ maxHeight: height }}
        onScroll={(event: UIEvent<HTMLDivElement>) => setTop(event.currentTarget.scrollTop)}
      >
        <div role="presentation" style={{ height: rows.length * rowHeight }}>
          <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
            {rows
              .slice(first, last)
              .map((row) =>
                row.kind === 'group' ? (
                  <GroupLine
                    key={`group-${row.group.name}`}
                    group={row.group}
                    isOpen={row.isOpen}
                    onTurn={() => onTurn(row.group.name)}
                  />
                ) : (
                  <TensorLine key={row.tensor.name} tensor={row.tensor} isInside={row.isInside} />
                ),
              )}
          </div>
        </div>
      </div>
    </div>
  )
}

const Browser = ({ found }: { readonly found: Tensors }) => {
  const [form, setForm] = useState<Form>('grouped')
  const [filter, setFilter] = useState('')
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const wanted = useDeferredValue(filter)
  const shown = useMemo(() => filterTensors(found.tensors, wanted), [found.tensors, wanted])
  const rows = useMemo(
    () => rowsOf(shown, form, turned, wanted !== ''),
    [shown, form, turned, wanted],
  )
  const values = useMemo(() => shown.reduce((sum, one) => sum + valuesOf(one), 0), [shown])
  const turn = (name: string): void => {
    const next = new Set(turned)
    if (!next.delete(name)) next.add(name)
    setTurned(next)
  }
  return (
    <>
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-4 py-2.5">
        <label className="flex h-[30px] min-w-52 items-center gap-2 rounded-control border border-control px-2.5 focus-within:outline-2 focus-within:outline-focus">
          <ListFilter size={14} strokeWidth={2} className="text-ink-3" aria-hidden />
          <input
            aria-label="Filter tensors"
            placeholder="Name or dtype:bf16"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            className="w-full bg-transparent text-dense outline-none placeholder:text-ink-3"
          />
        </label>
        <Segmented label="Order" options={forms} value={form} onChange={setForm} />
        <span role="status" className="text-meta text-ink-3">
          {grouped(shown.length)} of {grouped(found.total)} tensors, <Amount value={values} />{' '}
          values. Header {sizeWords(found.headerBytes)}.
        </span>
      </div>
      <Table rows={rows} onTurn={turn} />
      <MetadataList label="Metadata" entries={found.metadata} />
    </>
  )
}

export const TensorView = ({ repo, file }: { readonly repo: Repo; readonly file: FileView }) => {
  const { data, error } = useQuery(tensorsQuery(repo, `${file.revision}/${file.path}`))
  if (error !== null) {
    return (
      <div className="p-4">
        {error instanceof ApiError ? (
          <DenyPanel refusal={error} title="The header cannot be read." />
        ) : (
          error.message
        )}
      </div>
    )
  }
  return data === undefined ? <Skeleton rows={12} /> : <Browser found={data} />
}
