/** Licences that want their derivatives under the same licence, and what each lets them be under beside. */
import type { Question } from './finding.ts'
import { sharesWeights } from './meeting.ts'
import { bareName, type Licence } from './table.ts'
import { type Ancestor, rowsOf } from './terms.ts'

/** The rows that a licence with `flow=same` lets its derivatives be under, beside itself. One way only. */
const compatible: Readonly<Record<string, readonly string[]>> = {
  'cc-by-sa-4.0': ['gpl-3.0'],
  'lgpl-2.1': ['gpl-2.0', 'gpl-3.0', 'agpl-3.0'],
  'lgpl-3.0': ['gpl-3.0', 'agpl-3.0'],
  'gpl-3.0': ['agpl-3.0'],
  'eupl-1.2': ['gpl-2.0', 'gpl-3.0', 'agpl-3.0', 'mpl-2.0', 'lgpl-2.1', 'lgpl-3.0'],
}

/** Bare names of the licences that what is made from it may be under. */
export const targetsOf = (name: string): readonly string[] => {
  const bare = bareName(name)
  const later = /-or-later$|\+$/.test(name) && bare === 'gpl-2.0' ? ['gpl-3.0', 'agpl-3.0'] : []
  return [bare, ...later, ...(compatible[bare] ?? [])]
}

/** Share-alike ancestors: their names as they were given, since a later version may be among what they allow. */
export const sameNames = ({
  ancestors,
}: Question): readonly { name: string; ancestor: Ancestor; row: Licence }[] =>
  ancestors
    .filter(({ relation }) => sharesWeights(relation))
    .flatMap((ancestor) =>
      rowsOf(ancestor.declared).flatMap(({ name, row }) =>
        row?.flow === 'same' ? [{ name, ancestor, row }] : [],
      ),
    )

/** What all share-alike ancestors allow, sorted; undefined when there are none. */
export const commonTargets = (question: Question): readonly string[] | undefined => {
  const [first, ...rest] = sameNames(question).map(({ name }) => targetsOf(name))
  if (first === undefined) return undefined
  return first.filter((one) => rest.every((targets) => targets.includes(one))).toSorted()
}
