/** What must be there, and who must stay. */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import * as sql from './identity.sql.ts'
import { soleAdminOf } from './members.sql.ts'

export const noAccount = (name: string, kind: 'user' | 'org'): HubError => {
  const word = kind === 'user' ? 'user' : 'organisation'
  return new HubError('account_not_found', `There is no ${word} "${name}" here.`)
}

/** Errors: `account_not_found`. */
export const needAccount = async (
  q: Querier,
  name: string,
  kind: 'user' | 'org',
): Promise<Row<'account'>> => {
  const row = await sql.accountByKey(q, name.toLowerCase())
  if (row?.kind === kind) return row
  throw noAccount(name, kind)
}

/** Who is left without an administrator when this user goes: `conflict`, with what to do. */
export const refuseLastAdmin = async (
  q: Querier,
  user: { id: AccountId; name: string },
  orgId?: AccountId,
): Promise<void> => {
  const org = await soleAdminOf(q, user.id, orgId)
  if (org === undefined) return
  throw new HubError(
    'conflict',
    `${user.name} is the only administrator of ${org.name}. Make another member its administrator first, or delete the organisation.`,
    { reason: 'last_admin', account: org.name },
  )
}
