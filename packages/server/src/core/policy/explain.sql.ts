/** Who may be told about whom. */
import type { Querier } from '#db/flavor.ts'
import type { Flag, RoleName } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'
import { type Asker, inForce } from './conditions.sql.ts'

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

export interface LookedAfter {
  id: AccountId
  role: RoleName
  token_life_ms_max: number | null
  needs_token_approval: Flag | null
}

const lookingRoles = ['admin', 'auditor'] as const
const orgsMax = 500

/** Organisations that the asker has a role to look after, with what they demand of tokens. */
export const lookedAfter = async (
  q: Querier,
  { accountId, nowMs }: Asker,
): Promise<LookedAfter[]> =>
  accountId === undefined
    ? []
    : q
        .selectFrom('membership')
        .leftJoin('org_policy', 'org_policy.org_id', 'membership.org_id')
        .select([
          'membership.org_id as id',
          'membership.role',
          'org_policy.token_life_ms_max',
          'org_policy.needs_token_approval',
        ])
        .where('membership.user_id', '=', accountId)
        .where('membership.role', 'in', lookingRoles)
        .where(inForce('membership', nowMs))
        .limit(orgsMax)
        .execute()

/** Is the subject one of these organisations, or does it belong to one of them now? */
export const isAmong = async (
  q: Querier,
  subject: Subject,
  orgs: ReadonlySet<string>,
  nowMs: number,
): Promise<boolean> => {
  if (orgs.size === 0) return false
  if (orgs.has(subject.id)) return true
  if (subject.service_of !== null && orgs.has(subject.service_of)) return true
  const row = await q
    .selectFrom('membership')
    .select('membership.org_id')
    .where('membership.user_id', '=', subject.id)
    // A cast because all of them are ids of accounts.
    .where('membership.org_id', 'in', [...orgs] as AccountId[])
    .where(inForce('membership', nowMs))
    .executeTakeFirst()
  return row !== undefined
}
