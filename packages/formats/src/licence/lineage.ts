/** From who names whom to all ancestors of one repo: within bounds, whatever the names say. */
import type { Declared, Relation } from './card.ts'
import { type Ancestor, relationAlong } from './terms.ts'

/** A tie of a child to one parent. */
export interface Tie {
  /** Of the parent: an id, or for what is not here whatever tells it from others. */
  readonly parent: string
  readonly relation: Relation
}

/** What is known of one ancestor. */
export interface Known {
  readonly name: string
  readonly declared: Declared
  readonly isOwn: boolean
}

export interface Walk {
  readonly ancestors: readonly Ancestor[]
  /** The repo is among its own ancestors. */
  readonly isCyclic: boolean
  /** There are more than were looked at. */
  readonly isCut: boolean
}

export const lineageDepthMax = 32
export const lineageCountMax = 500

interface Step {
  readonly key: string
  readonly relation: Relation
  readonly first: Relation
}

/** Goes from the repo up, parents first; each ancestor comes once for every way in which it is tied. */
export const walkLineage = (
  root: string,
  tiesOf: (key: string) => readonly Tie[],
  knownOf: (key: string) => Known | undefined,
): Walk => {
  const ancestors: Ancestor[] = []
  const seen = new Set<string>()
  let isCyclic = false
  let isCut = false
  let level: Step[] = tiesOf(root).map(({ parent, relation }) => ({
    key: parent,
    relation,
    first: relation,
  }))
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > lineageDepthMax) return { ancestors, isCyclic, isCut: true }
    const next: Step[] = []
    for (const { key, relation, first } of level) {
      if (key === root) isCyclic = true
      const once = `${key} ${relation} ${first}`
      if (key === root || seen.has(once)) continue
      if (seen.size >= lineageCountMax) {
        isCut = true
        continue
      }
      seen.add(once)
      const known = knownOf(key)
      if (known !== undefined) ancestors.push({ ...known, relation, first, depth })
      for (const tie of tiesOf(key)) {
        next.push({ key: tie.parent, relation: relationAlong(relation, tie.relation), first })
      }
    }
    level = next
  }
  return { ancestors, isCyclic, isCut }
}
