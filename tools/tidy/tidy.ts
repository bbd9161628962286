/** The walls and habits of the house, checked: `npm run check` runs it, `tidy.test.ts` shows that each rule bites. */
import { calls } from './calls.ts'
import { unreached, unusedExports } from './reach.ts'
import { docstrings, doors, headers, lengths } from './shape.ts'
import { type Finding, readSources, type Rule } from './source.ts'
import { browserSafe, walls } from './walls.ts'

export const rules: Readonly<Record<string, Rule>> = {
  walls,
  browserSafe,
  calls,
  lengths,
  headers,
  docstrings,
  doors,
  unreached,
  unusedExports,
}

/** Every finding of every rule, in the order of the rules. */
export const tidy = async (root: string): Promise<(Finding & { rule: string })[]> => {
  const sources = await readSources(root)
  return Object.entries(rules).flatMap(([rule, check]) =>
    check(sources).map((finding) => Object.assign(finding, { rule })),
  )
}
