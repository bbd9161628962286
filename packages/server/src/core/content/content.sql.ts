import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, RepoId, UploadId } from '../kernel/ids.ts'

export interface LinkRow {
  sha256: Sha256
  size_bytes: number
}

/** Which of these contents the repo is linked to. At most 500 hashes a call. */
export const linksAmong = async (
  q: Querier,
  repoId: RepoId,
  hashes: readonly Sha256[],
): Promise<LinkRow[]> =>
  hashes.length === 0
    ? []
    : q
        .selectFrom('content_link')
        .select(['sha256', 'size_bytes'])
        .where('repo_id', '=', repoId)
        .where('sha256', 'in', hashes)
        .execute()

export const linkOf = async (
  q: Querier,
  repoId: RepoId,
  sha256: Sha256,
): Promise<LinkRow | undefined> =>
  q
    .selectFrom('content_link')
    .select(['sha256', 'size_bytes'])
    .where('repo_id', '=', repoId)
    .where('sha256', '=', sha256)
    .executeTakeFirst()

export interface HeldRow {
  size_bytes: number
  held: 'whole' | 'chunks'
  xet_hash: XetHash | null
}

/** How a content that the repo is linked to is held. */
export const heldIn = async (
  q: Querier,
  repoId: RepoId,
  sha256: Sha256,
): Promise<HeldRow | undefined> =>
  q
    .selectFrom('content_link')
    .innerJoin('content', 'content.sha256', 'content_link.sha256')
    .select(['content_link.size_bytes', 'content.held', 'content.xet_hash'])
    .where('content_link.repo_id', '=', repoId)
    .where('content_link.sha256', '=', sha256)
    .executeTakeFirst()

/** Xet files of those contents that the repo is linked to and that are held in chunks. At most 500 hashes a call. */
export const xetHashesAmong = async (
  q: Querier,
  repoId: RepoId,
  hashes: readonly Sha256[],
): Promise<{ sha256: Sha256; xet_hash: XetHash | null }[]> =>
  hashes.length === 0
    ? []
    : q
        .selectFrom('content_link')
        .innerJoin('content', 'content.sha256', 'content_link.sha256')
        .select(['content.sha256', 'content.xet_hash'])
        .where('content_link.repo_id', '=', repoId)
        .where('content_link.sha256', 'in', hashes)
        .where('content.xet_hash', 'is not', null)
        .execute()

/** Files that one repo holds, youngest first: what a changed version is most likely made from. */
export const xetFilesOfRepo = async (
  q: Querier,
  repoId: RepoId,
  limit: number,
): Promise<XetHash[]> => {
  const rows = await q
    .selectFrom('content_link')
    .innerJoin('content', 'content.sha256', 'content_link.sha256')
    .select('content.xet_hash')
    .where('content_link.repo_id', '=', repoId)
    .where('content.xet_hash', 'is not', null)
    .orderBy('content_link.created_at_ms', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap(({ xet_hash: hash }) => (hash === null ? [] : [hash]))
}

/** One repo that holds the content, the one that has it longest. */
export const repoWith = async (q: Querier, sha256: Sha256): Promise<RepoId | undefined> => {
  const row = await q
    .selectFrom('content_link')
    .select('repo_id')
    .where('sha256', '=', sha256)
    .orderBy('created_at_ms')
    .limit(1)
    .executeTakeFirst()
  return row?.repo_id
}

/** From now on the content is read from its chunks. */
export const holdInChunks = async (q: Querier, sha256: Sha256, xetHash: XetHash): Promise<void> => {
  await q
    .updateTable('content')
    .set({ held: 'chunks', xet_hash: xetHash })
    .where('sha256', '=', sha256)
    .execute()
}

/** Writes the link; says whether it is new. */
export const insertLink = async (q: Querier, row: NewRow<'content_link'>): Promise<boolean> => {
  const result = await q
    .insertInto('content_link')
    .values(row)
    .onConflict((c) => c.columns(['repo_id', 'sha256']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

export const deleteLink = async (q: Querier, repoId: RepoId, sha256: Sha256): Promise<void> => {
  await q
    .deleteFrom('content_link')
    .where('repo_id', '=', repoId)
    .where('sha256', '=', sha256)
    .execute()
}

/** Counts the link's age from now. */
export const renewLink = async (
  q: Querier,
  repoId: RepoId,
  sha256: Sha256,
  nowMs: number,
): Promise<void> => {
  await q
    .updateTable('content_link')
    .set({ created_at_ms: nowMs })
    .where('repo_id', '=', repoId)
    .where('sha256', '=', sha256)
    .execute()
}

export const deleteLinks = async (
  q: Querier,
  repoId: RepoId,
  hashes: readonly Sha256[],
): Promise<void> => {
  await q
    .deleteFrom('content_link')
    .where('repo_id', '=', repoId)
    .where('sha256', 'in', hashes)
    .execute()
}

/** In order of hash, after the given one; those made up to `linkedBeforeMs`. */
export const linksPage = async (
  q: Querier,
  repoId: RepoId,
  after: string,
  limit: number,
  linkedBeforeMs: number = Number.MAX_SAFE_INTEGER,
): Promise<Row<'content_link'>[]> =>
  q
    .selectFrom('content_link')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('sha256', '>', after as Sha256)
    .where('created_at_ms', '<=', linkedBeforeMs)
    .orderBy('sha256')
    .limit(limit)
    .execute()

export const copyLinks = async (
  q: Querier,
  from: RepoId,
  to: RepoId,
  nowMs: number,
): Promise<void> => {
  await q
    .insertInto('content_link')
    .columns(['repo_id', 'sha256', 'size_bytes', 'created_at_ms'])
    .expression((eb) =>
      eb
        .selectFrom('content_link')
        .select([
          eb.val(to).as('repo_id'),
          'sha256',
          'size_bytes',
          eb.cast<number>(eb.val(nowMs), 'bigint').as('created_at_ms'),
        ])
        .where('repo_id', '=', from),
    )
    .execute()
}

export const contentRow = async (q: Querier, sha256: Sha256): Promise<Row<'content'> | undefined> =>
  q.selectFrom('content').selectAll().where('sha256', '=', sha256).executeTakeFirst()

export const insertContent = async (q: Querier, row: NewRow<'content'>): Promise<void> => {
  await q
    .insertInto('content')
    .values(row)
    .onConflict((c) => c.column('sha256').doNothing())
    .execute()
}

export const contentPage = async (
  q: Querier,
  after: string,
  limit: number,
): Promise<Row<'content'>[]> =>
  q
    .selectFrom('content')
    .selectAll()
    .where('sha256', '>', after as Sha256)
    .orderBy('sha256')
    .limit(limit)
    .execute()

/** Which of these any repo is linked to. At most 500 hashes a call. */
export const linkedAmong = async (
  q: Querier,
  hashes: readonly Sha256[],
): Promise<ReadonlySet<Sha256>> => {
  if (hashes.length === 0) return new Set()
  const rows = await q
    .selectFrom('content_link')
    .select('sha256')
    .distinct()
    .where('sha256', 'in', hashes)
    .execute()
  return new Set(rows.map((row) => row.sha256))
}

/** How many repos are linked to each of these, and one of them. At most 500 hashes a call. */
export const ownersAmong = async (
  q: Querier,
  hashes: readonly Sha256[],
): Promise<{ sha256: Sha256; held: 'whole' | 'chunks'; links: number; repo_id: RepoId }[]> =>
  q
    .selectFrom('content_link')
    .innerJoin('content', 'content.sha256', 'content_link.sha256')
    .select((eb) => [
      'content.sha256',
      'content.held',
      eb.fn.countAll<number>().as('links'),
      eb.fn.min<RepoId>('content_link.repo_id').as('repo_id'),
    ])
    .where('content.sha256', 'in', hashes)
    .groupBy(['content.sha256', 'content.held'])
    .execute()

export const unlinkedSum = async (q: Querier): Promise<{ contents: number; bytes: number }> => {
  const row = await q
    .selectFrom('content')
    .select((eb) => [
      eb.fn.countAll<number>().as('contents'),
      eb.fn
        .sum<number | null>(
          eb.case().when('held', '=', 'whole').then(eb.ref('size_bytes')).else(0).end(),
        )
        .as('bytes'),
    ])
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('content_link')
            .select('content_link.sha256')
            .whereRef('content_link.sha256', '=', 'content.sha256'),
        ),
      ),
    )
    .executeTakeFirst()
  return { contents: Number(row?.contents ?? 0), bytes: Number(row?.bytes ?? 0) }
}

export interface DoomedRow {
  sha256: Sha256
  size_bytes: number
  held: 'whole' | 'chunks'
}

/**
 * Marks contents that no repo links to, so that no seal relies on them while their bytes go. A sweep of another process keeps what it
 * marked since `staleBeforeMs`; `nowMs` is the mark by which this one knows its own.
 */
export const doomUnlinked = async (
  q: Querier,
  { olderThanMs, staleBeforeMs, nowMs }: Record<'olderThanMs' | 'staleBeforeMs' | 'nowMs', number>,
  limit: number,
): Promise<DoomedRow[]> => {
  const rows = await q
    .selectFrom('content')
    .select(['sha256', 'size_bytes', 'held'])
    .where('created_at_ms', '<=', olderThanMs)
    .where((eb) => eb.or([eb('doomed_at_ms', 'is', null), eb('doomed_at_ms', '<', staleBeforeMs)]))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('content_link')
            .select('content_link.sha256')
            .whereRef('content_link.sha256', '=', 'content.sha256'),
        ),
      ),
    )
    .limit(limit)
    .execute()
  const hashes = rows.map((row) => row.sha256)
  if (hashes.length > 0) {
    await q
      .updateTable('content')
      .set({ doomed_at_ms: nowMs })
      .where('sha256', 'in', hashes)
      .execute()
  }
  return rows
}

/** Those of the hashes that still carry this mark: nothing of them may be linked again. */
export const doomedAmong = async (
  q: Querier,
  hashes: readonly Sha256[],
  doomedAtMs: number,
): Promise<Sha256[]> => {
  if (hashes.length === 0) return []
  const rows = await q
    .selectFrom('content')
    .select('sha256')
    .where('sha256', 'in', hashes)
    .where('doomed_at_ms', '=', doomedAtMs)
    .execute()
  return rows.map((row) => row.sha256)
}

export const deleteContents = async (q: Querier, hashes: readonly Sha256[]): Promise<void> => {
  if (hashes.length === 0) return
  await q.deleteFrom('content').where('sha256', 'in', hashes).execute()
}

export const insertUpload = async (q: Querier, row: NewRow<'upload'>): Promise<void> => {
  await q.insertInto('upload').values(row).execute()
}

export const openUpload = async (
  q: Querier,
  key: { repoId: RepoId; sha256: Sha256; actorId: AccountId; parts: number },
  nowMs: number,
): Promise<Row<'upload'> | undefined> =>
  q
    .selectFrom('upload')
    .selectAll()
    .where('repo_id', '=', key.repoId)
    .where('sha256', '=', key.sha256)
    .where('actor_id', '=', key.actorId)
    .where('parts', '=', key.parts)
    .where('expires_at_ms', '>', nowMs)
    .limit(1)
    .executeTakeFirst()

export const uploadById = async (q: Querier, id: UploadId): Promise<Row<'upload'> | undefined> =>
  q.selectFrom('upload').selectAll().where('id', '=', id).executeTakeFirst()

export const deleteUpload = async (q: Querier, id: UploadId): Promise<void> => {
  await q.deleteFrom('upload').where('id', '=', id).execute()
}

export const expiredUploads = async (
  q: Querier,
  nowMs: number,
  limit: number,
): Promise<UploadId[]> => {
  const rows = await q
    .selectFrom('upload')
    .select('id')
    .where('expires_at_ms', '<', nowMs)
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}

export const upsertPart = async (q: Querier, row: NewRow<'upload_part'>): Promise<void> => {
  await q
    .insertInto('upload_part')
    .values(row)
    .onConflict((c) =>
      c.columns(['upload_id', 'number']).doUpdateSet({
        size_bytes: row.size_bytes,
        sha256: row.sha256,
        created_at_ms: row.created_at_ms,
      }),
    )
    .execute()
}

export const partsOf = async (q: Querier, id: UploadId): Promise<Row<'upload_part'>[]> =>
  q
    .selectFrom('upload_part')
    .selectAll()
    .where('upload_id', '=', id)
    .orderBy('number')
    .limit(10_001)
    .execute()

/** Bytes linked by all repos of an owner. */
export const usedBytes = async (q: Querier, owner: AccountId): Promise<number> => {
  const row = await q
    .selectFrom('content_link')
    .innerJoin('repo', 'repo.id', 'content_link.repo_id')
    .select((eb) => eb.fn.sum<number>('content_link.size_bytes').as('bytes'))
    .where('repo.owner_id', '=', owner)
    .executeTakeFirst()
  return Number(row?.bytes ?? 0)
}
