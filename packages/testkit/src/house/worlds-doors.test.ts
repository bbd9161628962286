/** In random worlds of roles, gates, holds, agreements and rules, no door gives what is decided against, and each gives what is decided for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from '../dev-house.ts'
import { openWorld, type World, type WorldRepo } from '../worlds.ts'
import { batch } from './calls.ts'
import { askGrant } from './xet-calls.ts'

type Caller = World['callers'][number]

/** What is decided, and of a refusal whether one file may be read all the same. */
const decided = async ({ dev }: World, { ctx }: Caller, { id }: WorldRepo) => {
  const answer = await dev.hub.policy.explain(ctx.actor, 'repo.read', id)
  assert.ok(answer)
  const { decision } = answer
  const isByFile = !decision.allowed && decision.rule?.kind === 'formats_denied'
  return { whole: decision.allowed, file: decision.allowed || isByFile }
}

const served = ({ status }: Answer): boolean => status < 400

for (const [seed, isRuled] of [
  [61, false],
  [62, true],
  [64, true],
  [65, true],
] as const) {
  void test(`doors serve what is decided, seed ${seed}`, async () => {
    await using world = await openWorld('sqlite', seed, 12, { isAgreed: true, isRuled })
    const { dev, repos, callers } = world
    const seen = { yes: 0, no: 0 }
    for (const caller of callers) {
      const by = caller.secret === undefined ? {} : { token: caller.secret }
      for (const repo of repos) {
        const expected = await decided(world, caller, repo)
        const url = `/${repo.path}/resolve/main/config.json`
        const object = { oid: 'a'.repeat(64), size: 1 }
        const found = {
          resolve: served(await dev.ask('GET', url, by)),
          head: served(await dev.ask('HEAD', url, by)),
          lfs: served(await batch(dev, repo.path, [object], { ...by, operation: 'download' })),
          xet: served(await askGrant(dev, repo.path, { ...by, scope: 'read' })),
        }
        const { file, whole } = expected
        assert.deepEqual(
          found,
          { resolve: file, head: file, lfs: whole, xet: whole },
          `${JSON.stringify(caller.ctx.actor)} at ${repo.path}`,
        )
        seen[whole ? 'yes' : 'no'] += 1
      }
    }
    assert.ok(seen.yes > 20 && seen.no > 20, JSON.stringify(seen))
  })
}
