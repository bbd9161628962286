/** Asking at a gate: terms, answers, and taking a request back. */
import { actorIdOf } from '../kernel/actor.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccessRequestId, AccountId } from '../kernel/ids.ts'
import { type Permit, refusal, type RepoRef } from '../policy/index.ts'
import * as sql from './access.sql.ts'
import { checkAnswers } from './form.ts'
import { type Agreed, isSame, staysRejected } from './agreed.ts'
import type { Access, AccessDeps, Asking, AskWish } from './index.ts'
import { type Keeper, noRequest, notGated, type RequestRow } from './keep.ts'
import type { AccessRequest } from './request.ts'
import { type GateTerms, readTerms } from './terms.ts'

const parties = (asking: Asking): { subjectId: AccountId; askedBy: AccountId } => {
  if (!('namespace' in asking)) return { subjectId: asking.actor.id, askedBy: asking.actor.id }
  const { namespace, actor } = asking
  if (namespace.kind === 'org') {
    return { subjectId: namespace.id, askedBy: actorIdOf(actor) ?? namespace.id }
  }
  throw new HubError('invalid', `"${namespace.name}" is a user. Only an organisation is asked for.`)
}

const rejected = { allowed: false, reason: 'gate_rejected', reveal: true } as const

type Half = Pick<Access, 'terms' | 'ask' | 'cancel' | 'own'>

export const makeAsking = (deps: AccessDeps, keeper: Keeper, agreed: Agreed): Half => {
  const { db, events, policy, repos, refs, clock, ids } = deps
  const { isEnded, toRequest, described, store, standing } = keeper

  /** Errors: `invalid` fields. */
  const newRow = (
    repo: RepoRef,
    asking: Asking,
    { terms, wish }: { terms: GateTerms; wish: AskWish },
  ): RequestRow => {
    const nowMs = clock.nowMs()
    const { subjectId, askedBy } = parties(asking)
    const isOpen = repo.gate === 'auto'
    return {
      id: ids<AccessRequestId>(),
      repo_id: repo.id,
      subject_id: subjectId,
      state: isOpen ? 'accepted' : 'pending',
      is_grant: 0,
      asked_by: askedBy,
      fields: JSON.stringify(checkAnswers(terms.fields, wish.fields)),
      terms_sha256: terms.sha256,
      created_at_ms: nowMs,
      reviewed_at_ms: isOpen ? nowMs : null,
      reviewed_by: null,
      reason: null,
      expires_at_ms: null,
      for_org_id: null,
      agreement_id: null,
    }
  }

  const put = async (tx: Tx, row: RequestRow, terms: GateTerms): Promise<AccessRequest> => {
    const kept = { sha256: terms.sha256, body: terms.text, created_at_ms: row.created_at_ms }
    await sql.keepTerms(tx.q, kept)
    const request = await store(tx, row)
    const { id: requestId, state } = request
    const payload = { requestId, subjectId: row.subject_id, state, terms: terms.sha256 }
    await events.append(tx, 'access_requested', payload, row.repo_id)
    return request
  }

  /** Who asks again is told where the agreement stands now. */
  const askForAgreement = async (
    ctx: Ctx,
    { repo, actor }: Permit<'repo.browse'>,
    asking: Asking,
    { terms, wish }: { terms: GateTerms; wish: AskWish },
  ): Promise<AccessRequest> => {
    const { subjectId } = parties(asking)
    const org =
      'namespace' in asking
        ? asking.namespace
        : await agreed.orgFor(repo, subjectId, wish.organization)
    const to = await agreed.waiting(repo, subjectId, org.id)
    const before = await sql.requestOf(db.read, repo.id, subjectId)
    const isWaiting = before !== undefined && !isEnded(before) && before.for_org_id !== null
    // Who asks again need not fill in the form again.
    const row = isWaiting ? before : newRow(repo, asking, { terms, wish })
    return db.tx(async (q, after) => {
      const found = await standing(q, repo, subjectId)
      // Let in by a person, whatever is agreed.
      if (found?.state === 'accepted' && found.for_org_id === null) return described(q, found)
      if (found !== undefined && staysRejected(found, to)) {
        throw refusal(actor, 'repo.read', rejected, repo)
      }
      const tx = { q, after, ctx }
      if (!isWaiting) return put(tx, { ...row, ...to }, terms)
      return isSame(row, to) ? described(q, row) : store(tx, { ...row, ...to, reviewed_by: null })
    })
  }

  return {
    terms: (permit) => readTerms({ refs, policy }, permit),

    async ask(ctx, permit, asking, wish) {
      const { repo } = permit
      const { gate } = repo
      if (gate === undefined) throw notGated(repo)
      const { subjectId } = parties(asking)
      const terms = await readTerms({ refs, policy }, permit)
      if (wish.termsSha256 !== undefined && wish.termsSha256 !== terms.sha256) {
        const message = 'The terms have changed since they were read. Read them again.'
        throw new HubError('conflict', message, { termsSha256: terms.sha256 })
      }
      if (repo.gateTemplate !== undefined)
        return askForAgreement(ctx, permit, asking, { terms, wish })
      const before = await sql.requestOf(db.read, repo.id, subjectId)
      if (before !== undefined && !isEnded(before)) {
        if (before.state === 'rejected') throw refusal(permit.actor, 'repo.read', rejected, repo)
        // Who asks again need not fill in the form again.
        if (before.state === 'accepted' || gate === 'manual') return described(db.read, before)
      }
      const row = newRow(repo, asking, { terms, wish })
      return db.tx(async (q, after) => {
        const found = await standing(q, repo, subjectId)
        if (found?.state === 'rejected') throw refusal(permit.actor, 'repo.read', rejected, repo)
        if (found?.state === 'accepted') return described(q, found)
        return put({ q, after, ctx }, row, terms)
      })
    },

    cancel: (ctx, { repo }, asking) =>
      db.tx(async (q, after) => {
        const { subjectId } = parties(asking)
        const found = await standing(q, repo, subjectId)
        // A rejected request stays: taken back, it could be made again.
        if (found === undefined || found.state === 'rejected') throw noRequest()
        await sql.deleteRequest(q, found.id)
        await repos.raiseEpoch(q, repo.id)
        const payload = { requestId: found.id, subjectId }
        await events.append({ q, after, ctx }, 'access_cancelled', payload, repo.id)
      }),

    async own({ repo }, asking) {
      const row = await sql.describedRequest(db.read, repo.id, parties(asking).subjectId)
      return row === undefined ? undefined : toRequest(row)
    },
  }
}
