/** A person as a directory knows them: what it says, what is shown of it, and whom it means. */
import type { RoleName } from '#db/schema.ts'
import { sha256Hex } from '../identity/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, TeamId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { NamespaceRef } from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import * as sql from './provisioning.sql.ts'

/** What a directory says of a person. */
export interface UserWish {
  readonly userName: string
  readonly externalId: string | undefined
  /** Undefined leaves it as it is; a new person is active. */
  readonly isActive: boolean | undefined
  readonly fullName: string | undefined
  /** The first is the one that is written to. */
  readonly emails: readonly string[]
  /** Undefined leaves it as it is; a new member may read. */
  readonly role: Exclude<RoleName, 'admin'> | undefined
  /** The rest, kept as it is. */
  readonly attributes: object
}

export interface DirectoryUser {
  readonly id: AccountId
  readonly userName: string
  /** The name of the account on this hub. */
  readonly accountName: string
  readonly externalId: string | undefined
  readonly isActive: boolean
  readonly isManaged: boolean
  readonly attributes: object
  readonly groups: readonly { readonly id: TeamId; readonly displayName: string }[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
  /** Another text whenever something of the above has changed. */
  readonly version: string
}

export const toUser = (row: sql.UserRow, teams: readonly sql.TeamOfUser[]): DirectoryUser => {
  const groups = teams
    .filter((team) => team.account_id === row.account_id)
    .map((team) => ({ id: team.team_id, displayName: team.display_name }))
  const facts = {
    id: row.account_id,
    userName: row.user_name,
    accountName: row.account_name,
    externalId: row.external_id ?? undefined,
    isActive: row.is_active === 1,
    isManaged: row.is_managed === 1,
    // A cast because only this room writes the column.
    attributes: JSON.parse(row.attributes) as object,
    groups,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
  return { ...facts, version: sha256Hex(JSON.stringify(facts)).slice(0, 16) }
}

/** Errors: `invalid`, `too_large`. */
export const refuseWish = ({ userName, attributes }: UserWish): void => {
  if (userName.trim() === '') throw new HubError('invalid', 'A person has a name, found none.')
  const bytes = Buffer.byteLength(JSON.stringify(attributes))
  if (bytes <= limits.directoryAttributesBytesMax) return
  throw new HubError(
    'too_large',
    `At most ${limits.directoryAttributesBytesMax} bytes are kept of one person, found ${bytes}.`,
  )
}

export const staleVersion = (): HubError =>
  new HubError('conflict', 'It has changed since you read it. Read it again, then change it.', {
    reason: 'version_moved',
  })

/** The member whom the directory means: by name before address, and nobody when an address is several people's. */
export const memberLike = async (q: Tx['q'], org: NamespaceRef, { userName, emails }: UserWish) => {
  const nameKey = userName.toLowerCase()
  const addresses = [...new Set([nameKey, ...emails.map((one) => one.toLowerCase())])]
  const like = { nameKey, emails: addresses.filter((one) => one.includes('@')) }
  const found = await sql.membersLike(q, org.id, like)
  return (
    found.find((one) => one.name_key === nameKey) ?? (found.length === 1 ? found[0] : undefined)
  )
}
