/** Random worlds of accounts and repos, for what must hold in all of them. */
import type { AccountId, RepoId } from '@weighhouse/server/core/kernel/ids.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { type DevHouse, openDevHouse } from './dev-house.ts'
import type { EngineName } from './engines.ts'
import { makeRandom, type Random } from './random.ts'

const roles = ['admin', 'maintainer', 'write', 'contributor', 'read', 'auditor'] as const
const visibilities = ['public', 'internal', 'private'] as const

export interface WorldRepo {
  readonly id: RepoId
  readonly path: string
}

export interface World extends AsyncDisposable {
  readonly dev: DevHouse
  readonly random: Random
  readonly repos: readonly WorldRepo[]
  readonly accounts: readonly AccountId[]
  /** Everybody who may ask: nobody, the hub itself, and each user by a token. */
  readonly contexts: readonly Ctx[]
}

const users = ['ann', 'bea', 'cid', 'dan']
const orgs = ['left', 'right']

/** Some repos are disabled, some tokens read only, one user manages the hub. */
export const openWorld = async (
  engine: EngineName,
  seed: number,
  repoCount: number,
): Promise<World> => {
  const random = makeRandom(seed)
  const dev = await openDevHouse({ engine })
  const { hub, system, house } = dev
  const accounts: AccountId[] = []
  for (const name of users) {
    await dev.user(name, { admin: name === 'dan' })
    const account = await hub.identity.find(name)
    if (account !== undefined) accounts.push(account.id)
  }
  for (const org of orgs) await dev.org(org, random.pick(users))
  for (const org of orgs) {
    for (const name of users) {
      if (random.below(2) === 0) continue
      const permit = await hub.policy.requireNamespace(system, 'namespace.manage', org)
      await hub.identity.addMember(system, permit, name, random.pick(roles))
    }
  }
  const repos: WorldRepo[] = []
  for (let i = 0; i < repoCount; i += 1) {
    const path = `${random.pick([...users, ...orgs])}/r${i}`
    await dev.repo(path, { visibility: random.pick(visibilities) })
    const { repo } = await hub.policy.require(system, 'repo.see', { type: 'model', path })
    repos.push({ id: repo.id, path })
    if (random.below(4) > 0) continue
    await house.db.tx(async (q) => {
      await q
        .updateTable('repo')
        .set({ disabled_at_ms: dev.clock.nowMs() })
        .where('id', '=', repo.id)
        .execute()
    })
  }
  const contexts: Ctx[] = [{ ...system, actor: { kind: 'anonymous' } }, system]
  for (const name of users) {
    const found = await hub.identity.authenticate(
      await dev.token(name, random.pick(['read', 'write'])),
    )
    if (found !== undefined) contexts.push({ ...system, actor: found.actor })
  }
  return {
    dev,
    random,
    repos,
    accounts,
    contexts,
    [Symbol.asyncDispose]: () => dev[Symbol.asyncDispose](),
  }
}
