/** Reading and writing the rows of requests: what asking and deciding share. */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccessRequestId, AccountId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { RepoRef } from '../policy/index.ts'
import type { Repos } from '../repos/index.ts'
import * as sql from './access.sql.ts'
import { type AccessRequest, describe, isOver } from './request.ts'

export type RequestRow = Row<'access_request'>

/** Which request of a repo: its subject's, or the one with this id. */
export type Which = { readonly subjectId: AccountId } | { readonly requestId: AccessRequestId }

export interface Keeper {
  isEnded(row: RequestRow): boolean
  toRequest(row: sql.RequestRow): AccessRequest
  /** Errors: `entry_not_found`. */
  described(q: Querier, row: RequestRow): Promise<AccessRequest>
  /** Writes the row, and lets every ticket of the repo be decided again. */
  store(tx: Tx, row: RequestRow): Promise<AccessRequest>
  /** A request that still says something; one that has ended goes. */
  standing(q: Querier, repo: RepoRef, subjectId: AccountId): Promise<RequestRow | undefined>
  /** Errors: `entry_not_found`. */
  wanted(q: Querier, repo: RepoRef, which: Which): Promise<RequestRow>
}

export const noRequest = (): HubError =>
  new HubError('entry_not_found', 'No access request found matching your criteria')

export const notGated = ({ path }: RepoRef): HubError =>
  new HubError('invalid', `${path} is not gated: everybody who may see it may read it.`, {
    reason: 'repo_not_gated',
  })

export const makeKeeper = (deps: { db: Database; repos: Repos; clock: Clock }): Keeper => {
  const { repos, clock } = deps

  const isEnded = (row: RequestRow): boolean => isOver(row, clock.nowMs())
  const toRequest = (row: sql.RequestRow): AccessRequest => describe(row, clock.nowMs())

  const described = async (q: Querier, { repo_id, subject_id }: RequestRow) => {
    const row = await sql.describedRequest(q, repo_id, subject_id)
    if (row === undefined) throw noRequest()
    return toRequest(row)
  }

  const store = async ({ q }: Tx, row: RequestRow): Promise<AccessRequest> => {
    await sql.putRequest(q, row)
    await repos.raiseEpoch(q, row.repo_id)
    return described(q, row)
  }

  /** A request that still says something. */
  const standing = async (q: Querier, repo: RepoRef, subjectId: AccountId) => {
    const found = await sql.requestOf(q, repo.id, subjectId)
    if (found === undefined || !isEnded(found)) return found
    await sql.deleteRequest(q, found.id)
    return undefined
  }

  const wanted = async (q: Querier, repo: RepoRef, which: Which): Promise<RequestRow> => {
    const row =
      'requestId' in which
        ? await sql.requestById(q, repo.id, which.requestId)
        : await sql.requestOf(q, repo.id, which.subjectId)
    if (row === undefined) throw noRequest()
    return row
  }

  return { isEnded, toRequest, described, store, standing, wanted }
}
