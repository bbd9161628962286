/**
 * The policy room: decides, once, for every door, and mints permits. It reads facts of other rooms and writes nothing.
 *
 * Invariants: no permit without a decision; a hidden repo and a missing one give the same error; no default allow.
 */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Counts } from './agreements.ts'
import { decideHub, decideNamespace, decideOwnAccount } from './decide-accounts.ts'
import {
  type Decision,
  isLeftOpen,
  type NamespaceAction,
  no,
  type RepoAction,
  repoActions,
} from './decide.ts'
import { brokenByFile } from './org-rules.ts'
import { type Explained, makeExplaining } from './explaining.ts'
import { makeLooking } from './looking.ts'
import { makeMatrix, type Matrix } from './matrix.ts'
import { namespaceFacts, repoEpoch } from './facts.sql.ts'
import { holderClaims, holderOf } from './holders.ts'
import { epochOf, makeKnowledge, type RepoName, toRef } from './knowledge.ts'
import {
  type AccountPermit,
  type HubPermit,
  mintAccount,
  mintHub,
  mintNamespace,
  mintRepo,
  type NamespacePermit,
  type Permit,
  type ReadPermit,
  type RepoRef,
} from './permit.ts'
import { notFound, refusal, wordsOf } from './refusals.ts'
import { actsFor, formatTicket, parseTicket, type TicketAct, ticketProblems } from './ticket.ts'
import { claimableXorbs } from './xorbs.sql.ts'

export {
  holderOfSecret,
  holderOfSessionSecret,
  type SessionHolder,
  type TokenHolder,
} from './actors.sql.ts'
export type { Action, NamespaceAction, RepoAction } from './decide.ts'
export type {
  AccountPermit,
  BrowsePermit,
  HubPermit,
  NamespacePermit,
  NamespaceRef,
  Permit,
  ReadPermit,
  RepoRef,
} from './permit.ts'
export type { Explained } from './explaining.ts'
export type { MatrixRow } from './matrix.ts'
export { type OrgRuleKind, orgRuleKinds, strangeWord } from './org-rules.ts'
export { rankOf } from './roles.ts'
export { type AgreementFacts, answerOf, spanOf } from './agreements.ts'
export type { Counts, LastWord, Metered } from './agreements.ts'
export { countNamed } from './terms.sql.ts'
export { type GivenKey, type GivenRow, givenTo, grantsReaching } from './given.sql.ts'
export { inForce } from './conditions.sql.ts'
export type { RepoName } from './knowledge.ts'
export { refusal } from './refusals.ts'
export type { TicketAct } from './ticket.ts'
export { browsableRepos, readableRepos, visibleRepos } from './visible.sql.ts'

export interface Policy {
  /**
   * Leave to act on a repo, or the typed refusal: `repo_not_found` (missing or hidden), `unauthenticated`, `permission_denied`,
   * `repo_disabled`, `gated`. A repo that has moved is found by its old name; the permit then carries the new one.
   */
  require<A extends RepoAction>(ctx: Ctx, action: A, target: RepoName | RepoId): Promise<Permit<A>>
  /** Leave to read so much more of a repo, beyond what was counted before. Errors: as `require`, and `quota_exhausted`. */
  requireFor(ctx: Ctx, permit: ReadPermit, asked: Counts): Promise<Permit<'repo.read'>>
  /**
   * Leave to read one file of a repo that may be browsed: all of them, or the card and the terms where a gate is shut. Errors: as
   * `require(ctx, 'repo.read', …)`.
   */
  open(permit: Permit<'repo.browse'>, path: string): Permit<'repo.read'>
  /**
   * All that the actor may do to a repo, for pages that offer only what is allowed: an answer, not a leave. Errors: `repo_not_found`, for a
   * hidden one too.
   */
  abilities(ctx: Ctx, target: RepoName | RepoId): Promise<{ repo: RepoRef; may: RepoAction[] }>
  /** Leave to act on a namespace. Errors: `account_not_found`, `unauthenticated`, `permission_denied`. */
  requireNamespace<A extends NamespaceAction>(
    ctx: Ctx,
    action: A,
    name: string,
  ): Promise<NamespacePermit<A>>
  /** The answer alone, where a refusal is nobody's concern. False for a namespace that is not there. */
  allowsNamespace(actor: Actor, action: NamespaceAction, name: string): Promise<boolean>
  /** Leave to manage the hub itself. */
  requireHub(ctx: Ctx): HubPermit
  /** Leave of an actor to look after its own account. Errors: `unauthenticated`, `permission_denied`. */
  requireOwnAccount(ctx: Ctx): AccountPermit
  /** The answer as data, for those who explain it. Undefined when there is no such repo. */
  explain(
    actor: Actor,
    action: RepoAction,
    target: RepoName | RepoId,
  ): Promise<{ decision: Decision; repo: RepoRef } | undefined>
  /**
   * The answer with its reasons, about the asker or the account named by `as`: somebody of an organisation that the asker administers or
   * audits, or an organisation that shares a repo which the asker administers. Errors: `repo_not_found`, missing or hidden from the asker;
   * `permission_denied` to ask about somebody else.
   */
  explainTo(
    ctx: Ctx,
    action: RepoAction,
    target: RepoName,
    as: string | undefined,
  ): Promise<Explained>
  /** Who may do what with a repo, until when. */
  readonly matrix: Matrix
  /** Throws `conflict` when the access rules of the permit's repo have changed since it was made. Runs inside a transaction. */
  confirm(q: Querier, permit: ReadPermit): Promise<void>
  /** Turns a permit into a ticket that any instance accepts until it expires. */
  ticket(permit: ReadPermit, grant: { act: TicketAct; subject: string; seconds: number }): string
  /**
   * Takes a ticket back as a permit for its repo. The subject is what the ticket was made for; acts that do not allow the action are
   * refused, and its holder is decided about again. Errors: `permission_denied` when it is forged, expired, of another act or subject
   * (`reason` says which), or its credential ended; otherwise what `require` would say now.
   */
  redeem<A extends 'repo.read' | 'repo.write'>(
    ctx: Ctx,
    action: A,
    text: string,
    subject: string,
    /** Looked at again while a transfer runs: that its time is over ends none that began in time. */
    hasBegun?: boolean,
  ): Promise<Permit<A>>
  /** Which of these xorbs the permit's actor may name in a file of its repo. */
  claimable(permit: ReadPermit, xorbs: readonly XetHash[]): Promise<ReadonlySet<XetHash>>
}

export interface PolicyDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ticketKey: Buffer
}

export const makePolicy = ({ db, clock, ticketKey }: PolicyDeps): Policy => {
  const knowledge = makeKnowledge({ db, clock })
  const { askerOf, isRefused, know } = knowledge
  const explaining = { db, knowledge, looking: makeLooking({ db, knowledge }) }

  const permitFor = async <A extends RepoAction>(
    actor: Actor,
    action: A,
    target: RepoName | RepoId,
    { ip, asked }: { ip: string | undefined; asked?: Counts },
  ): Promise<Permit<A>> => {
    const known = await know(actor, target, ip, asked)
    if (known === undefined) throw notFound(actor)
    const decision = known.decision(action)
    const { row } = known
    if (!decision.allowed) {
      const { agreementPath: leadsTo } = known
      const repo = { type: row.type, path: `${row.owner_name}/${row.name}` }
      const told = leadsTo === undefined ? repo : { ...repo, agreementPath: leadsTo }
      throw refusal(actor, action, decision, told)
    }
    return mintRepo(actor, toRef(known))
  }

  const decideOn = async (actor: Actor, action: NamespaceAction, name: string) => {
    const row = await namespaceFacts(db.read, name.toLowerCase(), askerOf(actor))
    if (row === undefined) return undefined
    const isTokenRefused = await isRefused(actor, row.id, row)
    const facts = { ownerId: row.id, role: row.role ?? undefined, isTokenRefused }
    const namespace = { id: row.id, name: row.name, kind: row.kind }
    return { namespace, decision: decideNamespace(actor, action, facts) }
  }

  return {
    require: (ctx, action, target) => permitFor(ctx.actor, action, target, { ip: ctx.ip }),

    requireFor: (ctx, { actor, repo }, asked) =>
      permitFor(actor, 'repo.read', repo.id, { ip: ctx.ip, asked }),

    open({ actor, repo }, path) {
      const { reading, fileRules = [] } = repo
      const rule = brokenByFile(fileRules, path)
      if (rule !== undefined) {
        throw refusal(actor, 'repo.read', { ...no('ORG_POLICY'), rule }, repo)
      }
      // Files of a format that nobody minds may be read beside those that a rule refuses.
      const isRuledByFile = !reading.allowed && reading.rule?.kind === 'formats_denied'
      if (!reading.allowed && !isRuledByFile && !isLeftOpen(path)) {
        throw refusal(actor, 'repo.read', reading, repo)
      }
      return mintRepo(actor, repo)
    },

    async abilities({ actor, ip }, target) {
      const known = await know(actor, target, ip)
      const seeing = known?.decision('repo.see')
      if (known === undefined || seeing?.allowed !== true) throw notFound(actor)
      const may = repoActions.filter((action) => known.decision(action).allowed)
      return { repo: toRef(known), may }
    },

    async requireNamespace({ actor }, action, name) {
      const answer = await decideOn(actor, action, name)
      if (answer === undefined) {
        throw new HubError('account_not_found', `There is no user or organisation "${name}" here.`)
      }
      const { namespace, decision } = answer
      if (!decision.allowed) throw refusal(actor, action, decision, { account: namespace.name })
      return mintNamespace(actor, namespace)
    },

    allowsNamespace: async (actor, action, name) =>
      (await decideOn(actor, action, name))?.decision.allowed === true,

    requireHub(ctx) {
      const decision = decideHub(ctx.actor)
      if (!decision.allowed) throw refusal(ctx.actor, 'hub.manage', decision)
      return mintHub(ctx.actor)
    },

    requireOwnAccount(ctx) {
      const decision = decideOwnAccount(ctx.actor)
      if (!decision.allowed) throw refusal(ctx.actor, 'account.manage', decision)
      const { actor } = ctx
      if (actor.kind === 'user') return mintAccount(actor)
      throw new HubError('invalid', 'The hub itself has no account: name one.')
    },

    async explain(actor, action, target) {
      const known = await know(actor, target)
      return known && { decision: known.decision(action), repo: toRef(known) }
    },

    explainTo: makeExplaining(explaining),

    matrix: makeMatrix(explaining),

    async confirm(q, { repo }) {
      const row = await repoEpoch(q, repo.id)
      if (row !== undefined && epochOf(row) === repo.policyEpoch) return
      throw new HubError(
        'conflict',
        'The access rules of this repository have just changed. Repeat the request.',
      )
    },

    ticket(permit, { act, subject, seconds }) {
      const { actor, repo } = permit
      const endMs = Math.min(clock.nowMs() + seconds * 1000, repo.untilMs ?? Infinity)
      return formatTicket(ticketKey, {
        v: 1,
        act,
        repo: repo.id,
        ...(actor.kind === 'user' ? holderClaims(actor) : {}),
        subject,
        exp: Math.floor(endMs / 1000),
      })
    },

    async redeem(ctx, action, text, subject, hasBegun = false) {
      const parsed = parseTicket(ticketKey, text, hasBegun ? 0 : clock.nowMs())
      if ('problem' in parsed) {
        throw new HubError('permission_denied', ticketProblems[parsed.problem], {
          reason: `ticket_${parsed.problem}`,
        })
      }
      const { claims } = parsed
      const acts: readonly TicketAct[] = actsFor[action]
      if (claims.subject !== subject) {
        const of = { reason: 'ticket_of_another_subject' }
        throw new HubError('permission_denied', 'This link is for another transfer.', of)
      }
      if (!acts.includes(claims.act)) {
        const message = `This link or token does not let its holder ${wordsOf[action]}.`
        throw new HubError('permission_denied', message, { reason: 'ticket_of_another_act' })
      }
      const holder = await holderOf(db.read, claims, { nowMs: clock.nowMs(), ip: ctx.ip })
      return permitFor(holder, action, claims.repo as RepoId, { ip: ctx.ip })
    },

    claimable: ({ actor, repo }, xorbs) =>
      claimableXorbs(db.read, { actor, nowMs: clock.nowMs() }, repo.id, xorbs),
  }
}
