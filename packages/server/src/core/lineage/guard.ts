/** Stands where a repo becomes visible to others, in the transaction that makes it so: upstream licences, and agreements. */
import type { Finding, Proposal } from '@weighhouse/formats/licence/finding.ts'
import { keyOf } from '@weighhouse/formats/licence/judge.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { passingOn } from '../agreements/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { Audience, ShareGuard } from '../repos/index.ts'
import * as sql from './lineage.sql.ts'
import { decidedUntil, findingsOf, isStop } from './stops.ts'

// A cast because only this room writes the column.
export const proposalOf = (row: Pick<Row<'repo_licence'>, 'proposal'>): Proposal =>
  JSON.parse(row.proposal) as Proposal

const proposed = ({ expression, name }: Proposal): string => {
  const words = [
    ...(expression === undefined ? [] : [`license: ${expression}`]),
    ...(name === undefined ? [] : [`the name ${name}`]),
  ]
  return words.length === 0 ? '' : ` Proposed: ${words.join(', ')}.`
}

const refusalOf = (path: string, found: Finding, proposal: Proposal): HubError =>
  new HubError(
    'licence_blocked',
    `${path} cannot be shown to others (${found.rule}): ${found.sentence}${proposed(proposal)} While it is private, its owner's people may use it.`,
    {
      rule: found.rule,
      parent: found.parent,
      licence: found.licence,
      key: keyOf(found),
      ...proposal,
    },
  )

export const makeShareGuard = ({ clock }: { clock: Clock }): ShareGuard => {
  const refuseStopped = async (q: Querier, id: RepoId, to: Audience): Promise<void> => {
    const row = await sql.licenceOf(q, id)
    const nowMs = clock.nowMs()
    if (row === undefined || row.stop === null) return
    const overrides = await sql.overridesOf(q, id, limits.licenceOverridesPerRepoMax)
    const found = findingsOf(row).find(
      (one) =>
        isStop(one, to === 'everybody' ? to : 'parties') &&
        decidedUntil(one, overrides, nowMs) === 0,
    )
    if (found !== undefined) throw refusalOf(row.path, found, proposalOf(row))
  }

  const refuseInherited = async (q: Querier, id: RepoId, to: Audience): Promise<void> => {
    for (const { agreement_id: agreement } of await sql.inheritedBy(q, [id])) {
      const asked = { nowMs: clock.nowMs(), to: to === 'everybody' ? to : to.orgs }
      const { title, isAllowed, clause } = await passingOn(q, agreement, asked)
      if (isAllowed) continue
      const why =
        clause === undefined
          ? 'which has no clause that permits it to be passed on'
          : `clause ${clause.id} (${clause.title}): ${clause.text}`
      throw new HubError(
        'licence_blocked',
        `This was made from a model that came under the agreement "${title}", ${why}. It stays with the parties of that agreement. Ask the provider for the right to pass it on.`,
        { rule: 'INHERITED', agreement, clause: clause?.id },
      )
    }
  }

  return {
    async refuse(q, id, to) {
      await refuseStopped(q, id, to)
      await refuseInherited(q, id, to)
    },
    refuseHandover: (q, id, owner) => refuseInherited(q, id, { orgs: [owner] }),
  }
}
