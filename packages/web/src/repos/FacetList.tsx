/** Ways to narrow a list, with how many are left of each. */
import { useState } from 'react'
import { Checkbox } from '../parts/Field.tsx'
import { grouped, licenseWords, taskWords } from '../parts/words.ts'
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

interface FacetListProps {
  readonly wish: ListWish
  readonly facets: readonly Facet[]
  readonly owners: readonly { readonly owner: string; readonly count: number }[]
  readonly onChange: (wish: ListWish) => void
}

export const FacetList = ({ wish, facets, owners, onChange }: FacetListProps) => (
  <div className="flex flex-col gap-5">
    {facets.map(({ name, values }) => (
      <Group
        key={name}
        name={name}
        values={values}
        isChosen={(tag) => wish.tags.includes(tag)}
        onToggle={(tag) => onChange(toggleTag(wish, tag))}
      />
    ))}
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
