/** Decisions of stewards about findings: with a reason, an end, and counsel's name where a licence forbids. */
import { keyOf } from '@weighhouse/formats/licence/judge.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { actorIdOf } from '../kernel/actor.ts'
import { HubError } from '../kernel/errors.ts'
import type { LicenceOverrideId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespacePermit, Permit } from '../policy/index.ts'
import type { LineageDeps } from './index.ts'
import * as sql from './lineage.sql.ts'
import { coversOf, findingsOf, isInForce } from './stops.ts'
import type { Writing } from './write.ts'

/** Leave of those who manage the owner of the repo. */
export interface StewardPermit {
  readonly owner: NamespacePermit<'namespace.manage'>
  readonly repo: Permit<'repo.see'>
}

export interface DecisionWish {
  /** Keys of findings, as they were shown. */
  readonly covers: readonly string[]
  readonly reason: string
  readonly counsel: string | undefined
  readonly expiresAtMs: number
}

export interface LicenceDecision {
  readonly id: LicenceOverrideId
  readonly covers: readonly string[]
  readonly reason: string
  readonly counsel: string | undefined
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly isInForce: boolean
}

export interface Decisions {
  /** Errors: `invalid`, `too_many`, `permission_denied` for a repo of another owner. */
  decideLicence(ctx: Ctx, permit: StewardPermit, wish: DecisionWish): Promise<LicenceDecision>
  /** Errors: `entry_not_found`. */
  endLicenceDecision(ctx: Ctx, permit: StewardPermit, id: LicenceOverrideId): Promise<void>
  /** The newest first. */
  licenceDecisions(permit: StewardPermit): Promise<LicenceDecision[]>
}

const reasonCharsMax = 2_000
const counselCharsMax = 200

const invalid = (message: string): HubError => new HubError('invalid', message)

const refuseOther = ({ owner, repo }: StewardPermit): void => {
  if (repo.repo.ownerId === owner.namespace.id) return
  throw new HubError('permission_denied', `${repo.repo.path} is not of ${owner.namespace.name}.`)
}

const checked = (wish: DecisionWish, nowMs: number): DecisionWish => {
  const reason = wish.reason.trim()
  const counsel = wish.counsel?.trim()
  if (reason === '' || reason.length > reasonCharsMax) {
    throw invalid(
      `A decision has a reason of 1 to ${reasonCharsMax} characters, found ${reason.length}.`,
    )
  }
  if (counsel !== undefined && counsel.length > counselCharsMax) {
    throw invalid(`The name of counsel has at most ${counselCharsMax} characters.`)
  }
  const most = nowMs + limits.licenceOverrideLifeMsMax
  if (wish.expiresAtMs <= nowMs || wish.expiresAtMs > most) {
    const until = new Date(most).toISOString().slice(0, 10)
    throw invalid(
      `A decision ends later than now and by ${until}: licences and their readings change.`,
    )
  }
  return { ...wish, reason, counsel: counsel === '' ? undefined : counsel }
}

/** Each key is of a finding that is there; what a licence forbids needs counsel. */
const refuseKeys = (row: Row<'repo_licence'> | undefined, wish: DecisionWish): void => {
  const found = new Map((row === undefined ? [] : findingsOf(row)).map((one) => [keyOf(one), one]))
  if (wish.covers.length === 0) throw invalid('A decision names the findings that it is about.')
  for (const key of wish.covers) {
    const one = found.get(key)
    if (one === undefined) {
      throw invalid(
        `There is no finding "${key.slice(0, 200)}". Read the licence of the repo again.`,
      )
    }
    if (one.level === 'block' && wish.counsel === undefined) {
      throw invalid(
        `${one.rule} is what a licence forbids: name the counsel who read it otherwise.`,
      )
    }
  }
}

const toDecision = (row: Row<'licence_override'>, nowMs: number): LicenceDecision => ({
  id: row.id,
  covers: coversOf(row),
  reason: row.reason,
  counsel: row.counsel ?? undefined,
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
  isInForce: isInForce(row, nowMs),
})

export const makeDecisions = (
  { db, events, clock, ids }: LineageDeps,
  { judgeAgain }: Pick<Writing, 'judgeAgain'>,
): Decisions => ({
  decideLicence(ctx, permit, asked) {
    refuseOther(permit)
    const { id } = permit.repo.repo
    const nowMs = clock.nowMs()
    const wish = checked(asked, nowMs)
    return db.tx(async (q, after) => {
      refuseKeys(await sql.licenceOf(q, id), wish)
      const most = limits.licenceOverridesPerRepoMax
      if ((await sql.overridesOf(q, id, most)).length >= most) {
        throw new HubError('too_many', `${most} decisions were made about this repository.`)
      }
      const row: Row<'licence_override'> = {
        id: ids<LicenceOverrideId>(),
        repo_id: id,
        covers: JSON.stringify(wish.covers),
        reason: wish.reason,
        counsel: wish.counsel ?? null,
        by_id: actorIdOf(ctx.actor) ?? null,
        created_at_ms: nowMs,
        expires_at_ms: wish.expiresAtMs,
        ended_at_ms: null,
      }
      await sql.insertOverride(q, row)
      const { covers, reason, expiresAtMs } = wish
      const payload = { overrideId: row.id, covers, reason, expiresAtMs }
      await events.append({ q, after, ctx }, 'licence_decided', payload, id)
      await judgeAgain({ q, after, ctx }, id)
      return toDecision(row, nowMs)
    })
  },

  endLicenceDecision(ctx, permit, overrideId) {
    refuseOther(permit)
    const { id: repoId } = permit.repo.repo
    return db.tx(async (q, after) => {
      if (!(await sql.endOverride(q, { id: overrideId, repoId, atMs: clock.nowMs() }))) {
        throw new HubError('entry_not_found', 'There is no such decision, or it was ended before.')
      }
      await events.append({ q, after, ctx }, 'licence_decision_ended', { overrideId }, repoId)
      await judgeAgain({ q, after, ctx }, repoId)
    })
  },

  async licenceDecisions(permit) {
    refuseOther(permit)
    const rows = await sql.overridesOf(
      db.read,
      permit.repo.repo.id,
      limits.licenceOverridesPerRepoMax,
    )
    return rows.map((row) => toDecision(row, clock.nowMs()))
  },
})
