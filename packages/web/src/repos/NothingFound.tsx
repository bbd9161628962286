/** A list with nothing in it: there is nothing yet, or too much was asked for; then what to leave out to see most. */
import { useQuery } from '@tanstack/react-query'
import { useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { grouped } from '../parts/words.ts'
import { askOf, type ListWish, type Narrowing, narrowings, readWish } from './search.ts'

/** Each asks for numbers of its own. */
const dropsMax = 8
const none = readWish('model', {})

/** What to leave out to see most; undefined while it is asked, and where nothing helps. */
const useBestDrop = (all: readonly Narrowing[]) => {
  const drops = all.slice(0, dropsMax)
  const { data } = useQuery({
    queryKey: ['repo-counts', 'without', drops.map(({ without }) => askOf(without))],
    queryFn: () =>
      Promise.all(
        drops.map(async (one) => ({
          ...one,
          total: (await hub.countRepos(askOf(one.without))).total,
        })),
      ),
    enabled: drops.length > 0,
  })
  const best = data?.toSorted((a, b) => b.total - a.total)[0]
  return best === undefined || best.total === 0 ? undefined : best
}

interface NothingProps {
  readonly wish: ListWish
  readonly kind: { readonly one: string; readonly upload: string }
  readonly onChange: (wish: ListWish) => void
}

export const NothingFound = ({ wish, kind: { one, upload }, onChange }: NothingProps) => {
  const me = useMe()
  const all = narrowings(wish)
  const best = useBestDrop(all)
  if (all.length === 0) {
    return (
      <EmptyState
        title={`No ${one}s yet`}
        {...(me == null || upload === '' ? {} : { code: upload.replace('{you}', me.name) })}
      >
        {me == null
          ? `None is shown to everyone. Sign in to see what is shared with you.`
          : `Push the first one.`}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title={
        all.length === 1 ? `No ${one} matches ${all[0]?.label}` : `No ${one} matches all of this`
      }
      action={
        best === undefined ? (
          <Button onClick={() => onChange({ ...none, type: wish.type, sort: wish.sort })}>
            Start again
          </Button>
        ) : (
          <Button onClick={() => onChange(best.without)}>Drop {best.label}</Button>
        )
      }
    >
      {best === undefined || all.length === 1
        ? undefined
        : `Without ${best.label} there ${best.total === 1 ? 'is' : 'are'} ${grouped(best.total)}.`}
    </EmptyState>
  )
}
