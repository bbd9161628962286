/** Denials on their way to the trail: gathered for a moment, so that a flood of the same becomes one entry, within a bound. */
import type { Database } from '#db/connect.ts'
import type { Ctx, Log } from '../kernel/ctx.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import { insertEntries, lastEntrySeq } from './audit.sql.ts'
import { type Denial, entryOfDenial, type NewEntry } from './entry.ts'

interface Gathered {
  readonly entry: NewEntry
  count: number
}

export interface Denials {
  note(ctx: Ctx, denial: Denial): void
  /** What could not be written is kept for the next time. */
  flush(): Promise<void>
}

/** Denials that differ in none of these are one. */
const keyOf = (entry: NewEntry): string =>
  JSON.stringify([
    entry.act,
    entry.actor_id,
    entry.token_id,
    entry.door,
    entry.ip,
    entry.target_path,
    entry.reason,
  ])

export const makeDenials = ({
  db,
  clock,
  log,
  ownerOf,
}: {
  db: Database
  clock: Clock
  log: Log
  /** Whose namespace a path is in. */
  ownerOf: (path: string) => Promise<string | null>
}): Denials => {
  let gathered = new Map<string, Gathered>()
  let dropped = 0
  let writing: Promise<void> | undefined

  const write = async (): Promise<void> => {
    if (gathered.size === 0) return
    const batch = gathered
    gathered = new Map()
    if (dropped > 0) log.warn({ dropped }, 'denials were too many to be written down one by one')
    dropped = 0
    try {
      await store([...batch.values()])
    } catch (error) {
      // Kept for the next time, with what has come meanwhile.
      for (const [key, { entry, count }] of batch) gather(key, entry, count)
      throw error
    }
  }

  const store = async (batch: readonly Gathered[]): Promise<void> => {
    const owners = new Map<string, string | null>()
    for (const { entry } of batch) {
      const path = entry.target_path ?? ''
      if (path !== '' && !owners.has(path)) owners.set(path, await ownerOf(path))
    }
    await db.tx(async (q) => {
      await db.flavor.lockEvents(q)
      const last = await lastEntrySeq(q)
      const rows = batch.map(({ entry, count }, i) => ({
        ...entry,
        owner_id: owners.get(entry.target_path ?? '') ?? null,
        seq: last + 1 + i,
        details: JSON.stringify(count === 1 ? {} : { count }),
      }))
      await insertEntries(q, rows)
    })
  }

  const gather = (key: string, entry: NewEntry, count: number): void => {
    const known = gathered.get(key)
    if (known !== undefined) known.count += count
    else if (gathered.size < limits.denialsGatheredMax) gathered.set(key, { entry, count })
    else dropped += count
  }

  const flush = async (): Promise<void> => {
    await writing
    writing = write().finally(() => (writing = undefined))
    await writing
  }

  return {
    note(ctx, denial) {
      const entry = entryOfDenial(ctx, denial, clock.nowMs())
      gather(keyOf(entry), entry, 1)
    },
    flush,
  }
}
