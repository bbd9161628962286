/** Which contents need which xorbs: for reports on storage. */
import type { Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { Querier } from '#db/flavor.ts'

/** Which xorbs each of these contents needs, however it was cut. At most 500 hashes a call. */
export const usesOfContents = async (
  q: Querier,
  contents: readonly Sha256[],
): Promise<{ sha256: Sha256; hash: XetHash; size_bytes: number }[]> =>
  q
    .selectFrom('xet_file')
    .innerJoin('xet_file_xorb', 'xet_file_xorb.file_hash', 'xet_file.hash')
    .innerJoin('xorb', 'xorb.hash', 'xet_file_xorb.xorb_hash')
    .select(['xet_file.sha256', 'xorb.hash', 'xorb.size_bytes'])
    .distinct()
    .where('xet_file.sha256', 'in', contents)
    .execute()

/** Contents that need these xorbs. At most 500 hashes a call. */
export const contentsOfXorbs = async (
  q: Querier,
  xorbs: readonly XetHash[],
): Promise<{ xorb_hash: XetHash; sha256: Sha256 }[]> =>
  q
    .selectFrom('xet_file_xorb')
    .innerJoin('xet_file', 'xet_file.hash', 'xet_file_xorb.file_hash')
    .select(['xet_file_xorb.xorb_hash', 'xet_file.sha256'])
    .distinct()
    .where('xet_file_xorb.xorb_hash', 'in', xorbs)
    .execute()

export const xorbBytes = async (q: Querier): Promise<number> => {
  const row = await q
    .selectFrom('xorb')
    .select((eb) => eb.fn.sum<number | null>('size_bytes').as('bytes'))
    .executeTakeFirst()
  return Number(row?.bytes ?? 0)
}
