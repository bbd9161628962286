/** A judgement as it is stored, for tests of what follows from it. */
import { freeTerms } from '@weighhouse/formats/licence/terms.ts'
import type { AccountId, RepoId } from '@weighhouse/server/core/kernel/ids.ts'
import type { NewRow, Row } from '@weighhouse/server/db/schema.ts'

/** A repo that is nobody's but its owner's, from a time on. */
export const stoppedRow = (
  { id, path }: { id: RepoId; path: string },
  stop: Row<'repo_licence'>['stop'],
  fromMs: number,
): NewRow<'repo_licence'> => ({
  repo_id: id,
  // A cast because nobody asks.
  owner_id: '' as AccountId,
  path,
  card_oid: null,
  stated: '{}',
  expression: null,
  terms: JSON.stringify(freeTerms),
  findings: '[]',
  proposal: '{}',
  verdict: 'block',
  stop,
  stop_from_ms: fromMs,
  unknown_from_ms: null,
  excludes: null,
  table_version: 'test',
  judged_at_ms: 1,
})
