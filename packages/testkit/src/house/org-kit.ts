/** People, an organisation and its permits, for tests of how they work together. */
import assert from 'node:assert/strict'
import { ApiError, type Client, makeClient } from '@weighhouse/contract/client.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import type { AccountId } from '@weighhouse/server/core/kernel/ids.ts'
import { type HubErrorCode, isHubError } from '@weighhouse/server/core/kernel/errors.ts'
import type { DevHouse } from '../dev-house.ts'

/** A context in which the account acts as after signing in. */
export const signedIn = async (dev: DevHouse, name: string): Promise<Ctx> => {
  const account = await dev.hub.identity.find(name)
  if (account === undefined) throw new Error(`no account ${name}`)
  const { id, isAdmin, serviceOf } = account
  const service = serviceOf === undefined ? {} : { serviceOf }
  const actor = { kind: 'user', id, name, isAdmin, tokenRole: 'write', ...service } as const
  return { ...dev.system, actor }
}

/** The same by a secret, with its reach. */
export const byToken = async (dev: DevHouse, secret: string): Promise<Ctx> => {
  const found = await dev.hub.identity.authenticate(secret)
  if (found === undefined) throw new Error('this token is not accepted')
  return { ...dev.system, actor: found.actor }
}

export const manage = (dev: DevHouse, ctx: Ctx, org: string) =>
  dev.hub.policy.requireNamespace(ctx, 'namespace.manage', org)

export const administer = (dev: DevHouse, ctx: Ctx, path: string) =>
  dev.hub.policy.require(ctx, 'repo.admin', { type: 'model', path })

/** May the account read the repo now? */
export const mayRead = async (dev: DevHouse, ctx: Ctx, path: string): Promise<boolean> =>
  (await dev.hub.policy.explain(ctx.actor, 'repo.read', { type: 'model', path }))?.decision
    .allowed === true

export const refused = (work: Promise<unknown>, code: HubErrorCode): Promise<void> =>
  assert.rejects(work, (error) => {
    assert.ok(isHubError(error, code), `expected ${code}, found ${String(error)}`)
    return true
  })

export const epochOf = async (dev: DevHouse, id: AccountId): Promise<number> => {
  const row = await dev.house.db.read
    .selectFrom('account')
    .select('policy_epoch')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.policy_epoch
}

/** Names of the events since a number, oldest first. */
export const eventsSince = async (dev: DevHouse, seq: number): Promise<string[]> => {
  const rows = await dev.house.db.read
    .selectFrom('event')
    .select(['seq', 'name'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.name)
}

/** The client of the contract, over requests without a socket. */
/** `headers` go with each call: the cookie of a browser, and where its page is. */
export const clientOf = (
  dev: DevHouse,
  token?: string,
  more: Readonly<Record<string, string>> = {},
): Client =>
  makeClient({
    url: 'http://hub.test',
    ...(token === undefined ? {} : { token }),
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      const headers = { ...Object.fromEntries(new Headers(init?.headers)), ...more }
      const body = typeof init?.body === 'string' ? { body: init.body } : {}
      const path = url.pathname + url.search
      const answer = await dev.ask(init?.method ?? 'GET', path, { headers, ...body })
      const text = answer.status === 204 ? null : answer.text
      return new Response(text, { status: answer.status })
    },
  })

export const refusedWith = (work: Promise<unknown>, status: number, code: string): Promise<void> =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof ApiError, String(error))
    assert.equal(`${error.status} ${error.code}`, `${status} ${code}`, error.message)
    return true
  })

/** Asks again until it is so; never for ever. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it did not become so within five seconds')
}
