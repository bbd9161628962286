/** Requests across repos: what waits for somebody's decision, and what somebody has asked for. Of a repo that is hidden, nothing is said. */
import type { Database } from '#db/connect.ts'
import type { RepoType } from '#db/schema.ts'
import type { Clock } from '../kernel/time.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { AccountPermit, Policy, RepoAction } from '../policy/index.ts'
import * as sql from './access.sql.ts'
import { type AccessRequest, describe } from './request.ts'

export interface PlacedRequest extends AccessRequest {
  readonly repo: { readonly type: RepoType; readonly path: string }
}

interface Wish {
  /** Older than this one: the id that a page ended with; '' for the first page. */
  readonly after: string
  readonly limit: number
}

interface Page {
  readonly requests: PlacedRequest[]
  /** The `after` of the following page. */
  readonly next: string | undefined
}

export interface Listing {
  /**
   * Pending ones at the gates of the account's own repos and of those of its organisations, where it may decide. The newest first; a page
   * may hold fewer than asked for.
   */
  waiting(permit: AccountPermit, wish: Wish): Promise<Page>
  /** What the account has asked for by itself, of repos that it sees. The newest first. */
  mine(permit: AccountPermit, wish: Wish): Promise<Page>
}

interface ListingDeps {
  readonly db: Database
  readonly policy: Policy
  readonly clock: Clock
}

export const makeListing = ({ db, policy, clock }: ListingDeps): Listing => {
  const read = async (
    { actor, own }: AccountPermit,
    { after, limit }: Wish,
    { whose, action }: { whose: 'owned' | 'asked'; action: RepoAction },
  ): Promise<Page> => {
    const nowMs = clock.nowMs()
    const rows = await sql.requestsAround(db.read, own, { whose, after, nowMs, limit: limit + 1 })
    const kept = rows.slice(0, limit)
    // Once for each repo: many wait at the same gate.
    const places = new Map<RepoId, PlacedRequest['repo']>()
    for (const id of new Set(kept.map((row) => row.repo_id))) {
      const answer = await policy.explain(actor, action, id)
      if (answer?.decision.allowed !== true) continue
      places.set(id, { type: answer.repo.type, path: answer.repo.path })
    }
    const requests = kept.flatMap((row) => {
      const repo = places.get(row.repo_id)
      return repo === undefined ? [] : [{ ...describe(row, nowMs), repo }]
    })
    return { requests, next: rows.length > limit ? kept.at(-1)?.id : undefined }
  }

  return {
    waiting: (permit, wish) => read(permit, wish, { whose: 'owned', action: 'repo.write' }),
    mine: (permit, wish) => read(permit, wish, { whose: 'asked', action: 'repo.see' }),
  }
}
