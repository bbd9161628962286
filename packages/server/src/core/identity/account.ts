/** What an account is, and what is said of a new one. */
import type { Row } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'

export interface Account {
  readonly id: AccountId
  readonly kind: 'user' | 'org'
  readonly name: string
  readonly fullName: string
  readonly email: string | undefined
  readonly isAdmin: boolean
  readonly isDisabled: boolean
  readonly createdAtMs: number
  readonly details: string | undefined
  readonly website: string | undefined
  /** The organisation a service account works for. */
  readonly serviceOf: AccountId | undefined
}

export interface NewUser {
  readonly name: string
  readonly password?: string
  readonly fullName?: string
  readonly email?: string
  readonly isAdmin?: boolean
}

/** What an account says of itself; what is absent stays, '' takes it back. */
export interface Card {
  readonly fullName?: string
  readonly details?: string
  readonly website?: string
}

export interface Page {
  readonly after: string
  readonly limit: number
}

export const toAccount = (row: Row<'account'>): Account => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  fullName: row.full_name,
  email: row.email ?? undefined,
  isAdmin: row.is_admin === 1,
  isDisabled: row.disabled_at_ms !== null,
  createdAtMs: row.created_at_ms,
  details: row.details ?? undefined,
  website: row.website ?? undefined,
  serviceOf: row.service_of ?? undefined,
})

/** The account with all its reach, whatever its tokens may do. */
export const actorOf = ({
  id,
  name,
  isAdmin,
  serviceOf,
}: Account): Extract<Actor, { kind: 'user' }> => ({
  kind: 'user',
  id,
  name,
  isAdmin,
  tokenRole: 'write',
  ...(serviceOf === undefined ? {} : { serviceOf }),
})

/** The same request, as the account that has just proved itself: for what is written down of it. */
export const asAccount = (ctx: Ctx, account: Account): Ctx => ({
  ...ctx,
  actor: actorOf(account),
})

/** Errors: `invalid` for a user's namespace where only an organisation has what was asked for. */
export const refuseUser = (namespace: { name: string; kind: 'user' | 'org' }): void => {
  if (namespace.kind === 'org') return
  throw new HubError(
    'invalid',
    `"${namespace.name}" is a user; only organisations have members, teams and rules.`,
  )
}
