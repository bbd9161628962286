/** What decisions rest on, gathered: facts of a repo for one actor, at this moment. */
import type { Database } from '#db/connect.ts'
import type { AccessState, RepoType } from '#db/schema.ts'
import { type Actor, actorIdOf } from '../kernel/actor.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { agreementPath } from '../kernel/agreement-path.ts'
import type { Clock } from '../kernel/time.ts'
import { type AgreementAsk, makeAgreementKnowledge } from './agreement-facts.ts'
import type { Counts, LastWord } from './agreements.ts'
import { asksAgreements, type GateFacts, type OwnFacts, type RepoFacts } from './decide.ts'
import type { Asker } from './conditions.sql.ts'
import {
  type EpochRow,
  type GateRow,
  gateRequests,
  isTokenApproved,
  repoFactsByAlias,
  repoFactsById,
  repoFactsByPath,
  type RepoFactsRow,
} from './facts.sql.ts'
import type { OwnEnds } from './explain.ts'
import { agreedDenials, type Deciding, decisionsOf, grantedBy } from './decisions.ts'
import { hasLastWord, lastWordOf } from './last-word.ts'
import { orgRuleFacts } from './org-rules.sql.ts'
import type { OrgRule } from './org-rules.ts'
import type { RepoRef } from './permit.ts'
import type { UpstreamFacts, UpstreamReason } from './upstream.ts'
import { roleOfRank } from './roles.ts'

/** A repo named from outside. `path` is `owner/name` in any letter case. */
export interface RepoName {
  readonly type: RepoType
  readonly path: string
}

const splitPath = (path: string): { ownerKey: string; nameKey: string } | undefined => {
  const slash = path.indexOf('/')
  if (slash < 1 || slash !== path.lastIndexOf('/')) return undefined
  return {
    ownerKey: path.slice(0, slash).toLowerCase(),
    nameKey: path.slice(slash + 1).toLowerCase(),
  }
}

/** The two apart: a repo that moves raises its own and may come to an owner with a lower one, where their sum would stand still. */
export const epochOf = (row: EpochRow): string => `${row.policy_epoch}.${row.owner_epoch}`

/** The earliest of those that are. */
const earliest = (...times: readonly (number | null)[]): number | undefined => {
  const ends = times.filter((time) => time !== null)
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** What came by an agreement opens nothing by itself: the agreement is asked, each time. */
const standsFor = ({ state, for_org_id: forOrg }: GateRow): AccessState =>
  forOrg !== null && state === 'accepted' ? 'pending' : state

const nearestOf = (rows: readonly GateRow[], own: AccountId | undefined): GateRow | undefined =>
  rows.find((row) => row.subject_id === own) ?? rows[0]

const gateState = (rows: readonly GateRow[], own: AccountId | undefined): GateFacts['state'] => {
  if (rows.some((row) => standsFor(row) === 'accepted')) return 'accepted'
  const row = nearestOf(rows, own)
  return row === undefined ? 'none' : standsFor(row)
}

/** Where people go whose organisation has to agree with the owner first, below the hub's own URL. */
const agreementPathOf = (row: RepoFactsRow, request: GateRow | undefined): string | undefined => {
  if (row.gate_template === null) return undefined
  const repo = { type: row.type, path: `${row.owner_name}/${row.name}` }
  return agreementPath(repo, request?.agreement_id ?? undefined)
}

/** What stops it, and from when on: later than now while a decision of a steward lets it through. The gravest first. */
const stopsOf = (row: RepoFactsRow): { stop: UpstreamReason; fromMs: number }[] => {
  const { licence_stop: stop, licence_unknown_from_ms: unknownFromMs } = row
  return [
    ...(stop === null ? [] : [{ stop, fromMs: row.licence_stop_from_ms ?? 0 }]),
    ...(unknownFromMs === null
      ? []
      : [{ stop: 'LICENSE_UNKNOWN' as const, fromMs: unknownFromMs }]),
  ]
}

const upstreamOf = (row: RepoFactsRow, nowMs: number): UpstreamFacts => ({
  stop: stopsOf(row).find(({ fromMs }) => fromMs <= nowMs)?.stop,
  excludes: row.licence_excludes?.split(',') ?? [],
})

export type TokenRule = Pick<RepoFactsRow, 'token_life_ms_max' | 'needs_token_approval'>

/** All that a decision about a repo knows. */
export interface Known {
  readonly row: RepoFactsRow
  readonly decision: Deciding
  readonly fileRules: readonly OrgRule[]
  /** When what was decided may end by itself. */
  readonly untilMs: number | undefined
  /** Of a gate that opens by an agreement. */
  readonly agreementPath: string | undefined
}

/** The repo as permits carry it. */
export const toRef = ({
  row,
  decision,
  fileRules,
  untilMs,
  agreementPath: leadsTo,
}: Known): RepoRef => ({
  id: row.id,
  type: row.type,
  path: `${row.owner_name}/${row.name}`,
  ownerId: row.owner_id,
  visibility: row.visibility,
  gate: row.gate ?? undefined,
  reading: decision('repo.read'),
  policyEpoch: epochOf(row),
  ...(fileRules.length === 0 ? {} : { fileRules }),
  ...(untilMs === undefined ? {} : { untilMs }),
  ...(row.gate_template === null ? {} : { gateTemplate: row.gate_template }),
  ...(leadsTo === undefined ? {} : { agreementPath: leadsTo }),
})

export interface Knowledge {
  askerOf(actor: Actor): Asker
  /** Does the organisation refuse the actor's token: too long-lived, or not approved? */
  isRefused(actor: Actor, orgId: AccountId, rule: TokenRule): Promise<boolean>
  /** Undefined when there is no such repo. `ip` is where the request comes from: terms may ask. */
  know(
    actor: Actor,
    target: RepoName | RepoId,
    ip?: string,
    asked?: Counts,
  ): Promise<Known | undefined>
  /** All that could be said of a decision, for who explains it. With `orgId` what its agreements give to anybody of that organisation. */
  facts(
    actor: Actor,
    target: RepoName | RepoId,
    by: { ip: string | undefined; orgId: AccountId | undefined },
  ): Promise<{ row: RepoFactsRow; facts: RepoFacts; ends: OwnEnds; atMs: number } | undefined>
  /** With who paused or ended the agreements that a refusal rests on. */
  withLastWords(actor: Actor, facts: RepoFacts): Promise<RepoFacts>
}

export const makeKnowledge = ({ db, clock }: { db: Database; clock: Clock }): Knowledge => {
  const askerOf = (actor: Actor): Asker => ({ accountId: actorIdOf(actor), nowMs: clock.nowMs() })

  const rowOf = async (
    asker: Asker,
    target: RepoName | RepoId,
  ): Promise<RepoFactsRow | undefined> => {
    if (typeof target === 'string') return repoFactsById(db.read, target, asker)
    const parts = splitPath(target.path)
    if (parts === undefined) return undefined
    const row = await repoFactsByPath(db.read, { type: target.type, ...parts }, asker)
    const pathKey = `${parts.ownerKey}/${parts.nameKey}`
    return row ?? repoFactsByAlias(db.read, { type: target.type, pathKey }, asker)
  }

  const isRefused = async (actor: Actor, orgId: AccountId, rule: TokenRule): Promise<boolean> => {
    if (actor.kind !== 'user' || actor.token === undefined) return false
    const { id, lifeMs } = actor.token
    const most = rule.token_life_ms_max
    if (most !== null && (lifeMs === undefined || lifeMs > most)) return true
    return rule.needs_token_approval === 1 && !(await isTokenApproved(db.read, id, orgId))
  }

  const agreements = makeAgreementKnowledge({ db })

  /** With who paused or ended what is told of a refusal, when that is why. Nothing is asked for where it is not. */
  const withLastWords = async (actor: Actor, facts: RepoFacts): Promise<RepoFacts> => {
    const words = new Map<AgreementId, LastWord>()
    for (const { agreement, reason } of agreedDenials(decisionsOf(actor, facts))) {
      if (words.has(agreement)) continue
      const word = hasLastWord(reason) ? await lastWordOf(db, agreement, reason) : undefined
      if (word !== undefined) words.set(agreement, word)
    }
    if (words.size === 0) return facts
    const told = facts.agreements.map((one) => ({ ...one, lastWord: words.get(one.id) }))
    return { ...facts, agreements: told }
  }

  /** Asks all agreements only when the one that permitted last time does not. */
  const byAgreements = async (ask: AgreementAsk, own: OwnFacts): Promise<Deciding> => {
    const likely = await agreements.likely(ask)
    const first = decisionsOf(ask.actor, { ...own, agreements: likely })
    if (grantedBy(first) !== undefined) return first
    const facts = { ...own, agreements: await agreements.all(ask) }
    const decision = decisionsOf(ask.actor, facts)
    const granted = grantedBy(decision)
    agreements.remember(ask, granted)
    if (granted !== undefined) return decision
    return decisionsOf(ask.actor, await withLastWords(ask.actor, facts))
  }

  /** All but agreements. */
  const gather = async (actor: Actor, target: RepoName | RepoId) => {
    const asker = askerOf(actor)
    const row = await rowOf(asker, target)
    if (row === undefined) return undefined
    const requests =
      row.gate === null || actor.kind !== 'user' ? [] : await gateRequests(db.read, row.id, asker)
    const own: OwnFacts = {
      repoId: row.id,
      ownerId: row.owner_id,
      role: row.role ?? undefined,
      isTokenRefused: await isRefused(actor, row.owner_id, row),
      visibility: row.visibility,
      isInGroup: row.group_id !== null,
      grant: roleOfRank(row.grant_rank),
      gate:
        row.gate === null
          ? undefined
          : {
              kind: row.gate,
              coversMembers: row.gate_covers_members === 1,
              state: gateState(requests, asker.accountId),
            },
      upstream: upstreamOf(row, asker.nowMs),
      hold: row.hold ?? undefined,
      ...(row.ruled === null ? {} : { ruled: await orgRuleFacts(db.read, row, asker) }),
    }
    const leadsTo = agreementPathOf(row, nearestOf(requests, asker.accountId))
    return { asker, row, own, leadsTo, ends: requests.map((one) => one.expires_at_ms) }
  }

  return {
    askerOf,
    isRefused,
    withLastWords,

    async know(actor, target, ip, asked) {
      const found = await gather(actor, target)
      if (found === undefined) return undefined
      const { asker, row, own, ends, leadsTo } = found
      const isAsked = row.agreed !== null && asksAgreements(actor, own)
      const decision = isAsked
        ? await byAgreements(
            { actor, asker, repoId: row.id, ip, ...(asked === undefined ? {} : { asked }) },
            own,
          )
        : decisionsOf(actor, { ...own, agreements: [] })
      const agreedUntil = (): number | null => {
        if (!isAsked) return null
        const reading = decision('repo.read')
        return reading.allowed ? (reading.untilMs ?? null) : null
      }
      return {
        row,
        decision,
        fileRules: own.ruled?.rules ?? [],
        agreementPath: leadsTo,
        untilMs: earliest(
          row.role_until_ms,
          row.grant_until_ms,
          ...stopsOf(row).map(({ fromMs }) => (fromMs > asker.nowMs ? fromMs : null)),
          ...ends,
          agreedUntil(),
        ),
      }
    },

    async facts(actor, target, { ip, orgId }) {
      const found = await gather(actor, target)
      if (found === undefined) return undefined
      const { asker, row, own } = found
      const ask = { actor, asker, repoId: row.id, ip }
      const agreed =
        orgId === undefined ? await agreements.all(ask) : await agreements.ofOrg(ask, orgId)
      const ends = {
        standingMs: earliest(row.role_until_ms, row.grant_until_ms),
        gateMs: earliest(...found.ends),
      }
      return { row, facts: { ...own, agreements: agreed }, ends, atMs: asker.nowMs }
    },
  }
}
