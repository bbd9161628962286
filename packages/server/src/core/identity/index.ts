/**
 * The identity room: who somebody is. Users and organisations share one namespace; organisations have members with roles; tokens are
 * shown once and stored as hashes.
 *
 * Invariants: no secret is stored in clear or logged; a disabled account is nobody at every door at once.
 */
import { createHash } from 'node:crypto'
import type { Database } from '#db/connect.ts'
import type { Row, RoleName } from '#db/schema.ts'
import type { Events } from '../events/index.ts'
import type { Actor, TokenRole } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, IdMaker, TokenId } from '../kernel/ids.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { HubPermit, NamespacePermit } from '../policy/index.ts'
import * as sql from './identity.sql.ts'
import { accountNameProblem, refuseName } from './names.ts'
import { hashPassword, verifyPassword } from './passwords.ts'

export { refuseName, repoNameProblem } from './names.ts'

export interface Account {
  readonly id: AccountId
  readonly kind: 'user' | 'org'
  readonly name: string
  readonly fullName: string
  readonly email: string | undefined
  readonly isAdmin: boolean
  readonly isDisabled: boolean
  readonly createdAtMs: number
}

export interface Membership {
  readonly orgId: AccountId
  readonly orgName: string
  readonly orgFullName: string
  readonly role: RoleName
}

export interface Token {
  readonly id: TokenId
  readonly label: string
  readonly role: TokenRole
  readonly hint: string
  readonly createdAtMs: number
  readonly lastUsedAtMs: number | undefined
  readonly expiresAtMs: number | undefined
  readonly isRevoked: boolean
}

/** Who a credential speaks for, and the token it came by. */
export interface Authenticated {
  readonly actor: Extract<Actor, { kind: 'user' }>
  readonly token: { readonly label: string; readonly role: TokenRole; readonly createdAtMs: number }
}

export interface NewUser {
  readonly name: string
  readonly password?: string
  readonly fullName?: string
  readonly email?: string
  readonly isAdmin?: boolean
}

export interface Identity {
  /** Errors: `invalid` name or password, `exists`. */
  createUser(ctx: Ctx, permit: HubPermit, user: NewUser): Promise<Account>
  /** The owner becomes its first administrator. Errors: `invalid`, `exists`, `account_not_found`. */
  createOrg(ctx: Ctx, permit: HubPermit, name: string, ownerName: string): Promise<Account>
  /** Adds a member or changes its role. Errors: `account_not_found`. */
  addMember(
    ctx: Ctx,
    permit: NamespacePermit<'namespace.manage'>,
    userName: string,
    role: RoleName,
  ): Promise<void>
  disableUser(ctx: Ctx, permit: HubPermit, name: string): Promise<void>
  /** The secret is in the answer and nowhere else. Errors: `account_not_found`. */
  createToken(
    ctx: Ctx,
    permit: HubPermit,
    token: { userName: string; label: string; role: TokenRole; lifeMs?: number },
  ): Promise<{ token: Token; secret: string }>
  listTokens(permit: HubPermit, userName: string): Promise<Token[]>
  /** Repeating it is no error. Errors: `entry_not_found`. */
  revokeToken(ctx: Ctx, permit: HubPermit, id: TokenId): Promise<void>
  /** Undefined when the secret is unknown, expired or revoked, or its account disabled. */
  authenticate(secret: string): Promise<Authenticated | undefined>
  /** Undefined when name and password do not belong together; takes the same time either way. */
  signIn(name: string, password: string): Promise<Account | undefined>
  /** Accounts by name, any letter case. */
  find(name: string): Promise<Account | undefined>
  get(id: AccountId): Promise<Account | undefined>
  /** In order of name, after the given one. */
  list(kind: 'user' | 'org', page: { after: string; limit: number }): Promise<Account[]>
  memberships(userId: AccountId): Promise<Membership[]>
  /** A fresh one-time set-up secret while no account exists, else undefined. */
  offerSetup(): Promise<string | undefined>
  /** Creates the first administrator. Errors: `permission_denied` when the link is used, expired or unknown; `invalid`. */
  completeSetup(
    ctx: Ctx,
    secret: string,
    user: NewUser,
  ): Promise<{ account: Account; secret: string }>
}

export interface IdentityDeps {
  readonly db: Database
  readonly events: Events
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
  /** Lower-cased names that pages of the hub use. */
  readonly reservedNames: ReadonlySet<string>
}

const passwordCharsMin = 8
const passwordCharsMax = 1024
const membershipsMax = 1_000
const tokensMax = 1_000
const touchEveryMs = 60_000
const setupLifeMs = 7 * 24 * 3600_000

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `hf_` and 40 alphanumerics: the form that every Hugging Face client accepts. */
const makeSecret = (chance: Chance): string => {
  let text = ''
  while (text.length < 40) {
    for (const byte of chance.bytes(64)) {
      // Rejection keeps the letters equally likely.
      if (byte < 248 && text.length < 40) text += alphabet[byte % 62]
    }
  }
  return `hf_${text}`
}

const toAccount = (row: Row<'account'>): Account => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  fullName: row.full_name,
  email: row.email ?? undefined,
  isAdmin: row.is_admin === 1,
  isDisabled: row.disabled_at_ms !== null,
  createdAtMs: row.created_at_ms,
})

const toToken = (row: Row<'token'>): Token => ({
  id: row.id,
  label: row.label,
  role: row.role,
  hint: row.hint,
  createdAtMs: row.created_at_ms,
  lastUsedAtMs: row.last_used_at_ms ?? undefined,
  expiresAtMs: row.expires_at_ms ?? undefined,
  isRevoked: row.revoked_at_ms !== null,
})

const refusePassword = (password: string): void => {
  if (password.length < passwordCharsMin || password.length > passwordCharsMax) {
    throw new HubError(
      'invalid',
      `A password has ${passwordCharsMin} to ${passwordCharsMax} characters; this one has ${password.length}.`,
    )
  }
}

export const makeIdentity = (deps: IdentityDeps): Identity => {
  const { db, events, clock, chance, ids, reservedNames } = deps

  const needAccount = async (name: string, kind: 'user' | 'org'): Promise<Row<'account'>> => {
    const row = await sql.accountByKey(db.read, name.toLowerCase())
    if (row?.kind === kind) return row
    const word = kind === 'user' ? 'user' : 'organisation'
    throw new HubError('account_not_found', `There is no ${word} "${name}" here.`)
  }

  const newAccount = (kind: 'user' | 'org', user: NewUser): Row<'account'> => {
    const word = kind === 'user' ? 'user' : 'organisation'
    refuseName(word, user.name, accountNameProblem(user.name, reservedNames))
    return {
      id: ids<AccountId>(),
      kind,
      name: user.name,
      name_key: user.name.toLowerCase(),
      full_name: user.fullName ?? user.name,
      email: user.email ?? null,
      is_admin: user.isAdmin === true ? 1 : 0,
      disabled_at_ms: null,
      policy_epoch: 0,
      created_at_ms: clock.nowMs(),
    }
  }

  const refuseTaken = (error: unknown, name: string): never => {
    if (!db.flavor.isUniqueViolation(error)) throw error
    throw new HubError('exists', `The name "${name}" is taken on this hub. Choose another one.`)
  }

  const storeUser = async (
    ctx: Ctx,
    user: NewUser,
    beforehand: (q: Database['read']) => Promise<void> = () => Promise.resolve(),
  ): Promise<Account> => {
    if (user.password !== undefined) refusePassword(user.password)
    const row = newAccount('user', user)
    const hash = user.password === undefined ? undefined : await hashPassword(chance, user.password)
    await db
      .tx(async (q, after) => {
        await beforehand(q)
        await sql.insertAccount(q, row)
        if (hash !== undefined) {
          await sql.setPassword(q, { account_id: row.id, hash, changed_at_ms: clock.nowMs() })
        }
        const payload = { accountId: row.id, kind: 'user', name: row.name } as const
        await events.append({ q, after, ctx }, 'account_created', payload)
      })
      .catch((error: unknown) => refuseTaken(error, user.name))
    return toAccount(row)
  }

  const storeToken = async (
    ctx: Ctx,
    accountId: AccountId,
    wish: { label: string; role: TokenRole; lifeMs?: number },
  ): Promise<{ token: Token; secret: string }> => {
    const secret = makeSecret(chance)
    const row: Row<'token'> = {
      id: ids<TokenId>(),
      account_id: accountId,
      label: wish.label,
      role: wish.role,
      secret_sha256: sha256Hex(secret),
      hint: secret.slice(-4),
      created_at_ms: clock.nowMs(),
      last_used_at_ms: null,
      expires_at_ms: wish.lifeMs === undefined ? null : clock.nowMs() + wish.lifeMs,
      revoked_at_ms: null,
    }
    await db.tx(async (q, after) => {
      await sql.insertToken(q, row)
      const payload = { tokenId: row.id, accountId, role: row.role }
      await events.append({ q, after, ctx }, 'token_created', payload)
    })
    return { token: toToken(row), secret }
  }

  /** Last use, to the minute: a write for each request would cost more than the request. */
  const touch = (holder: sql.TokenHolder): void => {
    const nowMs = clock.nowMs()
    if (nowMs - (holder.last_used_at_ms ?? 0) < touchEveryMs) return
    db.tx((q) => sql.touchToken(q, holder.id, nowMs)).catch(() => undefined)
  }

  // A hash nobody's password has, so that unknown names cost the same time as known ones.
  const decoy = hashPassword(chance, makeSecret(chance))

  return {
    createUser: (ctx, _permit, user) => storeUser(ctx, user),

    async createOrg(ctx, _permit, name, ownerName) {
      const owner = await needAccount(ownerName, 'user')
      const row = newAccount('org', { name })
      await db
        .tx(async (q, after) => {
          await sql.insertAccount(q, row)
          const nowMs = clock.nowMs()
          const member = { org_id: row.id, user_id: owner.id, role: 'admin' as const }
          await sql.upsertMembership(q, { ...member, created_at_ms: nowMs })
          const payload = { accountId: row.id, kind: 'org', name } as const
          await events.append({ q, after, ctx }, 'account_created', payload)
        })
        .catch((error: unknown) => refuseTaken(error, name))
      return toAccount(row)
    },

    async addMember(ctx, { namespace }, userName, role) {
      if (namespace.kind !== 'org') {
        throw new HubError(
          'invalid',
          `"${namespace.name}" is a user; only organisations have members.`,
        )
      }
      const user = await needAccount(userName, 'user')
      await db.tx(async (q, after) => {
        const nowMs = clock.nowMs()
        const row = { org_id: namespace.id, user_id: user.id, role, created_at_ms: nowMs }
        await sql.upsertMembership(q, row)
        await sql.raiseEpoch(q, namespace.id)
        const payload = { orgId: namespace.id, userId: user.id, role }
        await events.append({ q, after, ctx }, 'member_added', payload)
      })
    },

    async disableUser(ctx, _permit, name) {
      const user = await needAccount(name, 'user')
      await db.tx(async (q, after) => {
        await sql.disableAccount(q, user.id, clock.nowMs())
        await events.append({ q, after, ctx }, 'account_disabled', { accountId: user.id })
      })
    },

    async createToken(ctx, _permit, wish) {
      const user = await needAccount(wish.userName, 'user')
      return storeToken(ctx, user.id, wish)
    },

    async listTokens(_permit, userName) {
      const user = await needAccount(userName, 'user')
      return (await sql.tokensOf(db.read, user.id, tokensMax)).map(toToken)
    },

    async revokeToken(ctx, _permit, id) {
      const row = await sql.tokenById(db.read, id)
      if (row === undefined) {
        throw new HubError(
          'entry_not_found',
          `There is no token "${id}". List a user's tokens to find its id.`,
        )
      }
      await db.tx(async (q, after) => {
        await sql.revokeToken(q, id, clock.nowMs())
        const payload = { tokenId: id, accountId: row.account_id }
        await events.append({ q, after, ctx }, 'token_revoked', payload)
      })
    },

    async authenticate(secret) {
      const holder = await sql.tokenBySecret(db.read, sha256Hex(secret))
      if (holder === undefined || holder.disabled_at_ms !== null) return undefined
      if (holder.revoked_at_ms !== null) return undefined
      if (holder.expires_at_ms !== null && holder.expires_at_ms <= clock.nowMs()) return undefined
      touch(holder)
      return {
        actor: {
          kind: 'user',
          id: holder.account_id,
          name: holder.name,
          isAdmin: holder.is_admin === 1,
          tokenRole: holder.role,
          tokenId: holder.id,
        },
        token: { label: holder.label, role: holder.role, createdAtMs: holder.created_at_ms },
      }
    },

    async signIn(name, password) {
      const row = await sql.accountByKey(db.read, name.toLowerCase())
      const stored = row === undefined ? undefined : await sql.passwordOf(db.read, row.id)
      const isRight = await verifyPassword(stored?.hash ?? (await decoy), password)
      if (!isRight || row === undefined || stored === undefined) return undefined
      return row.disabled_at_ms === null ? toAccount(row) : undefined
    },

    async find(name) {
      const row = await sql.accountByKey(db.read, name.toLowerCase())
      return row === undefined ? undefined : toAccount(row)
    },

    async get(id) {
      const row = await sql.accountById(db.read, id)
      return row === undefined ? undefined : toAccount(row)
    },

    list: async (kind, page) =>
      (await sql.listAccounts(db.read, kind, page.after.toLowerCase(), page.limit)).map(toAccount),

    memberships: async (userId) =>
      (await sql.membershipsOf(db.read, userId, membershipsMax)).map((row) => ({
        orgId: row.org_id,
        orgName: row.org_name,
        orgFullName: row.org_full_name,
        role: row.role,
      })),

    async offerSetup() {
      if (await sql.hasAccounts(db.read)) return undefined
      const secret = chance.bytes(24).toString('base64url')
      const nowMs = clock.nowMs()
      await db.tx(async (q) => {
        await sql.clearInvitations(q)
        await sql.insertInvitation(q, {
          secret_sha256: sha256Hex(secret),
          purpose: 'setup',
          created_at_ms: nowMs,
          expires_at_ms: nowMs + setupLifeMs,
        })
      })
      return secret
    },

    async completeSetup(ctx, secret, user) {
      const account = await storeUser(ctx, { ...user, isAdmin: true }, async (q) => {
        const invitation = await sql.invitationBySecret(q, sha256Hex(secret))
        const isOpen = invitation !== undefined && invitation.expires_at_ms > clock.nowMs()
        if (!isOpen || (await sql.hasAccounts(q))) {
          throw new HubError(
            'permission_denied',
            'This set-up link is used, expired or unknown. Create users with `weighhouse user create`, or restart a hub that has none for a new link.',
          )
        }
        await sql.clearInvitations(q)
      })
      const { secret: tokenSecret } = await storeToken(ctx, account.id, {
        label: 'set-up',
        role: 'write',
      })
      return { account, secret: tokenSecret }
    },
  }
}
