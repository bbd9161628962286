/** Which xorbs an actor may name is what the rule says in words, in random worlds, on both engines. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import { engineNames } from '@weighhouse/testkit/engines.ts'
import { openWorld, type World } from '@weighhouse/testkit/worlds.ts'
import { type Actor, actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
const times = (count: number): number[] => Array.from({ length: count }, (_unused, i) => i)

/** What the tables say, kept beside them in plain lists. */
interface Facts {
  readonly xorbs: readonly XetHash[]
  readonly holders: readonly { account: AccountId; xorb: XetHash }[]
  readonly files: readonly { hash: XetHash; sha256: Sha256; xorbs: readonly XetHash[] }[]
  readonly links: readonly { repo: RepoId; sha256: Sha256 }[]
}

const makeFacts = ({ random, repos, accounts }: World): Facts => {
  const some = <T>(items: readonly T[], odds: number): T[] =>
    items.filter(() => random.below(odds) === 0)
  const xorbs = times(40).map((i) => digest(`xorb ${i}`) as XetHash)
  const contents = times(30).map((i) => digest(`content ${i}`) as Sha256)
  return {
    xorbs,
    holders: accounts.flatMap((account) => some(xorbs, 14).map((xorb) => ({ account, xorb }))),
    // Some contents were cut twice, some are in no repo, some xorbs in no file.
    files: times(36).map((i) => ({
      hash: digest(`file ${i}`) as XetHash,
      sha256: random.pick(contents),
      xorbs: some(xorbs, 20),
    })),
    links: repos.flatMap(({ id }) => some(contents, 14).map((sha256) => ({ repo: id, sha256 }))),
  }
}

const store = async ({ dev }: World, facts: Facts): Promise<void> => {
  const at = { created_at_ms: 1 }
  await dev.house.db.tx(async (q) => {
    const unused = { named_at_ms: null, doomed_at_ms: null, damaged_at_ms: null }
    for (const hash of facts.xorbs) {
      const row = { hash, size_bytes: 1, raw_bytes: 1, chunks: 1, used_at_ms: 1, checked_at_ms: 1 }
      await q
        .insertInto('xorb')
        .values({ ...row, ...at, ...unused })
        .execute()
    }
    for (const { account, xorb } of facts.holders) {
      const row = { account_id: account, xorb_hash: xorb, ...at }
      await q.insertInto('xorb_holder').values(row).execute()
    }
    for (const sha256 of new Set(facts.links.map((link) => link.sha256))) {
      const row = { sha256, size_bytes: 1, held: 'chunks', git_oid: null, xet_hash: null } as const
      await q
        .insertInto('content')
        .values({ ...row, ...at, doomed_at_ms: null })
        .execute()
    }
    for (const { hash, sha256, xorbs } of facts.files) {
      const row = { hash, sha256, size_bytes: 1, terms: new Uint8Array(0), ...at }
      await q.insertInto('xet_file').values(row).execute()
      for (const xorb of xorbs) {
        await q.insertInto('xet_file_xorb').values({ file_hash: hash, xorb_hash: xorb }).execute()
      }
    }
    for (const { repo, sha256 } of facts.links) {
      const row = { repo_id: repo, sha256, size_bytes: 1, ...at }
      await q.insertInto('content_link').values(row).execute()
    }
  })
}

const mayRead = async ({ dev }: World, ctx: Ctx, repo: RepoId): Promise<boolean> => {
  try {
    await dev.hub.policy.require(ctx, 'repo.read', repo)
    return true
  } catch (error) {
    if (isHubError(error)) return false
    throw error
  }
}

/** Sent by the actor, or in this repo, or in one that the actor may read. */
const rule = (facts: Facts, actor: Actor, repo: RepoId, readable: ReadonlySet<RepoId>): XetHash[] =>
  facts.xorbs.filter((xorb) => {
    if (facts.holders.some((one) => one.account === actorIdOf(actor) && one.xorb === xorb)) {
      return true
    }
    const contents = new Set(
      facts.files.filter((file) => file.xorbs.includes(xorb)).map((file) => file.sha256),
    )
    return facts.links.some(
      (link) => contents.has(link.sha256) && (link.repo === repo || readable.has(link.repo)),
    )
  })

for (const engine of engineNames) {
  for (const seed of engine === 'sqlite' ? [21, 22, 23] : [24]) {
    void test(`${engine}: what may be named is what was sent or may be read, seed ${seed}`, async () => {
      await using world = await openWorld(engine, seed, 12)
      const { dev, repos, contexts } = world
      const facts = makeFacts(world)
      await store(world, facts)
      const answers = new Set<string>()
      for (const ctx of contexts) {
        const readable = new Set<RepoId>()
        for (const { id } of repos) if (await mayRead(world, ctx, id)) readable.add(id)
        for (const { id } of repos) {
          // The hub's own permit in the actor's name, so that repos which the actor may not read are asked about as well.
          const permit = await dev.hub.policy.require(dev.system, 'repo.read', id)
          const held = Object.assign(permit, { actor: ctx.actor })
          const found = await dev.hub.policy.claimable(held, facts.xorbs)
          const expected = rule(facts, ctx.actor, id, readable)
          assert.deepEqual([...found].toSorted(), expected.toSorted(), JSON.stringify(ctx.actor))
          answers.add(expected.join())
        }
      }
      assert.ok(answers.size > 4, 'the answers differ')
    })
  }
}

void test('a thousand names are asked for in pieces, and nothing is asked for none', async () => {
  await using world = await openWorld('sqlite', 31, 4)
  const { dev, random, accounts } = world
  const xorbs = times(1_201).map((i) => digest(`many ${i}`) as XetHash)
  const [account = assert.fail()] = accounts
  const held = xorbs.filter(() => random.below(3) === 0)
  await store(world, {
    xorbs,
    holders: held.map((xorb) => ({ account, xorb })),
    files: [],
    links: [],
  })
  const [{ id } = assert.fail()] = world.repos
  const mine = world.contexts.find((ctx) => actorIdOf(ctx.actor) === account) ?? assert.fail()
  const permit = await dev.hub.policy.require(dev.system, 'repo.read', id)
  const claimant = Object.assign(permit, { actor: mine.actor })
  assert.deepEqual(await dev.hub.policy.claimable(claimant, xorbs), new Set(held))
  assert.equal((await dev.hub.policy.claimable(claimant, [])).size, 0)
})
