/** The filters of lists and `decide` say the same, in random worlds, on both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '@weighhouse/testkit/engines.ts'
import { openWorld, type World } from '@weighhouse/testkit/worlds.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import { decideRepo } from './decide.ts'
import { browsableRepos, type RepoAction, readableRepos } from './index.ts'
import { makeKnowledge } from './knowledge.ts'

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

const filters = { 'repo.browse': browsableRepos, 'repo.read': readableRepos } as const

/** Paths of the repos that a filter lets through. */
const filteredFor = async (
  { dev, repos }: World,
  ctx: Ctx,
  action: keyof typeof filters,
): Promise<string[]> => {
  const rows = await dev.house.db.read
    .selectFrom('repo')
    .select('repo.id')
    .where(filters[action](ctx.actor, dev.clock.nowMs()))
    .execute()
  const ids = new Set(rows.map((row) => row.id))
  return sorted(repos.filter(({ id }) => ids.has(id)).map(({ path }) => path))
}

/** What lists may leave out though it may be read: terms and rules are asked for each request, and not in SQL. */
const isLeftOut = ({ repos, isRuled }: World, path: string): boolean =>
  isRuled || repos.some((repo) => repo.path === path && repo.isAgreed)

/** How many reads an agreement or the absence of a rule gave that lists leave out. */
const compared = async (world: World): Promise<number> => {
  let leftOut = 0
  for (const ctx of world.contexts) {
    const who = JSON.stringify(ctx.actor)
    assert.deepEqual(await listedFor(world, ctx), await decided(world, ctx, 'repo.see'), who)
    for (const action of ['repo.browse', 'repo.read'] as const) {
      const through = await filteredFor(world, ctx, action)
      const may = await decided(world, ctx, action)
      const more = through.filter((path) => !may.includes(path))
      const less = may.filter((path) => !through.includes(path))
      assert.deepEqual(more, [], `${who} ${action}`)
      assert.deepEqual(
        less.filter((path) => !isLeftOut(world, path)),
        [],
        `${who} ${action}`,
      )
      if (action === 'repo.read') leftOut += less.length
    }
  }
  return leftOut
}

/** Decisions take it for granted that who may read may browse, and so ask once. */
const readersBrowse = async ({ dev, repos, contexts }: World): Promise<void> => {
  const knowledge = makeKnowledge({ db: dev.house.db, clock: dev.clock })
  for (const { actor } of contexts) {
    for (const { path } of repos) {
      const by = { ip: undefined, orgId: undefined }
      const found = await knowledge.facts(actor, { type: 'model', path }, by)
      assert.ok(found)
      if (!decideRepo(actor, 'repo.read', found.facts).allowed) continue
      const browsing = decideRepo(actor, 'repo.browse', found.facts)
      assert.ok(browsing.allowed, `${JSON.stringify(actor)} of ${path}`)
    }
  }
}

for (const engine of engineNames) {
  void test(`${engine}: with agreements and rules, what is listed may be seen, and nothing more may be read`, async () => {
    let leftOut = 0
    for (const seed of engine === 'sqlite' ? [42, 45, 47] : [47]) {
      const isRuled = seed % 2 === 0
      await using world = await openWorld(engine, seed, 24, { isAgreed: true, isRuled })
      leftOut += await compared(world)
      if (engine === 'sqlite') await readersBrowse(world)
    }
    assert.ok(leftOut > 0, 'somebody reads by an agreement')
  })
}

for (const engine of engineNames) {
  for (const seed of [1, 2, 3]) {
    void test(`${engine}: lists show what may be seen, and what may be read, seed ${seed}`, async () => {
      await using world = await openWorld(engine, seed, 24)
      const answers = new Set<string>()
      for (const ctx of world.contexts) {
        const who = JSON.stringify(ctx.actor)
        const seen = await listedFor(world, ctx)
        const read = await filteredFor(world, ctx, 'repo.read')
        const browse = await filteredFor(world, ctx, 'repo.browse')
        assert.deepEqual(browse, await decided(world, ctx, 'repo.browse'), who)
        assert.deepEqual(seen, await decided(world, ctx, 'repo.see'), who)
        assert.deepEqual(read, await decided(world, ctx, 'repo.read'), who)
        answers.add(seen.join()).add(read.join())
      }
      assert.ok(answers.size > 5, 'the answers differ')
    })
  }
}
