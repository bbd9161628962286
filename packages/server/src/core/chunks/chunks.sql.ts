import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

const namesPerQuery = 500

const inPieces = async <T, R>(
  all: readonly T[],
  query: (piece: readonly T[]) => Promise<R[]>,
): Promise<R[]> => {
  const found: R[] = []
  for (let i = 0; i < all.length; i += namesPerQuery) {
    found.push(...(await query(all.slice(i, i + namesPerQuery))))
  }
  return found
}

export const xorbRow = async (q: Querier, hash: XetHash): Promise<Row<'xorb'> | undefined> =>
  q.selectFrom('xorb').selectAll().where('hash', '=', hash).executeTakeFirst()

export const xorbRows = (q: Querier, hashes: readonly XetHash[]): Promise<Row<'xorb'>[]> =>
  inPieces(hashes, (piece) => q.selectFrom('xorb').selectAll().where('hash', 'in', piece).execute())

/** Every xorb that is not being swept, in order of hash, after the given one. */
export const xorbPage = async (q: Querier, after: string, limit: number): Promise<Row<'xorb'>[]> =>
  q
    .selectFrom('xorb')
    .selectAll()
    .where('hash', '>', after as XetHash)
    .where('doomed_at_ms', 'is', null)
    .orderBy('hash')
    .limit(limit)
    .execute()

export const xorbIndexOf = async (q: Querier, hash: XetHash): Promise<Uint8Array | undefined> => {
  const row = await q
    .selectFrom('xorb_index')
    .select('body')
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row?.body
}

/** Which of these have an index. */
export const indexedAmong = async (
  q: Querier,
  hashes: readonly XetHash[],
): Promise<Set<XetHash>> => {
  const rows = await inPieces(hashes, (piece) =>
    q.selectFrom('xorb_index').select('hash').where('hash', 'in', piece).execute(),
  )
  return new Set(rows.map((row) => row.hash))
}

/** Names a xorb whose bytes are durable; replaces what was known of a damaged one. */
export const upsertXorb = async (
  q: Querier,
  row: NewRow<'xorb'>,
  index: Uint8Array,
): Promise<void> => {
  await q
    .insertInto('xorb')
    .values(row)
    .onConflict((c) =>
      c.column('hash').doUpdateSet({
        size_bytes: row.size_bytes,
        used_at_ms: row.used_at_ms,
        checked_at_ms: row.checked_at_ms,
        doomed_at_ms: null,
        damaged_at_ms: null,
      }),
    )
    .execute()
  await q
    .insertInto('xorb_index')
    .values({ hash: row.hash, body: index })
    .onConflict((c) => c.column('hash').doUpdateSet({ body: index }))
    .execute()
}

export const insertHolder = async (q: Querier, row: NewRow<'xorb_holder'>): Promise<void> => {
  await q
    .insertInto('xorb_holder')
    .values(row)
    .onConflict((c) => c.columns(['account_id', 'xorb_hash']).doNothing())
    .execute()
}

/** Puts off the sweep of these xorbs. Those being swept stay so. */
export const touchXorbs = async (
  q: Querier,
  hashes: readonly XetHash[],
  nowMs: number,
): Promise<void> => {
  await inPieces(hashes, async (piece) => {
    await q
      .updateTable('xorb')
      .set({ used_at_ms: nowMs })
      .where('hash', 'in', piece)
      .where('doomed_at_ms', 'is', null)
      .execute()
    return []
  })
}

export const markNamed = async (
  q: Querier,
  hashes: readonly XetHash[],
  nowMs: number,
): Promise<void> => {
  await inPieces(hashes, async (piece) => {
    await q
      .updateTable('xorb')
      .set({ named_at_ms: nowMs })
      .where('hash', 'in', piece)
      .where('named_at_ms', 'is', null)
      .execute()
    return []
  })
}

export const fileRow = async (q: Querier, hash: XetHash): Promise<Row<'xet_file'> | undefined> =>
  q.selectFrom('xet_file').selectAll().where('hash', '=', hash).executeTakeFirst()

/** Without the terms, which may be large. */
export const fileFacts = async (
  q: Querier,
  hash: XetHash,
): Promise<Pick<Row<'xet_file'>, 'sha256' | 'size_bytes' | 'created_at_ms'> | undefined> =>
  q
    .selectFrom('xet_file')
    .select(['sha256', 'size_bytes', 'created_at_ms'])
    .where('hash', '=', hash)
    .executeTakeFirst()

/** A file that is known keeps its terms, so it needs no other xorbs: whoever can read it gains no right to those. */
export const insertFile = async (
  q: Querier,
  row: NewRow<'xet_file'>,
  xorbs: readonly XetHash[],
): Promise<void> => {
  const result = await q
    .insertInto('xet_file')
    .values(row)
    .onConflict((c) => c.column('hash').doNothing())
    .executeTakeFirst()
  if (Number(result.numInsertedOrUpdatedRows ?? 0) === 0) return
  await inPieces(xorbs, async (piece) => {
    await q
      .insertInto('xet_file_xorb')
      .values(piece.map((xorb) => ({ file_hash: row.hash, xorb_hash: xorb })))
      .onConflict((c) => c.columns(['file_hash', 'xorb_hash']).doNothing())
      .execute()
    return []
  })
}

export const insertChunks = async (
  q: Querier,
  rows: readonly NewRow<'xorb_chunk'>[],
): Promise<void> => {
  await inPieces(rows, async (piece) => {
    await q
      .insertInto('xorb_chunk')
      .values([...piece])
      .onConflict((c) => c.columns(['chunk_hash', 'xorb_hash']).doNothing())
      .execute()
    return []
  })
}

/** Where a chunk lies, youngest xorb first. Xorbs that no file names yet count as long as their upload may be continued. */
export const placesOfChunk = async (
  q: Querier,
  chunk: XetHash,
  { unnamedSinceMs, limit }: { unnamedSinceMs: number; limit: number },
): Promise<{ xorb_hash: XetHash; position: number }[]> =>
  q
    .selectFrom('xorb_chunk')
    .innerJoin('xorb', 'xorb.hash', 'xorb_chunk.xorb_hash')
    .select(['xorb_chunk.xorb_hash', 'xorb_chunk.position'])
    .where('xorb_chunk.chunk_hash', '=', chunk)
    .where('xorb.doomed_at_ms', 'is', null)
    .where('xorb.damaged_at_ms', 'is', null)
    .where((eb) =>
      eb.or([eb('xorb.named_at_ms', 'is not', null), eb('xorb.used_at_ms', '>', unnamedSinceMs)]),
    )
    .orderBy('xorb.created_at_ms', 'desc')
    .limit(limit)
    .execute()

/** One file that needs this xorb, the youngest. */
export const fileWithXorb = async (q: Querier, xorb: XetHash): Promise<XetHash | undefined> => {
  const row = await q
    .selectFrom('xet_file_xorb')
    .innerJoin('xet_file', 'xet_file.hash', 'xet_file_xorb.file_hash')
    .select('xet_file.hash')
    .where('xet_file_xorb.xorb_hash', '=', xorb)
    .orderBy('xet_file.created_at_ms', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.hash
}

/** Every way in which these bytes were cut. */
export const filesOfContent = async (q: Querier, sha256: Sha256): Promise<XetHash[]> => {
  const rows = await q
    .selectFrom('xet_file')
    .select('hash')
    .where('sha256', '=', sha256)
    .limit(100)
    .execute()
  return rows.map((row) => row.hash)
}

export const xorbsOfFile = async (q: Querier, hash: XetHash): Promise<XetHash[]> => {
  const rows = await q
    .selectFrom('xet_file_xorb')
    .select('xorb_hash')
    .where('file_hash', '=', hash)
    .limit(1_000_000)
    .execute()
  return rows.map((row) => row.xorb_hash)
}

/** Forgets the files of contents that are gone; their xorbs count as used until now. */
export const deleteFilesOf = async (
  q: Querier,
  contents: readonly Sha256[],
  nowMs: number,
): Promise<void> => {
  await inPieces(contents, async (piece) => {
    const files = q.selectFrom('xet_file').select('hash').where('sha256', 'in', piece)
    await q
      .updateTable('xorb')
      .set({ used_at_ms: nowMs })
      .where(
        'hash',
        'in',
        q.selectFrom('xet_file_xorb').select('xorb_hash').where('file_hash', 'in', files),
      )
      .execute()
    await q.deleteFrom('xet_file').where('sha256', 'in', piece).execute()
    return []
  })
}

export interface SweepAges {
  /** Xorbs whose last file was forgotten up to this time. */
  readonly namedBeforeMs: number
  /** Xorbs that no file ever named, sent up to this time. */
  readonly unnamedBeforeMs: number
}

const unneeded = (q: Querier, ages: SweepAges) =>
  q
    .selectFrom('xorb')
    .where((eb) =>
      eb.or([
        eb.and([eb('named_at_ms', 'is not', null), eb('used_at_ms', '<=', ages.namedBeforeMs)]),
        eb.and([eb('named_at_ms', 'is', null), eb('used_at_ms', '<=', ages.unnamedBeforeMs)]),
      ]),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('xet_file_xorb')
            .select('xet_file_xorb.xorb_hash')
            .whereRef('xet_file_xorb.xorb_hash', '=', 'xorb.hash'),
        ),
      ),
    )

export type UnneededRow = Pick<Row<'xorb'>, 'hash' | 'size_bytes' | 'used_at_ms'>

/** What a sweep with these ages would take, without what another sweep has marked since `staleBeforeMs`. */
export const unneededXorbs = async (
  q: Querier,
  ages: SweepAges,
  { staleBeforeMs, limit }: { staleBeforeMs: number; limit: number },
): Promise<UnneededRow[]> =>
  unneeded(q, ages)
    .select(['hash', 'size_bytes', 'used_at_ms'])
    .where((eb) => eb.or([eb('doomed_at_ms', 'is', null), eb('doomed_at_ms', '<', staleBeforeMs)]))
    .limit(limit)
    .execute()

export const unneededSum = async (
  q: Querier,
  ages: SweepAges,
): Promise<{ xorbs: number; bytes: number }> => {
  const row = await unneeded(q, ages)
    .select((eb) => [
      eb.fn.countAll<number>().as('xorbs'),
      eb.fn.sum<number | null>('size_bytes').as('bytes'),
    ])
    .executeTakeFirst()
  return { xorbs: Number(row?.xorbs ?? 0), bytes: Number(row?.bytes ?? 0) }
}

/** When the youngest of those that no file needs was last used: of those that a file named once, and of those that none ever did. */
export const unneededUsedAtMs = async (
  q: Querier,
  ages: SweepAges,
): Promise<{ named: number | undefined; unnamed: number | undefined }> => {
  const youngest = async (isNamed: boolean): Promise<number | undefined> => {
    const row = await unneeded(q, ages)
      .select((eb) => eb.fn.max<number | null>('used_at_ms').as('at_ms'))
      .where('named_at_ms', isNamed ? 'is not' : 'is', null)
      .executeTakeFirst()
    return row?.at_ms == null ? undefined : Number(row.at_ms)
  }
  return { named: await youngest(true), unnamed: await youngest(false) }
}

export const doomXorbs = async (
  q: Querier,
  hashes: readonly XetHash[],
  nowMs: number,
): Promise<void> => {
  await q.updateTable('xorb').set({ doomed_at_ms: nowMs }).where('hash', 'in', hashes).execute()
}

/** Forgets those that still carry this mark. */
export const deleteDoomedXorbs = async (
  q: Querier,
  hashes: readonly XetHash[],
  doomedAtMs: number,
): Promise<void> => {
  if (hashes.length === 0) return
  await q
    .deleteFrom('xorb')
    .where('hash', 'in', hashes)
    .where('doomed_at_ms', '=', doomedAtMs)
    .execute()
}

/** The xorbs that were verified longest ago. */
export const stalestXorbs = async (
  q: Querier,
  checkedBeforeMs: number,
  limit: number,
): Promise<Row<'xorb'>[]> =>
  q
    .selectFrom('xorb')
    .selectAll()
    .where('checked_at_ms', '<', checkedBeforeMs)
    .where('doomed_at_ms', 'is', null)
    .orderBy('checked_at_ms')
    .limit(limit)
    .execute()

export const markChecked = async (
  q: Querier,
  hash: XetHash,
  nowMs: number,
  isSound: boolean,
): Promise<void> => {
  await q
    .updateTable('xorb')
    .set({ checked_at_ms: nowMs, damaged_at_ms: isSound ? null : nowMs })
    .where('hash', '=', hash)
    .execute()
}

/** What an account has sent and no file names yet, youngest first: an upload that it may be continuing. */
export const unnamedOf = async (
  q: Querier,
  accountId: AccountId,
  { sinceMs, limit }: { sinceMs: number; limit: number },
): Promise<XetHash[]> => {
  const rows = await q
    .selectFrom('xorb_holder')
    .innerJoin('xorb', 'xorb.hash', 'xorb_holder.xorb_hash')
    .select('xorb.hash')
    .where('xorb_holder.account_id', '=', accountId)
    .where('xorb.named_at_ms', 'is', null)
    .where('xorb.used_at_ms', '>', sinceMs)
    .orderBy('xorb.created_at_ms', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => row.hash)
}

const epochKey = 'xet_epoch'

/** Grows whenever clients must forget what they know of this hub's xorbs. */
export const xetEpoch = async (q: Querier): Promise<number> => {
  const row = await q
    .selectFrom('meta')
    .select('value')
    .where('key', '=', epochKey)
    .executeTakeFirst()
  return Number(row?.value ?? 1)
}

export const setXetEpoch = async (q: Querier, epoch: number): Promise<void> => {
  const value = String(epoch)
  await q
    .insertInto('meta')
    .values({ key: epochKey, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute()
}
