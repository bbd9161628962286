/** Apps: who registers them, and who has let which of them act for them. */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Events } from '../events/index.ts'
import { revokeToken, sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { AccountPermit, HubPermit } from '../policy/index.ts'
import * as sql from './apps.sql.ts'
import { refuseRedirect } from './redirects.ts'
import { keptScopes, type OauthScope } from './scopes.ts'

export interface App {
  /** Its public client id. */
  readonly id: string
  readonly name: string
  readonly website: string | undefined
  readonly redirectUris: readonly string[]
  /** Does it prove itself with a secret? */
  readonly isConfidential: boolean
  readonly isSelfRegistered: boolean
  readonly createdAtMs: number
  readonly usedAtMs: number | undefined
}

export interface AppWish {
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly website?: string
  readonly isConfidential: boolean
}

/** The secret is in the answer and nowhere else; undefined for public apps. */
export interface NewApp {
  readonly app: App
  readonly secret: string | undefined
}

export interface AllowedApp {
  readonly id: string
  readonly name: string
  readonly website: string | undefined
  /** Empty for a command line that was let in by a code: it acts with all that the account may do. */
  readonly scopes: readonly OauthScope[]
  readonly sinceMs: number
}

interface Page {
  readonly after: string
  readonly limit: number
}

/** Where apps are registered and looked after: one's own, or, for the hub, all of them. */
export interface AppDesk {
  /** In order of id. */
  list(page: Page): Promise<App[]>
  /** Errors: `invalid`, `too_many`. */
  create(ctx: Ctx, wish: AppWish): Promise<NewApp>
  /** A new secret; the old one ends at once. Errors: `entry_not_found`; `invalid` for a public app. */
  rotate(ctx: Ctx, id: string): Promise<NewApp>
  /** Ends every token that it was given. Errors: `entry_not_found`. */
  remove(ctx: Ctx, id: string): Promise<void>
}

export interface Apps {
  ownApps(permit: AccountPermit): AppDesk
  allApps(permit: HubPermit): AppDesk
  /** An app that nobody answers for (RFC 7591). Errors: `invalid`, `rate_limited`. */
  registerItself(ctx: Ctx, wish: AppWish): Promise<NewApp>
  /** In order of the apps' ids. */
  allowedApps(permit: AccountPermit, page: Page): Promise<AllowedApp[]>
  /** Takes leave back: the app's tokens for this account end, and it has to ask again. Errors: `entry_not_found`. */
  endAllowed(ctx: Ctx, permit: AccountPermit, appId: string): Promise<void>
  /** Forgets apps that registered themselves and are not used, and finishes removals that were cut short. */
  pruneApps(): Promise<number>
}

export interface AppsDeps {
  readonly db: Database
  readonly events: Events
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
}

const dayMs = 24 * 3600_000

/** Errors: `invalid`. */
const refuseWish = ({ name, redirectUris, website }: AppWish): void => {
  // Control and direction characters would let a name show itself as another.
  if (
    name.trim() === '' ||
    name.length > limits.appNameCharsMax ||
    /[\p{C}\p{Zl}\p{Zp}]/u.test(name)
  ) {
    throw new HubError(
      'invalid',
      `An app's name has 1 to ${limits.appNameCharsMax} characters and no control characters.`,
    )
  }
  if (redirectUris.length < 1 || redirectUris.length > limits.redirectUrisPerAppMax) {
    throw new HubError(
      'invalid',
      `An app has 1 to ${limits.redirectUrisPerAppMax} redirect URIs; ${redirectUris.length} were given.`,
    )
  }
  redirectUris.forEach(refuseRedirect)
  const isPlain = website === undefined || /^https?:\/\/[\x21-\x7e]{1,1000}$/.test(website)
  if (!isPlain) throw new HubError('invalid', 'A website begins with https:// or http://.')
}

export const toApp = (row: sql.AppRow): App => ({
  id: row.id,
  name: row.name,
  website: row.website ?? undefined,
  // A cast because only this room writes the column.
  redirectUris: row.redirect_uris === null ? [] : (JSON.parse(row.redirect_uris) as string[]),
  isConfidential: row.secret_sha256 !== null,
  isSelfRegistered: row.from_ip !== null,
  createdAtMs: row.created_at_ms,
  usedAtMs: row.used_at_ms ?? undefined,
})

export const makeApps = ({ db, events, clock, chance, ids }: AppsDeps): Apps => {
  const makeAppSecret = (): string => `hfs_${chance.bytes(32).toString('base64url')}`

  const noApp = (id: string): HubError =>
    new HubError('entry_not_found', `There is no app "${id.slice(0, 100)}" here.`)

  /** Writes an app; `check` refuses in the same transaction what would be too many. */
  const register = async (
    ctx: Ctx,
    wish: AppWish,
    by: { ownerId: AccountId | null; fromIp: string | null },
    check: (q: Querier, nowMs: number) => Promise<void>,
  ): Promise<NewApp> => {
    refuseWish(wish)
    const secret = wish.isConfidential ? makeAppSecret() : undefined
    const row: sql.AppRow = {
      id: ids<AccountId>(),
      name: wish.name,
      created_at_ms: clock.nowMs(),
      disabled_at_ms: null,
      owner_id: by.ownerId,
      secret_sha256: secret === undefined ? null : sha256Hex(secret),
      redirect_uris: JSON.stringify(wish.redirectUris),
      website: wish.website ?? null,
      from_ip: by.fromIp,
      used_at_ms: null,
    }
    await db.tx(async (q, after) => {
      await check(q, row.created_at_ms)
      await sql.keepApp(q, row)
      const payload = { appId: row.id, name: row.name }
      await events.append({ q, after, ctx }, 'app_registered', payload)
    })
    return { app: toApp(row), secret }
  }

  /** Ends a batch of tokens; false when there are no more. An app may have very many. */
  const endSome = async (q: Querier, appId: string, accountId?: AccountId): Promise<boolean> => {
    const atMs = clock.nowMs()
    const limit = limits.oauthPruneBatch
    const tokens = await sql.endGrants(q, { appId, accountId, atMs, limit })
    for (const id of tokens) await revokeToken(q, id, { atMs, why: null })
    return tokens.length === limit
  }

  const endRest = async (appId: string, accountId?: AccountId): Promise<void> => {
    while (await db.tx((q) => endSome(q, appId, accountId)));
  }

  const desk = (ownerId: AccountId | undefined): AppDesk => {
    const need = async (q: Querier, id: string): Promise<sql.AppRow> => {
      const row = await sql.appById(q, id)
      if (row === undefined) throw noApp(id)
      if (ownerId !== undefined && row.owner_id !== ownerId) throw noApp(id)
      return row
    }
    return {
      list: async (page) => (await sql.appsOf(db.read, ownerId, page)).map(toApp),

      create: (ctx, wish) =>
        register(ctx, wish, { ownerId: ownerId ?? null, fromIp: null }, async (q) => {
          if (ownerId === undefined) return
          if ((await sql.countAppsOf(q, ownerId)) < limits.appsPerAccountMax) return
          throw new HubError(
            'too_many',
            `An account has at most ${limits.appsPerAccountMax} apps. Delete one that is not used.`,
          )
        }),

      async rotate(_ctx, id) {
        const secret = makeAppSecret()
        const row = await db.tx(async (q) => {
          const found = await need(q, id)
          if (found.secret_sha256 === null) {
            throw new HubError('invalid', `"${found.name}" is a public app: it has no secret.`)
          }
          await sql.setAppSecret(q, id, sha256Hex(secret))
          return found
        })
        return { app: toApp(row), secret }
      },

      async remove(ctx, id) {
        await db.tx(async (q, after) => {
          await need(q, id)
          await sql.disableApp(q, id, clock.nowMs())
          await sql.deleteConsents(q, id, undefined)
          await endSome(q, id)
          await events.append({ q, after, ctx }, 'app_removed', { appId: id })
        })
        await endRest(id)
      },
    }
  }

  return {
    ownApps: ({ actor }) => desk(actor.id),
    allApps: () => desk(undefined),

    registerItself: (ctx, wish) =>
      register(ctx, wish, { ownerId: null, fromIp: ctx.ip ?? '' }, async (q, nowMs) => {
        const sinceMs = nowMs - dayMs
        const isFull =
          (await sql.countSelfRegistered(q, ctx.ip ?? '', sinceMs)) >=
            limits.selfAppsPerAddressMax ||
          (await sql.countSelfRegistered(q, undefined, sinceMs)) >= limits.selfAppsPerDayMax
        if (!isFull) return
        throw new HubError(
          'rate_limited',
          'Too many apps registered themselves today. Try again tomorrow, or have somebody with an account register the app.',
          { retryAfterSeconds: dayMs / 1000 },
        )
      }),

    async allowedApps({ actor }, page) {
      const rows = await sql.consentsOf(db.read, actor.id, page)
      return rows.map((row) => ({
        id: row.app_id,
        name: row.name,
        website: row.website ?? undefined,
        scopes: keptScopes(row.scopes),
        sinceMs: row.created_at_ms,
      }))
    },

    async endAllowed(ctx, { actor }, appId) {
      await db.tx(async (q, after) => {
        if (!(await sql.deleteConsents(q, appId, actor.id))) throw noApp(appId)
        await endSome(q, appId, actor.id)
        const payload = { appId, accountId: actor.id }
        await events.append({ q, after, ctx }, 'app_ended', payload)
      })
      await endRest(appId, actor.id)
    },

    async pruneApps() {
      const limit = limits.oauthPruneBatch
      for (const id of await sql.removedWithGrants(db.read, limit)) await endRest(id)
      const nowMs = clock.nowMs()
      const before = {
        unusedMs: nowMs - limits.selfAppUnusedMs,
        idleMs: nowMs - limits.selfAppIdleMs,
      }
      const idle = await sql.idleApps(db.read, { ...before, limit })
      for (const id of idle) await db.tx((q) => sql.deleteApp(q, id))
      return idle.length
    },
  }
}
