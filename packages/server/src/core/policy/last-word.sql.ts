/** What was said last of an agreement that gives nothing any more, from its chain. Asked only where that is why somebody is refused. */
import type { Querier } from '#db/flavor.ts'
import type { AgreementId } from '../kernel/ids.ts'

export interface SaidRow {
  kind: string
  at_ms: number
  /** DSSE, JSON. */
  envelope: string
  /** Of the party that said it; null for the hub's own clock. */
  org: string | null
}

/** The last statements of these kinds, the newest first. */
export const saidLast = async (
  q: Querier,
  id: AgreementId,
  kinds: readonly string[],
  most: number,
): Promise<SaidRow[]> =>
  q
    .selectFrom('agreement_statement')
    .leftJoin('account', 'account.id', 'agreement_statement.org_id')
    .select([
      'agreement_statement.kind',
      'agreement_statement.at_ms',
      'agreement_statement.envelope',
      'account.name as org',
    ])
    .where('agreement_statement.agreement_id', '=', id)
    .where('agreement_statement.kind', 'in', kinds)
    .orderBy('agreement_statement.seq', 'desc')
    .limit(most)
    .execute()
