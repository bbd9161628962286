/** The models and data sets that an agreement covers: searched by name, among those of the side that gives. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Field } from '../../parts/Field.tsx'
import type { RepoType } from '../../repos/place.ts'

export interface Covered {
  readonly type: RepoType
  readonly path: string
}

interface PickerProps {
  readonly chosen: readonly Covered[]
  readonly onChange: (chosen: Covered[]) => void
  /** Whose may be chosen; all that one sees where nothing is said. */
  readonly owner: string | undefined
  readonly error: string | undefined
}

const shownMax = 8

const useFound = (q: string, owner: string | undefined) =>
  useQuery({
    queryKey: ['repos', 'picker', q, owner ?? ''],
    queryFn: async () => {
      const ask = { q, limit: shownMax, ...(owner === undefined ? {} : { owner }) }
      const pages = await Promise.all(
        (['model', 'dataset'] as const).map((type) => hub.listRepos({ ...ask, type })),
      )
      return pages.flatMap(({ items }) => items)
    },
    placeholderData: keepPreviousData,
  }).data

const isSame = (one: Covered, other: Covered): boolean =>
  one.type === other.type && one.path === other.path

export const RepoPicker = ({ chosen, onChange, owner, error }: PickerProps) => {
  const [q, setQ] = useState('')
  const found = useFound(q.trim(), owner)
  const rest = (found ?? []).filter((one) => !chosen.some((other) => isSame(one, other)))
  return (
    <div className="flex flex-col gap-3">
      {chosen.length === 0 ? null : (
        <ul
          className="flex flex-col divide-y divide-line rounded-control border border-line-2"
          aria-label="Covered"
        >
          {chosen.map((one) => (
            <li key={`${one.type} ${one.path}`} className="flex items-center gap-2 py-1 ps-3 pe-1">
              <span className="min-w-0 flex-1 truncate">{one.path}</span>
              <span className="text-meta text-ink-3">{one.type}</span>
              <IconButton
                label={`Leave out ${one.path}`}
                onClick={() => onChange(chosen.filter((other) => !isSame(other, one)))}
              >
                <X size={14} strokeWidth={2} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <Field
        label="Find models and data sets"
        type="search"
        name="repos"
        value={q}
        error={error}
        autoComplete="off"
        help={owner === undefined ? undefined : `Among those of ${owner} that you see.`}
        onChange={({ target }) => setQ(target.value)}
      />
      {rest.length === 0 ? (
        <p className="text-meta text-ink-3" role="status">
          {found === undefined ? '' : 'Nothing more by that name.'}
        </p>
      ) : (
        <ul aria-label="Found" className="flex flex-col">
          {rest.slice(0, shownMax).map(({ type, path }) => (
            <li key={`${type} ${path}`} className="flex items-center gap-2 py-1">
              <span className="min-w-0 flex-1 truncate text-dense">{path}</span>
              <span className="text-meta text-ink-3">{type}</span>
              <Button
                size="tight"
                icon={<Plus size={12} strokeWidth={2} aria-hidden />}
                aria-label={`Add ${path}`}
                onClick={() => onChange([...chosen, { type, path }])}
              >
                Add
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
