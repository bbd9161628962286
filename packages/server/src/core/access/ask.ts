/** Asking at a gate: terms, answers, and taking a request back. */
import { actorIdOf } from '../kernel/actor.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccessRequestId, AccountId } from '../kernel/ids.ts'
import { refusal } from '../policy/index.ts'
import * as sql from './access.sql.ts'
import { checkAnswers } from './form.ts'
import type { Access, AccessDeps, Asking } from './index.ts'
import { type Keeper, noRequest, notGated, type RequestRow } from './keep.ts'
import { readTerms } from './terms.ts'

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

export const makeAsking = (deps: AccessDeps, keeper: Keeper): Half => {
  const { db, events, policy, repos, refs, clock, ids } = deps
  const { isEnded, toRequest, described, store, standing } = keeper

  return {
    terms: (permit) => readTerms({ refs, policy }, permit),

    async ask(ctx, permit, asking, wish) {
      const { repo } = permit
      const { gate } = repo
      if (gate === undefined) throw notGated(repo)
      const { subjectId, askedBy } = parties(asking)
      const terms = await readTerms({ refs, policy }, permit)
      if (wish.termsSha256 !== undefined && wish.termsSha256 !== terms.sha256) {
        const message = 'The terms have changed since they were read. Read them again.'
        throw new HubError('conflict', message, { termsSha256: terms.sha256 })
      }
      const before = await sql.requestOf(db.read, repo.id, subjectId)
      if (before !== undefined && !isEnded(before)) {
        if (before.state === 'rejected') throw refusal(permit.actor, 'repo.read', rejected, repo)
        // Who asks again need not fill in the form again.
        if (before.state === 'accepted' || gate === 'manual') return described(db.read, before)
      }
      const answers = checkAnswers(terms.fields, wish.fields)
      const nowMs = clock.nowMs()
      const row: RequestRow = {
        id: ids<AccessRequestId>(),
        repo_id: repo.id,
        subject_id: subjectId,
        state: gate === 'auto' ? 'accepted' : 'pending',
        is_grant: 0,
        asked_by: askedBy,
        fields: JSON.stringify(answers),
        terms_sha256: terms.sha256,
        created_at_ms: nowMs,
        reviewed_at_ms: gate === 'auto' ? nowMs : null,
        reviewed_by: null,
        reason: null,
        expires_at_ms: null,
      }
      return db.tx(async (q, after) => {
        const found = await standing(q, repo, subjectId)
        if (found?.state === 'rejected') throw refusal(permit.actor, 'repo.read', rejected, repo)
        if (found?.state === 'accepted') return described(q, found)
        await sql.keepTerms(q, { sha256: terms.sha256, body: terms.text, created_at_ms: nowMs })
        const tx = { q, after, ctx }
        const request = await store(tx, row)
        const { id: requestId, state } = request
        const payload = { requestId, subjectId, state, terms: terms.sha256 }
        await events.append(tx, 'access_requested', payload, repo.id)
        return request
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
