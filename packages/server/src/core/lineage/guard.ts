/** Stands where a repo becomes visible to others, in the transaction that makes it so: upstream licences, and agreements. */
import type { Finding, Proposal } from '@weighhouse/formats/licence/finding.ts'
import { keyOf } from '@weighhouse/formats/licence/judge.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { partyIn, passingOn } from '../agreements/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { AgreementId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { Audience, Given, ShareGuard } from '../repos/index.ts'
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

/** Agreements that what is given is under: its reader's own, and those that came along with what it was made from. */
export const agreementsOver = async (
  q: Querier,
  { ids, reading }: Given,
): Promise<AgreementId[]> => {
  const own = reading?.allowed === true ? reading.agreement : undefined
  const along = await sql.agreementsAlong(q, ids)
  return own === undefined ? along : [...new Set([own, ...along])]
}

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

  const refuseUnder = async (
    q: Querier,
    agreements: readonly AgreementId[],
    to: Audience,
  ): Promise<void> => {
    for (const agreement of agreements) {
      const asked = { nowMs: clock.nowMs(), to: to === 'everybody' ? to : to.orgs }
      const { title, isAllowed, clause } = await passingOn(q, agreement, asked)
      if (isAllowed) continue
      const why =
        clause === undefined
          ? 'which has no clause that permits it to be passed on'
          : `clause ${clause.id} (${clause.title}): ${clause.text}`
      throw new HubError(
        'licence_blocked',
        `This is, or was made from, a model that came under the agreement "${title}", ${why}. It stays with the parties of that agreement. Ask the provider for the right to pass it on.`,
        { rule: 'INHERITED', agreement, clause: clause?.id },
      )
    }
  }

  const refuseInherited = async (q: Querier, id: RepoId, to: Audience): Promise<void> => {
    const inherited = await sql.inheritedBy(q, [id])
    await refuseUnder(
      q,
      inherited.map((one) => one.agreement_id),
      to,
    )
  }

  return {
    async refuse(q, id, to) {
      await refuseStopped(q, id, to)
      await refuseInherited(q, id, to)
    },
    refuseHandover: (q, id, owner) => refuseInherited(q, id, { orgs: [owner] }),
    async refuseGiving(q, what, to) {
      const over = await agreementsOver(q, what)
      if (over.length === 0) return
      for (const one of to) {
        // People of its parties may have it, as they may download.
        const own = new Set(await partyIn(q, over, one))
        await refuseUnder(
          q,
          over.filter((id) => !own.has(id)),
          { orgs: [one] },
        )
      }
    },
  }
}
