/** What agreements say of handing on: asked by whoever is about to show to others what came, or was made of what came, under one. */
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { evaluate } from '@weighhouse/formats/terms/evaluate.ts'
import type { Querier } from '#db/flavor.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import * as sql from './agreements.sql.ts'
import * as sides from './sides.sql.ts'
import * as statements from './statements.sql.ts'

/** Organisations that get a repo under agreements that hold, or will. */
export const sharedWith = (q: Querier, repoId: RepoId): Promise<AccountId[]> =>
  sides.takersOf(q, repoId)

/** Agreements under which an organisation, or a person as one of its people, got one of these repos; `org_id` is the organisation. */
export const takenUnder = (
  q: Querier,
  repoIds: readonly RepoId[],
  accountId: AccountId,
): ReturnType<typeof sides.takenBy> => sides.takenBy(q, repoIds, accountId)

/** Who answers for what an account makes of what has come under these agreements before: it, or the organisations it belongs to. */
export const answerable = (
  q: Querier,
  ids: readonly AgreementId[],
  accountId: AccountId,
): ReturnType<typeof sides.takersAmong> => sides.takersAmong(q, ids, accountId)

/** Those of these agreements of which an account is a party, or belongs to one: it may have what came under them. */
export const partyIn = (
  q: Querier,
  ids: readonly AgreementId[],
  accountId: AccountId,
): Promise<AgreementId[]> => sides.partyIn(q, ids, accountId)

export interface PassingOn {
  readonly title: string
  readonly isAllowed: boolean
  /** What forbids it; undefined when nothing permits it. */
  readonly clause:
    | { readonly id: string; readonly title: string; readonly text: string }
    | undefined
}

/** May what was got under an agreement be handed to these, or to everybody? Among its own parties it may. */
export const passingOn = async (
  q: Querier,
  id: AgreementId,
  { nowMs, to }: { nowMs: number; to: readonly AccountId[] | 'everybody' },
): Promise<PassingOn> => {
  const row = await sql.agreementById(q, id)
  const version = row?.in_force ?? null
  const found = version === null ? undefined : await statements.versionOf(q, id, version)
  const title = row?.title ?? id
  // What cannot be read permits nothing.
  if (found === undefined) return { title, isAllowed: false, clause: undefined }
  const body = parseBody(JSON.parse(found.body))
  const parties = new Set(body.parties.map(({ org }) => org))
  if (to !== 'everybody' && to.every((org) => parties.has(org))) {
    return { title, isAllowed: true, clause: undefined }
  }
  // What is found out here is what the vocabulary says of this action.
  const verdict = evaluate(body.terms, {
    action: 'redistributeWeights',
    facts: { dateTime: nowMs },
    done: new Set(),
    hasAccepted: true,
    groups: { parties: [...parties] },
    isInRange: () => false,
  })
  const clause = body.clauses.find((one) => one.id === verdict.rule?.clause)
  return { title, isAllowed: verdict.effect === 'permit', clause }
}
