/** Facts that rules of organisations ask for. */
import type { Querier } from '#db/flavor.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { Asker } from './conditions.sql.ts'
import { type RepoFactsRow, rulesAbout } from './facts.sql.ts'
import type { OrgRule, OrgRuleFacts } from './org-rules.ts'

const licencePrefix = 'license:'
const licencesMax = 50

const licencesOf = async (q: Querier, id: RepoId): Promise<string[]> => {
  const rows = await q
    .selectFrom('repo_tag')
    .select('tag')
    .where('repo_id', '=', id)
    .where('tag', '>=', licencePrefix)
    .where('tag', '<', `${licencePrefix}\u{10ffff}`)
    .limit(licencesMax)
    .execute()
  return rows.map(({ tag }) => tag.slice(licencePrefix.length))
}

export const orgRuleFacts = async (
  q: Querier,
  { id, owner_id: ownerId }: RepoFactsRow,
  asker: Asker,
): Promise<OrgRuleFacts> => {
  const rows = await rulesAbout(q, id, asker)
  const seat = await q
    .selectFrom('party')
    .select('seat')
    .where('org_id', '=', ownerId)
    .executeTakeFirst()
  const fact = await q
    .selectFrom('repo_fact')
    .select('formats')
    .where('repo_id', '=', id)
    .executeTakeFirst()
  return {
    rules: rows.map(({ words, ...rule }): OrgRule => ({
      ...rule,
      // A cast because only the organisations room writes the column.
      words: JSON.parse(words) as string[],
    })),
    licences: await licencesOf(q, id),
    seat: seat?.seat,
    // A cast because only the search room writes the column.
    formats: fact?.formats == null ? undefined : (JSON.parse(fact.formats) as string[]),
  }
}
