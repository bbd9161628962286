/** Accounts: people, organisations and the programs that work for them, in one namespace. */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Events, Tx } from '../events/index.ts'
import type { Jobs } from '../jobs/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { assert, HubError } from '../kernel/errors.ts'
import type { AccountId, IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { AccountPermit, HubPermit, NamespacePermit, Policy } from '../policy/index.ts'
import {
  type Account,
  type Card,
  type NewUser,
  type Page,
  refuseUser,
  toAccount,
} from './account.ts'
import * as sql from './identity.sql.ts'
import { deleteAllMemberships, upsertMembership } from './members.sql.ts'
import { accountNameProblem, foldName, refuseName } from './names.ts'
import { needAccount, noAccount, refuseLastAdmin } from './need.ts'
import { type Passwords, refusePassword } from './passwords.ts'

type OrgPermit = NamespacePermit<'namespace.manage'>

export interface Accounts {
  /** Errors: `invalid` name or password, `exists` (also for a name that looks like another). */
  createUser(ctx: Ctx, permit: HubPermit, user: NewUser): Promise<Account>
  /**
   * A person whom a directory vouches for: no password. `beside` runs in the same transaction, so that no account is left without what it
   * belongs to. Errors: `invalid`, `exists`.
   */
  enrol(
    ctx: Ctx,
    user: Omit<NewUser, 'password' | 'isAdmin'>,
    beside: (tx: Tx, id: AccountId) => Promise<void>,
  ): Promise<Account>
  /** The owner becomes its first administrator. Errors: `invalid`, `exists`, `account_not_found`. */
  createOrg(ctx: Ctx, permit: HubPermit, name: string, ownerName: string): Promise<Account>
  /** A program's account: no password, no sessions, tokens by the organisation's administrators. Errors: `invalid`, `exists`. */
  createService(ctx: Ctx, permit: OrgPermit, name: string, fullName?: string): Promise<Account>
  /** In order of name. */
  listServices(permit: OrgPermit, page: Page): Promise<Account[]>
  /** Ends every access at once. Errors: `account_not_found`. */
  disableService(ctx: Ctx, permit: OrgPermit, name: string): Promise<void>
  /** Errors: `account_not_found`; `conflict` for the only administrator of an organisation. */
  disableUser(ctx: Ctx, permit: HubPermit, name: string): Promise<void>
  /** Of an organisation, or of the user who holds the namespace. Errors: `invalid`. */
  setCard(ctx: Ctx, permit: OrgPermit, card: Card): Promise<Account>
  setOwnCard(ctx: Ctx, permit: AccountPermit, card: Card): Promise<Account>
  /**
   * Takes an organisation out of service, inside the caller's transaction: its service accounts with it, its members leave. Its name stays
   * taken, so that nobody can pretend to be it.
   */
  closeOrg(tx: Tx, org: { id: AccountId; name: string }): Promise<void>
  /** One that is in service. Errors: `account_not_found`. */
  need(name: string, kind: 'user' | 'org'): Promise<Account>
  /** Accounts by name, any letter case. */
  find(name: string): Promise<Account | undefined>
  get(id: AccountId): Promise<Account | undefined>
  /** Names as they are now, by id, of a page of accounts. Those that are not there are not among them. */
  namesOf(ids: readonly AccountId[]): Promise<ReadonlyMap<string, string>>
  /** In order of name, after the given one. */
  list(kind: 'user' | 'org', page: Page): Promise<Account[]>
  /** Organisations in service, in order of name. */
  listOrgs(page: Page): Promise<Account[]>
}

export interface IdentityDeps {
  readonly db: Database
  readonly policy: Policy
  readonly events: Events
  readonly jobs: Jobs
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
  readonly passwords: Passwords
  /** A context in which the hub itself acts. */
  readonly systemCtx: (reason: string) => Ctx
  /** Lower-cased names that pages of the hub use. */
  readonly reservedNames: ReadonlySet<string>
}

const cardCharsMax = 2_000

const refuseCard = ({ fullName = '', details = '', website = '' }: Card): void => {
  if (Math.max(fullName.length, details.length, website.length) > cardCharsMax) {
    throw new HubError('invalid', `At most ${cardCharsMax} characters are kept of each field.`)
  }
  if (website !== '' && !/^https?:\/\/[^\s]+$/i.test(website)) {
    throw new HubError(
      'invalid',
      `A website begins with https:// or http://, found "${website.slice(0, 100)}".`,
    )
  }
}

interface Beginning {
  readonly kind: 'user' | 'org'
  readonly user: NewUser
  readonly serviceOf?: AccountId
}

/** Stores new accounts; shared with the set-up, which makes the first. */
export const makeRegistrar = ({
  db,
  events,
  clock,
  ids,
  passwords,
  reservedNames,
}: IdentityDeps) => {
  const newRow = ({ kind, user, serviceOf }: Beginning): Row<'account'> => {
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
      service_of: serviceOf ?? null,
      details: null,
      website: null,
    }
  }

  const refuseTaken = async (q: Querier, name: string): Promise<void> => {
    const found = await sql.accountLike(q, foldName(name))
    if (found === undefined) return
    if (found.name_key === name.toLowerCase()) {
      throw new HubError('exists', `The name "${name}" is taken on this hub. Choose another one.`)
    }
    throw new HubError(
      'exists',
      `The name "${name}" looks like "${found.name}", which is taken on this hub. Choose one that nobody can mistake.`,
      { reason: 'looks_like', account: found.name },
    )
  }

  /** `beside` runs in the same transaction: what must be true before, and what belongs to it. */
  return async (
    ctx: Ctx,
    beginning: Beginning,
    beside: (tx: Tx, id: AccountId) => Promise<void> = () => Promise.resolve(),
  ): Promise<Account> => {
    const { password } = beginning.user
    if (password !== undefined) refusePassword(password, beginning.user.name)
    const row = newRow(beginning)
    const hash = password === undefined ? undefined : await passwords.hash(password)
    await db.tx(async (q, after) => {
      // Names are looked for and taken one at a time.
      await db.flavor.lockEvents(q)
      await refuseTaken(q, row.name)
      await sql.insertAccount(q, row)
      if (hash !== undefined) {
        await sql.setPassword(q, { account_id: row.id, hash, changed_at_ms: clock.nowMs() })
      }
      await beside({ q, after, ctx }, row.id)
      const payload = { accountId: row.id, kind: row.kind, name: row.name }
      await events.append({ q, after, ctx }, 'account_created', payload)
    })
    return toAccount(row)
  }
}

export const makeAccounts = (
  deps: IdentityDeps,
  register: ReturnType<typeof makeRegistrar>,
): Accounts => {
  const { db, events, clock } = deps

  const disable = (
    ctx: Ctx,
    { id }: Row<'account'>,
    check: (q: Querier) => Promise<void>,
  ): Promise<void> =>
    db.tx(async (q, after) => {
      await db.flavor.lockEvents(q)
      await check(q)
      await sql.disableAccount(q, id, clock.nowMs())
      await sql.raiseEpoch(q, id)
      await events.append({ q, after, ctx }, 'account_disabled', { accountId: id })
    })

  const setCard = async (
    ctx: Ctx,
    { id, name }: { id: AccountId; name: string },
    card: Card,
  ): Promise<Account> => {
    refuseCard(card)
    const row = await db.tx(async (q, after) => {
      await sql.setCard(q, id, {
        ...(card.fullName === undefined ? {} : { full_name: card.fullName || name }),
        ...(card.details === undefined ? {} : { details: card.details || null }),
        ...(card.website === undefined ? {} : { website: card.website || null }),
      })
      await events.append({ q, after, ctx }, 'account_changed', { accountId: id })
      return sql.accountById(q, id)
    })
    if (row !== undefined) return toAccount(row)
    throw new HubError('account_not_found', `There is no account "${name}" any more.`)
  }

  return {
    createUser: (ctx, _permit, user) => register(ctx, { kind: 'user', user }),

    enrol: (ctx, { name, fullName, email }, beside) => {
      const more = {
        ...(fullName === undefined ? {} : { fullName }),
        ...(email === undefined ? {} : { email }),
      }
      return register(ctx, { kind: 'user', user: { name, ...more } }, beside)
    },

    async createOrg(ctx, _permit, name, ownerName) {
      const owner = await needAccount(db.read, ownerName, 'user')
      return register(ctx, { kind: 'org', user: { name } }, async ({ q }, id) => {
        const member = { org_id: id, user_id: owner.id, role: 'admin' as const }
        const created_at_ms = clock.nowMs()
        await upsertMembership(q, { ...member, created_at_ms, expires_at_ms: null })
      })
    },

    createService(ctx, { namespace }, name, fullName) {
      refuseUser(namespace)
      const user = { name, ...(fullName === undefined ? {} : { fullName }) }
      return register(ctx, { kind: 'user', user, serviceOf: namespace.id })
    },

    listServices: async ({ namespace }, { after, limit }) => {
      const page = { after: after.toLowerCase(), limit: Math.min(limit, limits.apiPageMax) }
      return (await sql.servicesOf(db.read, namespace.id, page)).map(toAccount)
    },

    async disableService(ctx, { namespace }, name) {
      const row = await needAccount(db.read, name, 'user')
      if (row.service_of !== namespace.id) {
        const message = `"${name}" is no service account of ${namespace.name}.`
        throw new HubError('account_not_found', message)
      }
      await disable(ctx, row, () => Promise.resolve())
    },

    async disableUser(ctx, _permit, name) {
      const row = await needAccount(db.read, name, 'user')
      await disable(ctx, row, (q) => refuseLastAdmin(q, row))
    },

    setCard: (ctx, { namespace }, card) => setCard(ctx, namespace, card),

    setOwnCard: (ctx, { actor }, card) => setCard(ctx, actor, card),

    async closeOrg(tx, { id, name }) {
      const atMs = clock.nowMs()
      await sql.disableServicesOf(tx.q, id, atMs)
      await sql.disableAccount(tx.q, id, atMs)
      await deleteAllMemberships(tx.q, id)
      await sql.raiseEpoch(tx.q, id)
      await events.append(tx, 'account_removed', { accountId: id, kind: 'org', name })
    },

    async need(name, kind) {
      const account = toAccount(await needAccount(db.read, name, kind))
      if (account.isDisabled) throw noAccount(name, kind)
      return account
    },

    async find(name) {
      const row = await sql.accountByKey(db.read, name.toLowerCase())
      return row === undefined ? undefined : toAccount(row)
    },

    async get(id) {
      const row = await sql.accountById(db.read, id)
      return row === undefined ? undefined : toAccount(row)
    },

    async namesOf(ids) {
      const some = [...new Set(ids)]
      assert(some.length <= limits.apiPageMax, 'ids of one page')
      return new Map((await sql.namesOf(db.read, some)).map(({ id, name }) => [id, name]))
    },

    listOrgs: async (page) =>
      (await sql.listOrgs(db.read, page.after.toLowerCase(), page.limit)).map(toAccount),

    list: async (kind, page) =>
      (await sql.listAccounts(db.read, kind, page.after.toLowerCase(), page.limit)).map(toAccount),
  }
}
