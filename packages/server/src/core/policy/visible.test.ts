/** The list filter and `decide` say the same, in random worlds, on both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '@weighhouse/testkit/dev-house.ts'
import { engineNames } from '@weighhouse/testkit/engines.ts'
import { makeRandom } from '@weighhouse/testkit/random.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'

const roles = ['admin', 'maintainer', 'write', 'contributor', 'read', 'auditor'] as const
const visibilities = ['public', 'internal', 'private'] as const

for (const engine of engineNames) {
  for (const seed of [1, 2, 3]) {
    void test(`${engine}: lists show what may be seen, seed ${seed}`, async () => {
      const random = makeRandom(seed)
      await using dev = await openDevHouse({ engine })
      const { hub, system } = dev
      const users = ['ann', 'bea', 'cid', 'dan']
      for (const name of users) await dev.user(name, { admin: name === 'dan' })
      const orgs = ['left', 'right']
      for (const org of orgs) await dev.org(org, random.pick(users))
      for (const org of orgs) {
        for (const name of users) {
          if (random.below(2) === 0) continue
          const permit = await hub.policy.requireNamespace(system, 'namespace.manage', org)
          await hub.identity.addMember(system, permit, name, random.pick(roles))
        }
      }
      const paths: string[] = []
      for (let i = 0; i < 24; i += 1) {
        const path = `${random.pick([...users, ...orgs])}/r${i}`
        await dev.repo(path, { visibility: random.pick(visibilities) })
        paths.push(path)
      }
      const contexts: Ctx[] = [{ ...system, actor: { kind: 'anonymous' } }, system]
      for (const name of users) {
        const found = await hub.identity.authenticate(
          await dev.token(name, random.pick(['read', 'write'])),
        )
        assert.ok(found)
        contexts.push({ ...system, actor: found.actor })
      }
      for (const ctx of contexts) {
        const { repos } = await hub.search.list(ctx, {
          type: 'model',
          sort: 'createdAt',
          limit: 1000,
        })
        const listed = repos.map(({ repo }) => repo.path).toSorted((a, b) => a.localeCompare(b))
        const seen: string[] = []
        for (const path of paths) {
          try {
            await hub.policy.require(ctx, 'repo.see', { type: 'model', path })
            seen.push(path)
          } catch (error) {
            if (!isHubError(error, 'repo_not_found')) throw error
          }
        }
        assert.deepEqual(
          listed,
          seen.toSorted((a, b) => a.localeCompare(b)),
          JSON.stringify(ctx.actor),
        )
      }
    })
  }
}
