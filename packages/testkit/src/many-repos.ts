/** Very many repos, written straight into the database: pushing as many takes hours. */
import type { AccountId, RepoId } from '@weighhouse/server/core/kernel/ids.ts'
import type { Database } from '@weighhouse/server/db/connect.ts'
import type { makeRandom } from './random.ts'

interface Many {
  readonly owners: readonly AccountId[]
  readonly count: number
  /** When the first one was made; the others follow a second apart. */
  readonly startMs: number
  readonly random: ReturnType<typeof makeRandom>
  /** Share of all repos that carry each tag. */
  readonly tags: readonly (readonly [tag: string, share: number])[]
}

const batch = 500
const visibilities = ['public', 'public', 'internal', 'private'] as const

export const insertRepos = async (
  db: Database,
  { owners, count, startMs, random, tags }: Many,
): Promise<void> => {
  for (let first = 0; first < count; first += batch) {
    const ids = Array.from({ length: batch }, (_, offset) => {
      const seconds = Math.floor(startMs / 1000) + first + offset
      // A cast because only this form is an id.
      return (seconds.toString(16).padStart(8, '0') + random.bytes(8).toString('hex')) as RepoId
    })
    const rows = ids.map((id, offset) => ({
      id,
      type: 'model' as const,
      owner_id: random.pick(owners),
      name: `model-${first + offset}`,
      name_key: `model-${first + offset}`,
      visibility: random.pick(visibilities),
      created_at_ms: startMs + (first + offset) * 1000,
      updated_at_ms: startMs + random.below(count) * 1000,
      policy_epoch: 0,
      downloads: random.below(1_000_000),
      gate: null,
      gate_covers_members: 0 as const,
      group_id: null,
      likes: random.below(1_000),
    }))
    const facts = ids.map((id) => ({
      repo_id: id,
      commit_oid: null,
      facts: JSON.stringify({ commit: null, tags: ['common'], filesBytes: 1 }),
      pipeline_tag: null,
      library_name: null,
      parameters: random.below(1_000_000),
    }))
    const tagged = ids.flatMap((id) =>
      tags
        .filter(([, share]) => random.below(1_000_000) < share * 1_000_000)
        .map(([tag]) => ({ tag, repo_id: id })),
    )
    await db.tx(async (q) => {
      await q.insertInto('repo').values(rows).execute()
      await q.insertInto('repo_fact').values(facts).execute()
      if (tagged.length > 0) await q.insertInto('repo_tag').values(tagged).execute()
    })
  }
}
