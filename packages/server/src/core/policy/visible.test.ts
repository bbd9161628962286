/** The filters of lists and `decide` say the same, in random worlds, on both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '@weighhouse/testkit/engines.ts'
import { openWorld, type World } from '@weighhouse/testkit/worlds.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import { type RepoAction, readableRepos } from './index.ts'

/** Paths of the repos where one decision after another says yes. */
const decided = async ({ dev, repos }: World, ctx: Ctx, action: RepoAction): Promise<string[]> => {
  const allowed: string[] = []
  for (const { path } of repos) {
    try {
      await dev.hub.policy.require(ctx, action, { type: 'model', path })
      allowed.push(path)
    } catch (error) {
      if (!isHubError(error)) throw error
    }
  }
  return allowed.toSorted((a, b) => a.localeCompare(b))
}

const sorted = (paths: readonly string[]): string[] => paths.toSorted((a, b) => a.localeCompare(b))

const listedFor = async ({ dev }: World, ctx: Ctx): Promise<string[]> => {
  const page = { type: 'model', sort: 'createdAt', limit: 1000 } as const
  const { repos } = await dev.hub.search.list(ctx, page)
  return sorted(repos.map(({ repo }) => repo.path))
}

const readableFor = async ({ dev, repos }: World, ctx: Ctx): Promise<string[]> => {
  const rows = await dev.house.db.read
    .selectFrom('repo')
    .select('repo.id')
    .where(readableRepos(ctx.actor, dev.clock.nowMs()))
    .execute()
  const ids = new Set(rows.map((row) => row.id))
  return sorted(repos.filter(({ id }) => ids.has(id)).map(({ path }) => path))
}

for (const engine of engineNames) {
  for (const seed of [1, 2, 3]) {
    void test(`${engine}: lists show what may be seen, and what may be read, seed ${seed}`, async () => {
      await using world = await openWorld(engine, seed, 24)
      const answers = new Set<string>()
      for (const ctx of world.contexts) {
        const who = JSON.stringify(ctx.actor)
        const seen = await listedFor(world, ctx)
        const read = await readableFor(world, ctx)
        assert.deepEqual(seen, await decided(world, ctx, 'repo.see'), who)
        assert.deepEqual(read, await decided(world, ctx, 'repo.read'), who)
        answers.add(seen.join()).add(read.join())
      }
      assert.ok(answers.size > 5, 'the answers differ')
    })
  }
}
