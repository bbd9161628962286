/** What everybody does first who works with an agreement. */
import { type Folder, stateOf } from '@weighhouse/formats/agreement/folder.ts'
import type { Row } from '#db/schema.ts'
import type { Account } from '../identity/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { folderOf, isHidden, noAgreement } from './chain.ts'
import type { NamespaceRef } from '../policy/index.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './agreements.sql.ts'

type Parts = Pick<AgreementsDeps, 'db' | 'repos' | 'identity'>

export const makeOpened = ({ db, repos, identity }: Parts) => ({
  /** The row for a party; to others it is not there. A draft is its author's alone. Errors: `entry_not_found`. */
  async open(orgId: AccountId, id: AgreementId): Promise<Row<'agreement'>> {
    const row = await sql.agreementById(db.read, id)
    if (row === undefined || isHidden(folderOf(row), orgId)) throw noAgreement()
    return row
  },

  /** The version in force. Errors: `conflict` before all have signed, and after the end. */
  needSigned(folder: Folder): NonNullable<Folder['inForce']> {
    const { life, inForce } = folder
    if (inForce !== undefined && life !== 'closing' && life !== 'closed') return inForce
    throw new HubError('conflict', `This agreement is ${stateOf(folder)}: nothing is given by it.`)
  },

  /** One of its people or programs. Errors: `invalid`, `account_not_found`. */
  async needOwn({ id, name }: NamespaceRef, userName: string): Promise<Account> {
    const user = await identity.need(userName, 'user')
    if (user.serviceOf === id || (await identity.roleIn(id, user.id)) !== undefined) return user
    throw new HubError('invalid', `${user.name} does not belong to ${name}.`)
  },

  /** Tickets that were given out are looked at again. */
  async raise(q: Parameters<typeof sql.reposOf>[0], id: AgreementId): Promise<void> {
    for (const repoId of await sql.reposOf(q, id)) await repos.raiseEpoch(q, repoId)
  },
})
