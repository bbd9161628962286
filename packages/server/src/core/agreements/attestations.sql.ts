import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, AgreementId, AttestationId } from '../kernel/ids.ts'

export const insertAttestation = async (
  q: Querier,
  row: NewRow<'agreement_attestation'>,
): Promise<void> => {
  await q.insertInto('agreement_attestation').values(row).execute()
}

/** Of one party, in order of id, after the given one. */
export const attestationsOf = async (
  q: Querier,
  { id, orgId }: { id: AgreementId; orgId: AccountId },
  { after, limit }: { after: string; limit: number },
): Promise<Row<'agreement_attestation'>[]> =>
  q
    .selectFrom('agreement_attestation')
    .selectAll()
    .where('agreement_id', '=', id)
    .where('org_id', '=', orgId)
    // A cast because a cursor is compared and not looked up.
    .where('id', '>', after as AttestationId)
    .orderBy('id')
    .limit(limit)
    .execute()

/** False when it was ended before, or is another party's or agreement's. */
export const endAttestation = async (
  q: Querier,
  { id, orgId, attestation }: { id: AgreementId; orgId: AccountId; attestation: AttestationId },
  atMs: number,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('agreement_attestation')
    .set({ ended_at_ms: atMs })
    .where('id', '=', attestation)
    .where('agreement_id', '=', id)
    .where('org_id', '=', orgId)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}
