/**
 * What agreements give to one person. Those who negotiate for a party see all of it; those whom a party lets use it read the text that they
 * keep to, and what they themselves were let do; its other people learn that it is there, and whom to ask.
 */
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { restrictionsOf } from '@weighhouse/formats/terms/assent.ts'
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Row } from '#db/schema.ts'
import type { AgreementId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import {
  type AccountPermit,
  type GivenKey,
  type GivenRow,
  givenTo,
  grantsReaching,
} from '../policy/index.ts'
import { folderOf, noAgreement } from './chain.ts'
import type { AgreementsDeps } from './index.ts'
import * as statements from './statements.sql.ts'

export interface GivenGrant {
  readonly project: string
  readonly purposes: readonly string[]
  readonly environment: string | undefined
  /** For one token of the person alone. */
  readonly isForOneToken: boolean
  readonly toMs: number | undefined
}

export interface Given {
  readonly id: AgreementId
  readonly org: Pick<Row<'account'>, 'id' | 'name'>
  readonly title: string
  readonly state: string
  readonly parties: Folder['parties']
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  /** By which the person is let use it; none is one that the organisation has not let this person use. */
  readonly grants: readonly GivenGrant[]
  /** When the restrictions of the version in force were accepted. */
  readonly acceptedAtMs: number | undefined
}

export interface GivenText {
  readonly version: number
  readonly sha256: string
  /** Canonical JSON of the body. */
  readonly text: string
  /** Ids of the rules that people have to accept. */
  readonly restrictions: readonly string[]
}

export interface GivenWhole extends Given {
  /** Undefined for those whom the organisation has not let use it. */
  readonly text: GivenText | undefined
  /** Who administers the organisation, by name. */
  readonly administrators: readonly string[]
}

export interface Giving {
  /** Newest first, after the given one. */
  given(
    permit: AccountPermit,
    page: { after: GivenKey | undefined; limit: number },
  ): Promise<Given[]>
  /** Errors: `entry_not_found`, also for whoever belongs to no party that is given something. */
  givenOne(permit: AccountPermit, id: AgreementId, orgName: string): Promise<GivenWhole>
}

const toGrant = (row: Row<'agreement_grant'>): GivenGrant => ({
  project: row.project,
  // A cast because only this room writes the column.
  purposes: JSON.parse(row.purposes) as string[],
  environment: row.environment ?? undefined,
  isForOneToken: row.token_id !== null,
  toMs: row.to_ms ?? undefined,
})

const toGiven = (row: GivenRow, grants: readonly Row<'agreement_grant'>[]): Given => {
  const isAccepted = row.assent !== null && row.assent >= row.in_force
  return {
    id: row.id,
    org: { id: row.org_id, name: row.org_name },
    title: row.title,
    state: row.state,
    parties: folderOf(row).parties,
    fromMs: row.from_ms ?? undefined,
    toMs: row.to_ms ?? undefined,
    grants: grants
      .filter((grant) => grant.agreement_id === row.id && grant.org_id === row.org_id)
      .map(toGrant),
    acceptedAtMs: isAccepted ? (row.assent_ms ?? undefined) : undefined,
  }
}

const lookingRoles: ReadonlySet<string> = new Set(['admin', 'auditor'])

export const makeGiving = ({
  db,
  identity,
  clock,
}: Pick<AgreementsDeps, 'db' | 'identity' | 'clock'>): Giving => {
  const textOf = async (id: AgreementId, version: number): Promise<GivenText | undefined> => {
    const row = await statements.versionOf(db.read, id, version)
    if (row === undefined) return undefined
    const { terms } = parseBody(JSON.parse(row.body))
    const restrictions = restrictionsOf(terms).map((rule) => rule.id)
    return { version, sha256: row.sha256, text: row.body, restrictions }
  }

  return {
    async given({ own }, { after, limit }) {
      const receiver = { accountId: own, nowMs: clock.nowMs() }
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      const rows = await givenTo(db.read, receiver, page)
      const ids = [...new Set(rows.map(({ id }) => id))]
      const grants = await grantsReaching(db.read, receiver, ids)
      return rows.map((row) => toGiven(row, grants))
    },

    async givenOne({ own }, id, orgName) {
      const org = await identity.need(orgName, 'org')
      const receiver = { accountId: own, nowMs: clock.nowMs() }
      const [row] = await givenTo(db.read, receiver, { only: { id, orgId: org.id }, limit: 1 })
      if (row === undefined) throw noAgreement()
      const one = toGiven(row, await grantsReaching(db.read, receiver, [id]))
      const role = await identity.roleIn(org.id, own)
      const mayRead = one.grants.length > 0 || lookingRoles.has(role ?? '')
      const text = mayRead ? await textOf(id, row.in_force) : undefined
      return { ...one, text, administrators: await identity.administratorsOf(org.id) }
    },
  }
}
