/** Ways to narrow a list, with how many are left of each. */
import { useState } from 'react'
import { Checkbox } from '../parts/Field.tsx'
import { grouped, licenseWords, taskWords } from '../parts/words.ts'
import type { Bar } from './parameters.ts'
import { ParametersFacet } from './ParametersFacet.tsx'
import { type Facet, type FacetValue, type ListWish, toggleTag } from './search.ts'

const shownFirst = 6

const labelOf = (facet: string, label: string): string => {
  if (facet === 'Task') return taskWords(label)
  return facet === 'Licence' ? licenseWords(label) : label
}

interface GroupProps {
  readonly name: string
  readonly values: readonly FacetValue[]
  readonly isChosen: (tag: string) => boolean
  readonly onToggle: (tag: string) => void
}

const Group = ({ name, values, isChosen, onToggle }: GroupProps) => {
  const [isAll, setAll] = useState(false)
  const shown = isAll
    ? values.slice(0, 200)
    : values.filter(({ tag }, at) => at < shownFirst || isChosen(tag))
  return (
    <fieldset>
      <legend className="mb-1 text-dense font-semibold">{name}</legend>
      {shown.map(({ tag, label, count }) => (
        <Checkbox
          key={tag}
          label={labelOf(name, label)}
          aside={grouped(count)}
          checked={isChosen(tag)}
          onChange={() => onToggle(tag)}
        />
      ))}
      {values.length > shown.length || isAll ? (
        <button
          type="button"
          className="ms-6 h-6 cursor-pointer text-dense text-link hover:underline"
          onClick={() => setAll(!isAll)}
        >
          {isAll ? 'Show fewer' : `Show all ${grouped(values.length)}`}
          <span className="sr-only"> of {name}</span>
        </button>
      ) : null}
    </fieldset>
  )
}

interface GroupsProps {
  readonly wish: ListWish
  readonly facets: readonly Facet[]
  readonly onChange: (wish: ListWish) => void
}

const Groups = ({ wish, facets, onChange }: GroupsProps) =>
  facets.map(({ name, values }) => (
    <Group
      key={name}
      name={name}
      values={values}
      isChosen={(tag) => wish.tags.includes(tag)}
      onToggle={(tag) => onChange(toggleTag(wish, tag))}
    />
  ))

const accessOptions = [
  { gated: false, label: 'Open without asking' },
  { gated: true, label: 'Ask first' },
] as const

const Access = ({ wish, onChange }: Omit<GroupsProps, 'facets'>) => (
  <fieldset>
    <legend className="mb-1 text-dense font-semibold">Access</legend>
    {accessOptions.map(({ gated, label }) => (
      <Checkbox
        key={label}
        label={label}
        checked={wish.gated === gated}
        onChange={() => onChange({ ...wish, gated: wish.gated === gated ? undefined : gated })}
      />
    ))}
  </fieldset>
)

interface FacetListProps {
  readonly wish: ListWish
  readonly facets: readonly Facet[]
  readonly owners: readonly { readonly owner: string; readonly count: number }[]
  /** Empty where no number of parameters is known. */
  readonly bars: readonly Bar[]
  readonly onChange: (wish: ListWish) => void
}

/** Before those that say how a model is stored. */
const beforeParameters = 1

export const FacetList = ({ wish, facets, owners, bars, onChange }: FacetListProps) => (
  <div className="flex flex-col gap-5">
    <Access wish={wish} onChange={onChange} />
    <Groups wish={wish} facets={facets.slice(0, beforeParameters)} onChange={onChange} />
    {bars.some(({ count }) => count > 0) ? (
      <ParametersFacet
        bars={bars}
        range={wish.parameters}
        onChange={(parameters) => onChange({ ...wish, parameters })}
      />
    ) : null}
    <Groups wish={wish} facets={facets.slice(beforeParameters)} onChange={onChange} />
    {owners.length === 0 ? null : (
      <Group
        name="Owner"
        values={owners.map(({ owner, count }) => ({ tag: owner, label: owner, count }))}
        isChosen={(owner) => wish.owner.toLowerCase() === owner.toLowerCase()}
        onToggle={(owner) =>
          onChange({
            ...wish,
            owner: wish.owner.toLowerCase() === owner.toLowerCase() ? '' : owner,
          })
        }
      />
    )}
  </div>
)
