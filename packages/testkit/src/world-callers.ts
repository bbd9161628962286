/** Who asks in random worlds, and with what. */
import { permissions, type TokenScope } from '@weighhouse/server/core/kernel/actor.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import type { AccountId } from '@weighhouse/server/core/kernel/ids.ts'
import { dayMs, idOf, type Maker, maybe, orgs, type WorldRepo } from './worlds.ts'

/** A fine-grained token for some of the repos and owners. */
const randomScope = (
  maker: Maker,
  repos: readonly WorldRepo[],
  accounts: ReadonlyMap<string, AccountId>,
): TokenScope => {
  const { random } = maker
  const some = () => permissions.filter(() => maybe(maker, 3))
  return {
    readsGated: maybe(maker, 2),
    entries: [
      ...repos
        .filter(() => maybe(maker, 5))
        .map(({ id }) => ({ kind: 'repo' as const, id, permissions: some() })),
      ...[...accounts.values()]
        .filter(() => maybe(maker, 4))
        .map((id) => ({ kind: 'account' as const, id, permissions: some() })),
      ...(random.below(6) === 0 ? [{ kind: 'all' as const, id: '*', permissions: some() }] : []),
    ],
  }
}

/** Tokens of every kind for a user: plain ones, one that ends soon, fine-grained ones; an organisation may have approved some. */
export const callersOf = async (
  maker: Maker,
  name: string,
  repos: readonly WorldRepo[],
  accounts: ReadonlyMap<string, AccountId>,
): Promise<{ ctx: Ctx; secret: string | undefined }[]> => {
  const { dev, random } = maker
  const callers: { ctx: Ctx; secret: string | undefined }[] = []
  for (const kind of ['plain', 'short', 'fine', 'fine'] as const) {
    const secret = await dev.token(name, random.pick(['read', 'write']))
    const id = (await dev.hub.identity.authenticate(secret))?.actor.token?.id
    if (id === undefined) throw new Error('a new token is not accepted')
    await dev.house.db.tx(async (q) => {
      const nowMs = dev.clock.nowMs()
      const scope = JSON.stringify(randomScope(maker, repos, accounts))
      const changes = {
        ...(kind === 'short' ? { expires_at_ms: nowMs + dayMs } : {}),
        ...(kind === 'fine' ? { role: 'fineGrained' as const, scope } : {}),
      }
      if (Object.keys(changes).length > 0) {
        await q.updateTable('token').set(changes).where('id', '=', id).execute()
      }
      for (const org of orgs.filter(() => maybe(maker, 2))) {
        const decided = { decided_by: null, decided_at_ms: null, created_at_ms: 1 }
        const state = random.pick(['pending', 'approved', 'denied'] as const)
        const row = { token_id: id, org_id: idOf(accounts, org), state, ...decided }
        const asked = q.insertInto('token_approval').values(row)
        // The use of the token above may have asked already.
        await asked
          .onConflict((c) => c.columns(['token_id', 'org_id']).doUpdateSet({ state }))
          .execute()
      }
    })
    const found = await dev.hub.identity.authenticate(secret)
    if (found !== undefined) callers.push({ ctx: { ...dev.system, actor: found.actor }, secret })
  }
  const id = idOf(accounts, name)
  const session = { kind: 'user', id, name, isAdmin: name === 'dan', tokenRole: 'write' } as const
  return [...callers, { ctx: { ...dev.system, actor: session }, secret: undefined }]
}
