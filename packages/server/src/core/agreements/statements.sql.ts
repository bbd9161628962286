/** What was written and said: the versions of a text, and the statements of the chain. Neither is ever changed. */
import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AgreementId } from '../kernel/ids.ts'

export const insertVersion = async (
  q: Querier,
  row: NewRow<'agreement_version'>,
): Promise<void> => {
  await q.insertInto('agreement_version').values(row).execute()
}

export const versionOf = async (
  q: Querier,
  id: AgreementId,
  version: number,
): Promise<Row<'agreement_version'> | undefined> =>
  q
    .selectFrom('agreement_version')
    .selectAll()
    .where('agreement_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()

/** One version of each of these. */
export const bodiesOf = async (
  q: Querier,
  versions: readonly { id: AgreementId; version: number }[],
): Promise<Pick<Row<'agreement_version'>, 'agreement_id' | 'body'>[]> =>
  versions.length === 0
    ? []
    : q
        .selectFrom('agreement_version')
        .select(['agreement_id', 'body'])
        .where((eb) =>
          eb.or(
            versions.map(({ id, version }) =>
              eb.and([eb('agreement_id', '=', id), eb('version', '=', version)]),
            ),
          ),
        )
        .execute()

export const insertStatement = async (
  q: Querier,
  row: NewRow<'agreement_statement'>,
): Promise<void> => {
  await q.insertInto('agreement_statement').values(row).execute()
}

export const commandOf = async (
  q: Querier,
  id: AgreementId,
  key: string,
): Promise<{ envelope: string } | undefined> =>
  q
    .selectFrom('agreement_statement')
    .select('envelope')
    .where('agreement_id', '=', id)
    .where('command_key', '=', key)
    .executeTakeFirst()

/** In order, after the given one. */
export const statementsOf = async (
  q: Querier,
  id: AgreementId,
  { after, limit }: { after: number; limit: number },
): Promise<Row<'agreement_statement'>[]> =>
  q
    .selectFrom('agreement_statement')
    .selectAll()
    .where('agreement_id', '=', id)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()

/** Statements of some kinds, unordered: those who ask say which of them, and in what order. */
export const saidOfKinds = (q: Querier, id: AgreementId, kinds: readonly StatementKind[]) =>
  q.selectFrom('agreement_statement').where('agreement_id', '=', id).where('kind', 'in', kinds)

const signingsMax = 1_000

/** Statements by which people signed, of all versions, in order. */
export const signingsOf = async (
  q: Querier,
  id: AgreementId,
): Promise<Pick<Row<'agreement_statement'>, 'envelope' | 'org_id' | 'at_ms'>[]> =>
  saidOfKinds(q, id, ['first_signed', 'signed'])
    .select(['envelope', 'org_id', 'at_ms'])
    .orderBy('seq')
    .limit(signingsMax)
    .execute()
