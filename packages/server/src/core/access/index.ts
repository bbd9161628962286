/**
 * The access room: who has asked to pass a repo's gate, under which terms, and what was decided. Whether a gate is open for somebody is
 * the policy room's answer; this one writes the facts that it reads.
 *
 * Invariants: one request for each subject at each gate; whoever was rejected does not get back in line by asking again; every change
 * raises the repo's policy epoch in its own transaction; the text that was agreed to is kept for as long as the hub lives.
 */
import type { Database } from '#db/connect.ts'
import type { AccessState } from '#db/schema.ts'
import type { Agreements } from '../agreements/index.ts'
import type { Consumer, Events, Tx } from '../events/index.ts'
import type { Identity } from '../identity/index.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { type AccessRequestId, type AccountId, type IdMaker, isId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { AccountPermit, NamespacePermit, Permit, Policy, RepoRef } from '../policy/index.ts'
import type { Refs } from '../refs/index.ts'
import type { Repos } from '../repos/index.ts'
import * as sql from './access.sql.ts'
import { makeAgreed } from './agreed.ts'
import { makeAsking } from './ask.ts'
import { type Listing, makeListing } from './listing.ts'
import { makeKeeper, noRequest, notGated, type RequestRow, type Which } from './keep.ts'
import type { AccessRequest } from './request.ts'
import type { GateTerms } from './terms.ts'

export type { GateField } from './form.ts'
export type { Which } from './keep.ts'
export type { PlacedRequest } from './listing.ts'
export type { AccessRequest } from './request.ts'
export type { GateTerms } from './terms.ts'

/** For oneself, or for an organisation with all who act in it. */
export type Asking = AccountPermit | NamespacePermit<'namespace.manage'>

export interface Verdict {
  readonly state: AccessState
  /** Said to whoever is rejected. */
  readonly reason?: string
  /** Of an acceptance; left out for one without end. */
  readonly expiresAtMs?: number
}

export interface RequestWish {
  readonly state: AccessState
  readonly word?: string
  /** Older than this one, or newer: ids. */
  readonly after?: string
  readonly before?: string
  readonly limit: number
}

export interface AskWish {
  readonly fields: Readonly<Record<string, unknown>>
  readonly termsSha256?: string
  readonly organization?: string
}

export interface Access extends Listing {
  /** Settles requests that wait for an agreement. */
  readonly consumer: Consumer
  /** What has to be agreed to, as the default branch says it now. */
  terms(permit: Permit<'repo.browse'>): Promise<GateTerms>
  /**
   * Asks, or answers the request there is. Accepted at once where the gate says so; where it opens by an agreement, the request says where
   * that of `organization` stands, one of the asker's own. Errors: `invalid` fields, organisation, or no gate; `conflict` when the terms have
   * become others; `gated` for whoever was rejected.
   */
  ask(
    ctx: Ctx,
    permit: Permit<'repo.browse'>,
    asking: Asking,
    wish: AskWish,
  ): Promise<AccessRequest>
  /** Takes the own request back, or gives the access up. Errors: `entry_not_found` without one, or with a rejected one. */
  cancel(ctx: Ctx, permit: Permit<'repo.browse'>, asking: Asking): Promise<void>
  /** The own request, ended ones too. */
  own(permit: Permit<'repo.browse'>, asking: Asking): Promise<AccessRequest | undefined>
  /** Newest first. `next` is the `after` of the following page. Errors: `invalid` cursor. */
  list(
    permit: Permit<'repo.write'>,
    wish: RequestWish,
  ): Promise<{ requests: AccessRequest[]; next: string | undefined }>
  /** All there are, in whatever state, oldest first. */
  each(permit: Permit<'repo.write'>): AsyncIterable<AccessRequest>
  /** A text that somebody agreed to at this gate. Errors: `entry_not_found`. */
  agreedText(permit: Permit<'repo.write'>, which: Which): Promise<string>
  /**
   * From any state into any other. Errors: `entry_not_found` without a request, or when it is so already; `invalid` expiry; `conflict` for
   * what an agreement has to say.
   */
  decide(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    which: Which,
    verdict: Verdict,
  ): Promise<AccessRequest>
  /** Lets somebody in who has not asked. Errors: `invalid` (details.reason: `repo_not_gated`, `already_granted`). */
  grant(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    subjectId: AccountId,
    options?: { expiresAtMs?: number },
  ): Promise<AccessRequest>
}

export interface AccessDeps {
  readonly db: Database
  readonly events: Events
  readonly policy: Policy
  readonly repos: Repos
  readonly refs: Refs
  readonly identity: Pick<Identity, 'get' | 'memberships'>
  readonly agreements: Pick<Agreements, 'between' | 'concernedBy'>
  readonly systemCtx: Ctx
  readonly clock: Clock
  readonly ids: IdMaker
}

const reportPage = 500

const agreementSays = ({ path }: RepoRef): HubError =>
  new HubError(
    'conflict',
    `The gate of ${path} opens by an agreement: sign one with their organisation, suspend it or end it. Access can be given without one, too.`,
    { reason: 'agreement_needed' },
  )

export const makeAccess = (deps: AccessDeps): Access => {
  const { db, events, clock, ids } = deps
  const keeper = makeKeeper(deps)
  const { isEnded, toRequest, store, standing, wanted } = keeper

  const checkExpiry = (expiresAtMs: number | undefined): number | null => {
    if (expiresAtMs === undefined) return null
    if (Number.isSafeInteger(expiresAtMs) && expiresAtMs > clock.nowMs()) return expiresAtMs
    throw new HubError('invalid', 'The end of an acceptance must lie in the future.')
  }

  const noteDecision = (tx: Tx, row: RequestRow, from: AccessState | null) =>
    events.append(
      tx,
      'access_decided',
      {
        requestId: row.id,
        subjectId: row.subject_id,
        from,
        to: row.state,
        isGrant: row.is_grant === 1,
        expiresAtMs: row.expires_at_ms,
      },
      row.repo_id,
    )

  const cursorOf = (text: string | undefined): AccessRequestId | undefined => {
    if (text === undefined) return undefined
    // A cast because the form is all there is to an id.
    if (isId(text)) return text as AccessRequestId
    throw new HubError('invalid', `"${text.slice(0, 50)}" is not the id of an access request.`)
  }

  const agreed = makeAgreed(deps, keeper)

  return {
    ...makeAsking(deps, keeper, agreed),
    consumer: agreed.consumer,
    ...makeListing(deps),

    async list({ repo }, { state, word, after, before, limit }) {
      const page = { state, word, after: cursorOf(after), before: cursorOf(before) }
      const nowMs = clock.nowMs()
      const rows = await sql.pageOfRequests(db.read, repo.id, { ...page, nowMs, limit: limit + 1 })
      // Of a page before some other one, the first row is the one too many.
      const isMore = rows.length > limit
      const kept = before === undefined ? rows.slice(0, limit) : rows.slice(isMore ? 1 : 0)
      const hasNext = isMore || before !== undefined
      return { requests: kept.map(toRequest), next: hasNext ? kept.at(-1)?.id : undefined }
    },

    async *each({ repo }) {
      let after = ''
      for (;;) {
        const rows = await sql.requestsAfter(db.read, repo.id, after, reportPage)
        yield* rows.map(toRequest)
        const last = rows.at(-1)
        if (last === undefined) return
        after = last.id
      }
    },

    async agreedText({ repo }, which) {
      const { terms_sha256: sha256 } = await wanted(db.read, repo, which)
      const text = sha256 === null ? undefined : await sql.termsBody(db.read, sha256)
      if (text !== undefined) return text
      throw new HubError('entry_not_found', 'Nothing was agreed to: this access was given.')
    },

    decide: (ctx, { repo, actor }, which, { state, reason, expiresAtMs }) =>
      db.tx(async (q, after) => {
        const found = await wanted(q, repo, which)
        const isAgreed = repo.gateTemplate !== undefined && found.for_org_id !== null
        if (isAgreed && [state, found.state].includes('accepted')) throw agreementSays(repo)
        const endMs = state === 'accepted' ? checkExpiry(expiresAtMs) : null
        const isSameEnd = expiresAtMs === undefined || endMs === found.expires_at_ms
        if (found.state === state && !isEnded(found) && isSameEnd) throw noRequest()
        const isOpen = state === 'pending'
        const row: RequestRow = {
          ...found,
          state,
          reviewed_at_ms: isOpen ? null : clock.nowMs(),
          reviewed_by: isOpen ? null : (actorIdOf(actor) ?? null),
          reason: state === 'rejected' ? (reason ?? null) : null,
          expires_at_ms: endMs,
          // Whoever is let in at a gate that asks for no agreement any more passes by this acceptance.
          ...(state === 'accepted' ? { for_org_id: null, agreement_id: null } : {}),
        }
        const tx = { q, after, ctx }
        const request = await store(tx, row)
        await noteDecision(tx, row, found.state)
        return request
      }),

    grant: (ctx, { repo, actor }, subjectId, { expiresAtMs } = {}) =>
      db.tx(async (q, after) => {
        if (repo.gate === undefined) throw notGated(repo)
        const found = await standing(q, repo, subjectId)
        if (found?.state === 'accepted') {
          const message = 'This account has access already.'
          throw new HubError('invalid', message, { reason: 'already_granted' })
        }
        const nowMs = clock.nowMs()
        const by = actorIdOf(actor) ?? null
        const row: RequestRow = {
          id: ids<AccessRequestId>(),
          repo_id: repo.id,
          subject_id: subjectId,
          is_grant: 1,
          // Nobody asked; the column wants somebody.
          asked_by: by ?? subjectId,
          fields: '{}',
          terms_sha256: null,
          created_at_ms: nowMs,
          ...found,
          state: 'accepted',
          reviewed_at_ms: nowMs,
          reviewed_by: by,
          reason: null,
          expires_at_ms: checkExpiry(expiresAtMs),
          for_org_id: null,
          agreement_id: null,
        }
        const tx = { q, after, ctx }
        const request = await store(tx, row)
        await noteDecision(tx, row, found?.state ?? null)
        return request
      }),
  }
}
