import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { RepoId } from '../kernel/ids.ts'

export const refByName = async (
  q: Querier,
  repoId: RepoId,
  name: string,
): Promise<Row<'ref'> | undefined> =>
  q
    .selectFrom('ref')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('name', '=', name)
    .executeTakeFirst()

export const refsByNames = async (
  q: Querier,
  repoId: RepoId,
  names: readonly string[],
): Promise<Row<'ref'>[]> =>
  q.selectFrom('ref').selectAll().where('repo_id', '=', repoId).where('name', 'in', names).execute()

export const refsOf = async (q: Querier, repoId: RepoId, limit: number): Promise<Row<'ref'>[]> =>
  q
    .selectFrom('ref')
    .selectAll()
    .where('repo_id', '=', repoId)
    .orderBy('name')
    .limit(limit)
    .execute()

export const countRefs = async (q: Querier, repoId: RepoId): Promise<number> => {
  const row = await q
    .selectFrom('ref')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('repo_id', '=', repoId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export const insertRef = async (q: Querier, row: NewRow<'ref'>): Promise<void> => {
  await q.insertInto('ref').values(row).execute()
}

/** Moves a ref that is still where it was; says whether it did. */
export const swapRef = async (q: Querier, row: NewRow<'ref'>, from: GitOid): Promise<boolean> => {
  const result = await q
    .updateTable('ref')
    .set({ oid: row.oid, commit_oid: row.commit_oid, updated_at_ms: row.updated_at_ms })
    .where('repo_id', '=', row.repo_id)
    .where('name', '=', row.name)
    .where('oid', '=', from)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export const deleteRefAt = async (
  q: Querier,
  repoId: RepoId,
  name: string,
  from: GitOid,
): Promise<boolean> => {
  const result = await q
    .deleteFrom('ref')
    .where('repo_id', '=', repoId)
    .where('name', '=', name)
    .where('oid', '=', from)
    .executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}

/** Writes objects the repo does not have yet. At most 200 rows a call. */
export const insertObjects = async (
  q: Querier,
  rows: readonly NewRow<'git_object'>[],
): Promise<void> => {
  if (rows.length === 0) return
  await q
    .insertInto('git_object')
    .values(rows)
    .onConflict((c) => c.columns(['repo_id', 'oid']).doNothing())
    .execute()
}

export const objectByOid = async (
  q: Querier,
  repoId: RepoId,
  oid: GitOid,
): Promise<Row<'git_object'> | undefined> =>
  q
    .selectFrom('git_object')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('oid', '=', oid)
    .executeTakeFirst()

export type ObjectMeta = Pick<
  Row<'git_object'>,
  'oid' | 'kind' | 'size_bytes' | 'content_sha256' | 'lfs_sha256' | 'lfs_size_bytes'
>

const metaColumns = [
  'oid',
  'kind',
  'size_bytes',
  'content_sha256',
  'lfs_sha256',
  'lfs_size_bytes',
] as const

/** Facts of objects without their bodies. At most 500 ids a call. */
export const objectMetas = async (
  q: Querier,
  repoId: RepoId,
  oids: readonly GitOid[],
): Promise<ObjectMeta[]> =>
  oids.length === 0
    ? []
    : q
        .selectFrom('git_object')
        .select(metaColumns)
        .where('repo_id', '=', repoId)
        .where('oid', 'in', oids)
        .execute()

/** Commits and tags whose id starts so; two at most, since one more than one is already ambiguous. */
export const oidsWithPrefix = async (
  q: Querier,
  repoId: RepoId,
  prefix: string,
): Promise<GitOid[]> => {
  const rows = await q
    .selectFrom('git_object')
    .select('oid')
    .where('repo_id', '=', repoId)
    .where('oid', '>=', prefix as GitOid)
    .where('oid', '<', `${prefix}g` as GitOid)
    .where('kind', '=', 'commit')
    .limit(2)
    .execute()
  return rows.map((row) => row.oid)
}

export const copyObjects = async (q: Querier, from: RepoId, to: RepoId): Promise<void> => {
  await q
    .insertInto('git_object')
    .columns([
      'repo_id',
      'oid',
      'kind',
      'size_bytes',
      'body',
      'content_sha256',
      'lfs_sha256',
      'lfs_size_bytes',
    ])
    .expression((eb) =>
      eb
        .selectFrom('git_object')
        .select([
          eb.val(to).as('repo_id'),
          'oid',
          'kind',
          'size_bytes',
          'body',
          'content_sha256',
          'lfs_sha256',
          'lfs_size_bytes',
        ])
        .where('repo_id', '=', from),
    )
    .execute()
}

export const objectsAfter = async (
  q: Querier,
  repoId: RepoId,
  after: string,
  limit: number,
): Promise<Row<'git_object'>[]> =>
  q
    .selectFrom('git_object')
    .selectAll()
    .where('repo_id', '=', repoId)
    .where('oid', '>', after as GitOid)
    .orderBy('oid')
    .limit(limit)
    .execute()

export type ObjectStep = Pick<
  Row<'git_object'>,
  'oid' | 'kind' | 'body' | 'content_sha256' | 'lfs_sha256'
>

/** What is needed to walk on from objects; of blobs without their bodies. At most 500 ids a call. */
export const objectSteps = async (
  q: Querier,
  repoId: RepoId,
  oids: readonly GitOid[],
): Promise<ObjectStep[]> =>
  q
    .selectFrom('git_object')
    .select((eb) => [
      'oid',
      'kind',
      'content_sha256',
      'lfs_sha256',
      eb.case().when('kind', '=', 'blob').then(null).else(eb.ref('body')).end().as('body'),
    ])
    .where('repo_id', '=', repoId)
    .where('oid', 'in', oids)
    .execute()

export type ObjectSize = Pick<Row<'git_object'>, 'oid' | 'kind' | 'size_bytes' | 'content_sha256'>

/** Ids and sizes in order of id, after the given one. */
export const objectSizesAfter = async (
  q: Querier,
  repoId: RepoId,
  after: string,
  limit: number,
): Promise<ObjectSize[]> =>
  q
    .selectFrom('git_object')
    .select(['oid', 'kind', 'size_bytes', 'content_sha256'])
    .where('repo_id', '=', repoId)
    .where('oid', '>', after as GitOid)
    .orderBy('oid')
    .limit(limit)
    .execute()

/** At most 500 ids a call. */
export const deleteObjects = async (
  q: Querier,
  repoId: RepoId,
  oids: readonly GitOid[],
): Promise<void> => {
  await q.deleteFrom('git_object').where('repo_id', '=', repoId).where('oid', 'in', oids).execute()
}
