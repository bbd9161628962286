/**
 * The quota room: how many bytes an owner's repos may hold together. What they hold is counted by the repos and content rooms; this room
 * holds the bound and says no.
 */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { quotaOf, upsertQuota } from './quota.sql.ts'

export interface Quota {
  /**
   * Throws `quota_exceeded` when `addedBytes` on top of what is used would pass the owner's bound. `countUsed` is only called where there
   * is a bound, since counting costs a scan.
   */
  check(
    q: Querier,
    owner: AccountId,
    countUsed: () => Promise<number>,
    addedBytes: number,
  ): Promise<void>
  /** The bound in bytes, or undefined when there is none. */
  boundOf(owner: AccountId): Promise<number | undefined>
  set(owner: AccountId, storageBytesMax: number): Promise<void>
}

/** `defaultBytesMax`: bound of owners without one of their own; undefined for none. */
export const makeQuota = (db: Database, defaultBytesMax: number | undefined): Quota => {
  const boundOf = async (q: Querier, owner: AccountId): Promise<number | undefined> =>
    (await quotaOf(q, owner)) ?? defaultBytesMax
  return {
    async check(q, owner, countUsed, addedBytes) {
      const bound = await boundOf(q, owner)
      if (bound === undefined) return
      const usedBytes = await countUsed()
      if (usedBytes + addedBytes <= bound) return
      throw new HubError(
        'quota_exceeded',
        `This owner may store ${bound} bytes, holds ${usedBytes}, and ${addedBytes} more would pass the bound. Delete repositories or ask an administrator for a higher quota.`,
        { boundBytes: bound, usedBytes, addedBytes },
      )
    },
    boundOf: (owner) => boundOf(db.read, owner),
    set: (owner, storageBytesMax) => db.tx((q) => upsertQuota(q, owner, storageBytesMax)),
  }
}
