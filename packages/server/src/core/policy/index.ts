/**
 * The policy room: decides, once, for every door, and mints permits. It reads facts of other rooms and writes nothing.
 *
 * Invariants: no permit without a decision; a hidden repo and a missing one give the same error; no default allow.
 */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { RepoType } from '#db/schema.ts'
import { type Actor, actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, RepoId, TokenId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import {
  decideHub,
  decideNamespace,
  decideRepo,
  type DenialReason,
  type NamespaceAction,
  type RepoAction,
} from './decide.ts'
import {
  activeAccount,
  isTokenInForce,
  namespaceFacts,
  repoFactsByAlias,
  repoFactsById,
  repoFactsByPath,
  type RepoFactsRow,
} from './facts.sql.ts'
import {
  type HubPermit,
  mintHub,
  mintNamespace,
  mintRepo,
  type NamespacePermit,
  type Permit,
  type ReadPermit,
  type RepoRef,
} from './permit.ts'
import { actsFor, formatTicket, parseTicket, type TicketAct, type TicketClaims } from './ticket.ts'
import { claimableXorbs } from './xorbs.sql.ts'

export type { Action, NamespaceAction, RepoAction } from './decide.ts'
export type {
  HubPermit,
  NamespacePermit,
  NamespaceRef,
  Permit,
  ReadPermit,
  RepoRef,
} from './permit.ts'
export type { TicketAct } from './ticket.ts'
export { readableRepos, visibleRepos } from './visible.sql.ts'

/** A repo named from outside. `path` is `owner/name` in any letter case. */
export interface RepoName {
  readonly type: RepoType
  readonly path: string
}

export interface Policy {
  /**
   * Leave to act on a repo, or the typed refusal: `repo_not_found` (missing or hidden), `unauthenticated`, `permission_denied`,
   * `repo_disabled`. A repo that has moved is found by its old name; the permit then carries the new one.
   */
  require<A extends RepoAction>(ctx: Ctx, action: A, target: RepoName | RepoId): Promise<Permit<A>>
  /** Leave to act on a namespace. Errors: `account_not_found`, `unauthenticated`, `permission_denied`. */
  requireNamespace<A extends NamespaceAction>(
    ctx: Ctx,
    action: A,
    name: string,
  ): Promise<NamespacePermit<A>>
  /** Leave to manage the hub itself. */
  requireHub(ctx: Ctx): HubPermit
  /** Throws `conflict` when the access rules of the permit's repo have changed since it was made. Runs inside a transaction. */
  confirm(q: Querier, permit: ReadPermit): Promise<void>
  /** Turns a permit into a ticket that any instance accepts until it expires. */
  ticket(permit: ReadPermit, grant: { act: TicketAct; subject: string; seconds: number }): string
  /**
   * Takes a ticket back as a permit for its repo. The subject is what the ticket was made for; acts that do not allow the action are
   * refused. Errors: `permission_denied` when it is forged, expired, of another act or subject (`reason` says which); otherwise what
   * `require` would say now, if the policy has changed since.
   */
  redeem<A extends 'repo.read' | 'repo.write'>(
    ctx: Ctx,
    action: A,
    text: string,
    subject: string,
  ): Promise<Permit<A>>
  /** Which of these xorbs the permit's actor may name in a file of its repo. */
  claimable(permit: ReadPermit, xorbs: readonly XetHash[]): Promise<ReadonlySet<XetHash>>
}

export interface PolicyDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ticketKey: Buffer
}

const splitPath = (path: string): { ownerKey: string; nameKey: string } | undefined => {
  const slash = path.indexOf('/')
  if (slash < 1 || slash !== path.lastIndexOf('/')) return undefined
  return {
    ownerKey: path.slice(0, slash).toLowerCase(),
    nameKey: path.slice(slash + 1).toLowerCase(),
  }
}

const sentences: Record<DenialReason, (what: string) => string> = {
  not_signed_in: (what) => `Signing in is required to ${what}. Send a token with your request.`,
  not_visible: () => 'Repository not found',
  disabled: () => 'Access to this resource is disabled.',
  token_is_read_only: (what) =>
    `This token has the role "read" and may not ${what}. Use a token with the role "write".`,
  role_too_low: (what) =>
    `You do not have the required permissions to ${what}. Ask an administrator of the owner for a higher role.`,
  not_an_admin: (what) => `Only an administrator of this hub may ${what}.`,
}

const wordsOf: Record<RepoAction | NamespaceAction | 'hub.manage', string> = {
  'repo.see': 'see this repository',
  'repo.read': 'read this repository',
  'repo.write': 'write to this repository',
  'repo.admin': 'administer this repository',
  'namespace.create': 'create repositories under this namespace',
  'namespace.manage': 'manage this namespace',
  'hub.manage': 'manage this hub',
}

const refusal = (
  actor: Actor,
  action: keyof typeof wordsOf,
  reason: DenialReason,
  reveal: boolean,
): HubError => {
  const message = sentences[reason](wordsOf[action])
  if (!reveal) return notFound(actor)
  if (reason === 'disabled') return new HubError('repo_disabled', message, { reason })
  return new HubError(
    reason === 'not_signed_in' ? 'unauthenticated' : 'permission_denied',
    message,
    { reason },
  )
}

const notFound = (actor: Actor): HubError =>
  new HubError('repo_not_found', 'Repository not found', { anonymous: actor.kind === 'anonymous' })

/** The two apart: a repo that moves raises its own and may come to an owner with a lower one, where their sum would stand still. */
const epochOf = (row: RepoFactsRow): string => `${row.policy_epoch}.${row.owner_epoch}`

const toRef = (row: RepoFactsRow): RepoRef => ({
  id: row.id,
  type: row.type,
  path: `${row.owner_name}/${row.name}`,
  ownerId: row.owner_id,
  visibility: row.visibility,
  policyEpoch: epochOf(row),
})

export const makePolicy = ({ db, clock, ticketKey }: PolicyDeps): Policy => {
  const factsOf = async (
    actor: Actor,
    target: RepoName | RepoId,
  ): Promise<RepoFactsRow | undefined> => {
    const actorId = actorIdOf(actor)
    if (typeof target === 'string') return repoFactsById(db.read, target, actorId)
    const parts = splitPath(target.path)
    if (parts === undefined) return undefined
    const row = await repoFactsByPath(db.read, { type: target.type, ...parts }, actorId)
    const pathKey = `${parts.ownerKey}/${parts.nameKey}`
    return row ?? repoFactsByAlias(db.read, { type: target.type, pathKey }, actorId)
  }

  const permitFor = async <A extends RepoAction>(
    actor: Actor,
    action: A,
    target: RepoName | RepoId,
  ): Promise<Permit<A>> => {
    const row = await factsOf(actor, target)
    if (row === undefined) throw notFound(actor)
    const decision = decideRepo(actor, action, {
      ownerId: row.owner_id,
      role: row.role ?? undefined,
      visibility: row.visibility,
      isDisabled: row.disabled_at_ms !== null,
    })
    if (!decision.allowed) throw refusal(actor, action, decision.reason, decision.reveal)
    return mintRepo(actor, toRef(row))
  }

  /** The actor a ticket was minted for, if the account may still act. */
  const holderOf = async (claims: TicketClaims): Promise<Actor> => {
    if (claims.actor === undefined) return { kind: 'anonymous' }
    const row = await activeAccount(db.read, claims.actor as AccountId)
    const isInForce =
      claims.token === undefined ||
      (await isTokenInForce(db.read, claims.token as TokenId, clock.nowMs()))
    if (row === undefined || !isInForce) {
      throw new HubError(
        'permission_denied',
        'The account or token behind this link may no longer act here.',
      )
    }
    return {
      kind: 'user',
      id: row.id,
      name: row.name,
      isAdmin: row.is_admin === 1,
      tokenRole: claims.role ?? 'read',
      // Kept, so that tickets made from this one end with the token as well.
      ...(claims.token === undefined ? {} : { tokenId: claims.token as TokenId }),
    }
  }

  return {
    require: (ctx, action, target) => permitFor(ctx.actor, action, target),

    async requireNamespace(ctx, action, name) {
      const row = await namespaceFacts(db.read, name.toLowerCase(), actorIdOf(ctx.actor))
      if (row === undefined) {
        throw new HubError('account_not_found', `There is no user or organisation "${name}" here.`)
      }
      const facts = { ownerId: row.id, role: row.role ?? undefined }
      const decision = decideNamespace(ctx.actor, action, facts)
      if (!decision.allowed) throw refusal(ctx.actor, action, decision.reason, decision.reveal)
      return mintNamespace(ctx.actor, { id: row.id, name: row.name, kind: row.kind })
    },

    requireHub(ctx) {
      const decision = decideHub(ctx.actor)
      if (!decision.allowed) throw refusal(ctx.actor, 'hub.manage', decision.reason, true)
      return mintHub(ctx.actor)
    },

    async confirm(q, { repo }) {
      const row = await repoFactsById(q, repo.id, undefined)
      if (row !== undefined && epochOf(row) === repo.policyEpoch) return
      throw new HubError(
        'conflict',
        'The access rules of this repository have just changed. Repeat the request.',
      )
    },

    ticket(permit, { act, subject, seconds }) {
      const { actor, repo } = permit
      return formatTicket(ticketKey, {
        v: 1,
        act,
        repo: repo.id,
        ...(actor.kind === 'user'
          ? {
              actor: actor.id,
              role: actor.tokenRole,
              ...(actor.tokenId === undefined ? {} : { token: actor.tokenId }),
            }
          : {}),
        epoch: repo.policyEpoch,
        subject,
        exp: Math.floor(clock.nowMs() / 1000) + seconds,
      })
    },

    async redeem(_ctx, action, text, subject) {
      const parsed = parseTicket(ticketKey, text, clock.nowMs())
      if ('problem' in parsed) {
        throw new HubError(
          'permission_denied',
          parsed.problem === 'expired'
            ? 'This link has expired. Ask for a new one by starting the transfer again.'
            : 'This link was not made by this hub, or was cut short. Start the transfer again.',
          { reason: `ticket_${parsed.problem}` },
        )
      }
      const { claims } = parsed
      const acts: readonly TicketAct[] = actsFor[action]
      if (claims.subject !== subject) {
        const reason = 'ticket_of_another_subject'
        throw new HubError('permission_denied', 'This link is for another transfer.', { reason })
      }
      if (!acts.includes(claims.act)) {
        const message = `This link or token does not let its holder ${wordsOf[action]}.`
        throw new HubError('permission_denied', message, { reason: 'ticket_of_another_act' })
      }
      const row = await repoFactsById(db.read, claims.repo as RepoId, undefined)
      if (row === undefined) throw notFound({ kind: 'anonymous' })
      const holder = await holderOf(claims)
      return epochOf(row) === claims.epoch
        ? mintRepo(holder, toRef(row))
        : permitFor(holder, action, row.id)
    },

    claimable: ({ actor, repo }, xorbs) => claimableXorbs(db.read, actor, repo.id, xorbs),
  }
}
