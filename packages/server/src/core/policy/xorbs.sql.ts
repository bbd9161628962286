/**
 * Which xorbs an actor may name in a file of a repo: those it has sent itself, those the repo needs already, and those it can read through
 * any repo. Whoever can read a chunk gains nothing by naming it; whoever cannot must send it.
 */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import { type Actor, actorIdOf } from '../kernel/actor.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { readableRepos } from './visible.sql.ts'

const namesPerQuery = 500

const sentBy = async (
  q: Querier,
  accountId: AccountId,
  hashes: readonly XetHash[],
): Promise<XetHash[]> => {
  const rows = await q
    .selectFrom('xorb_holder')
    .select('xorb_hash')
    .where('account_id', '=', accountId)
    .where('xorb_hash', 'in', hashes)
    .execute()
  return rows.map((row) => row.xorb_hash)
}

const readThrough = async (
  q: Querier,
  { actor, nowMs }: { actor: Actor; nowMs: number },
  repoId: RepoId,
  hashes: readonly XetHash[],
): Promise<XetHash[]> => {
  const rows = await q
    .selectFrom('xet_file_xorb')
    .innerJoin('xet_file', 'xet_file.hash', 'xet_file_xorb.file_hash')
    .innerJoin('content_link', 'content_link.sha256', 'xet_file.sha256')
    .innerJoin('repo', 'repo.id', 'content_link.repo_id')
    .select('xet_file_xorb.xorb_hash')
    .distinct()
    .where('xet_file_xorb.xorb_hash', 'in', hashes)
    .where((eb) => eb.or([eb('repo.id', '=', repoId), readableRepos(actor, nowMs)(eb)]))
    .execute()
  return rows.map((row) => row.xorb_hash)
}

export const claimableXorbs = async (
  q: Querier,
  asker: { actor: Actor; nowMs: number },
  repoId: RepoId,
  hashes: readonly XetHash[],
): Promise<ReadonlySet<XetHash>> => {
  const found = new Set<XetHash>()
  const accountId = actorIdOf(asker.actor)
  for (let i = 0; i < hashes.length; i += namesPerQuery) {
    const piece = hashes.slice(i, i + namesPerQuery)
    if (accountId !== undefined) {
      for (const hash of await sentBy(q, accountId, piece)) found.add(hash)
    }
    const rest = piece.filter((hash) => !found.has(hash))
    if (rest.length === 0) continue
    for (const hash of await readThrough(q, asker, repoId, rest)) found.add(hash)
  }
  return found
}
