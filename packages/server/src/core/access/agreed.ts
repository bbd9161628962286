/**
 * Gates that open by an agreement. What somebody may do there is the agreement's to say, each time it is asked; a request only shows where
 * it stands: it waits, its person is let in, or the agreement came to an end.
 */
import type { Between } from '../agreements/index.ts'
import type { Consumer } from '../events/index.ts'
import { actorOf } from '../identity/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import type { RepoRef } from '../policy/index.ts'
import * as sql from './access.sql.ts'
import type { AccessDeps } from './index.ts'
import type { Keeper, RequestRow } from './keep.ts'

/** What a request at such a gate says of its agreement. */
export type Waiting = Pick<RequestRow, 'state' | 'reason' | 'for_org_id' | 'agreement_id'>

export interface Org {
  readonly id: AccountId
  readonly name: string
}

export interface Agreed {
  /** Where the request of this account stands, if that organisation agrees. */
  waiting(
    repo: Pick<RepoRef, 'id' | 'ownerId'>,
    subjectId: AccountId,
    orgId: AccountId,
  ): Promise<Waiting>
  /** For which of its organisations a person or a service account asks. Errors: `invalid` where none is, or it does not say which. */
  orgFor(repo: RepoRef, accountId: AccountId, wanted: string | undefined): Promise<Org>
  /** Settles requests when something happens to an agreement. */
  readonly consumer: Consumer
}

/** Looked through for an agreement before the person has to say which. */
const orgsMax = 20
const page = 200

/** Statements that let nobody in and put nobody out. */
const isIdle = (said: string): boolean => /^(usage_|meter_|event_|duty_)/.test(said)

const order: readonly Between['stands'][] = ['signed', 'open', 'over']

export const isSame = (row: RequestRow, to: Waiting): boolean =>
  row.state === to.state &&
  row.reason === to.reason &&
  row.for_org_id === to.for_org_id &&
  row.agreement_id === to.agreement_id

/** Whom a person has turned away stays so, until an agreement lets them in. */
export const staysRejected = (row: RequestRow, to: Waiting): boolean =>
  row.state === 'rejected' && row.reviewed_by !== null && to.state !== 'accepted'

export const makeAgreed = (
  { db, events, policy, repos, identity, agreements, systemCtx: ctx }: AccessDeps,
  keeper: Keeper,
): Agreed => {
  const letsIn = async (
    repo: Pick<RepoRef, 'id'>,
    subjectId: AccountId,
    between: Between | undefined,
  ): Promise<boolean> => {
    const account = await identity.get(subjectId)
    if (account === undefined || account.isDisabled) return false
    if (account.kind === 'org') return between?.state === 'active'
    const answer = await policy.explain(actorOf(account), 'repo.read', repo.id)
    return answer?.decision.allowed === true
  }

  const waiting: Agreed['waiting'] = async (repo, subjectId, orgId) => {
    const between = await agreements.between(repo, orgId)
    const to = { for_org_id: orgId, agreement_id: between?.id ?? null, reason: null }
    if (await letsIn(repo, subjectId, between)) return { ...to, state: 'accepted' }
    if (between?.stands !== 'over') return { ...to, state: 'pending' }
    const reason = `The agreement "${between.title}" is ${between.state}.`
    return { ...to, state: 'rejected', reason }
  }

  const orgsOf = async (accountId: AccountId): Promise<readonly Org[]> => {
    const member = (await identity.memberships(accountId)).map(({ orgId, orgName }) => ({
      id: orgId,
      name: orgName,
    }))
    const employer = (await identity.get(accountId))?.serviceOf
    const works = employer === undefined ? undefined : await identity.get(employer)
    return works === undefined ? member : [...member, { id: works.id, name: works.name }]
  }

  const settle = async (row: RequestRow): Promise<void> => {
    if (row.for_org_id === null) return
    const found = await repos.whereabouts(db.read, row.repo_id)
    if (found === undefined) return
    const repo = { id: row.repo_id, ownerId: found.ownerId }
    const to = await waiting(repo, row.subject_id, row.for_org_id)
    if (isSame(row, to) || staysRejected(row, to)) return
    await db.tx(async (q, after) => {
      const now = await sql.requestById(q, row.repo_id, row.id)
      // Somebody did something with it in the meantime.
      if (now === undefined || now.state !== row.state || now.for_org_id !== row.for_org_id) return
      const tx = { q, after, ctx }
      await keeper.store(tx, { ...now, ...to, reviewed_by: null })
      if (to.state === now.state) return
      const payload = {
        requestId: now.id,
        subjectId: now.subject_id,
        from: now.state,
        to: to.state,
        isGrant: false,
        expiresAtMs: null,
      }
      await events.append(tx, 'access_decided', payload, now.repo_id)
    })
  }

  return {
    waiting,

    async orgFor(repo, accountId, wanted) {
      const orgs = (await orgsOf(accountId)).filter(({ id }) => id !== repo.ownerId)
      const [first] = orgs
      const owner = repo.path.slice(0, repo.path.indexOf('/'))
      if (first === undefined) {
        const message = `Access to ${repo.path} takes an agreement with ${owner}, and only organisations agree: you belong to none. Ask an administrator of yours to invite you.`
        throw new HubError('invalid', message, { reason: 'no_organisation' })
      }
      if (wanted !== undefined) {
        const named = orgs.find(({ name }) => name.toLowerCase() === wanted.toLowerCase())
        if (named !== undefined) return named
      } else if (orgs.length === 1) return first
      else {
        const known: { org: Org; stands: Between['stands'] }[] = []
        for (const org of orgs.slice(0, orgsMax)) {
          const between = await agreements.between(repo, org.id)
          if (between !== undefined) known.push({ org, stands: between.stands })
        }
        const best = order.flatMap((stands) => known.filter((one) => one.stands === stands))[0]
        if (best !== undefined) return best.org
      }
      const names = orgs.slice(0, orgsMax).map(({ name }) => name)
      const found = wanted === undefined ? 'nothing' : `"${wanted.slice(0, 100)}"`
      throw new HubError(
        'invalid',
        `Say for which organisation you ask, in "for_organization": one of ${names.join(', ')}; found ${found}.`,
        { reason: 'which_organisation' },
      )
    },

    consumer: {
      name: 'agreed gates',
      concerns: (name) => name === 'agreement_stated',
      async handle(event) {
        if (event.name !== 'agreement_stated' || isIdle(event.payload.said)) return
        // A cast because ids travel as text in events.
        const agreementId = event.payload.agreementId as AgreementId
        const concerned = { agreementId, ...(await agreements.concernedBy(agreementId)) }
        let after = ''
        for (;;) {
          const rows = await sql.waitingFor(db.read, concerned, { after, limit: page })
          for (const row of rows) await settle(row)
          const last = rows.at(-1)
          if (last === undefined || rows.length < page) return
          after = last.id
        }
      },
    },
  }
}
