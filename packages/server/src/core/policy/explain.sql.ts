/** Who may be told about whom. */
import type { Querier } from '#db/flavor.ts'
import type { Flag } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'
import { type Asker, inForce } from './facts.sql.ts'

export interface Subject {
  id: AccountId
  name: string
  kind: 'user' | 'org'
  is_admin: Flag
  service_of: AccountId | null
}

export const subjectNamed = async (q: Querier, name: string): Promise<Subject | undefined> =>
  q
    .selectFrom('account')
    .select(['id', 'name', 'kind', 'is_admin', 'service_of'])
    .where('name_key', '=', name.toLowerCase())
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst()

const lookingRoles = ['admin', 'auditor'] as const
const orgsMax = 500

/** Organisations that the asker administers or audits. */
export const lookedAfter = async (
  q: Querier,
  { accountId, nowMs }: Asker,
): Promise<AccountId[]> => {
  if (accountId === undefined) return []
  const rows = await q
    .selectFrom('membership')
    .select('membership.org_id')
    .where('membership.user_id', '=', accountId)
    .where('membership.role', 'in', lookingRoles)
    .where(inForce('membership', nowMs))
    .limit(orgsMax)
    .execute()
  return rows.map((row) => row.org_id)
}

/** Is the subject one of these organisations, or does it belong to one of them now? */
export const isAmong = async (
  q: Querier,
  subject: Subject,
  orgs: readonly AccountId[],
  nowMs: number,
): Promise<boolean> => {
  if (orgs.length === 0) return false
  if (orgs.includes(subject.id)) return true
  if (subject.service_of !== null && orgs.includes(subject.service_of)) return true
  const row = await q
    .selectFrom('membership')
    .select('membership.org_id')
    .where('membership.user_id', '=', subject.id)
    .where('membership.org_id', 'in', orgs)
    .where(inForce('membership', nowMs))
    .executeTakeFirst()
  return row !== undefined
}
