/**
 * What a party lets its own people do with an agreement: by project, for purposes, since no client can say a purpose with each request.
 */
import { isPurpose } from '@weighhouse/formats/terms/purposes.ts'
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementGrantId, AgreementId, TokenId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { countNamed } from '../policy/index.ts'
import { type Chain, folderOf, type Said } from './chain.ts'
import type { Drafts } from './draft.ts'
import * as grants from './grants.sql.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import { namedUsersMax } from './named-users.ts'
import { personOf } from './negotiate.ts'
import { makeOpened } from './opened.ts'
import type * as sql from './agreements.sql.ts'

export interface GrantWish {
  readonly project: string
  readonly purposes: readonly string[]
  readonly environment?: string
  /** Everybody of the party, one of its teams, or one of its people or programs. */
  readonly to:
    | { readonly kind: 'org' }
    | { readonly kind: 'team'; readonly name: string }
    | { readonly kind: 'user'; readonly name: string }
  /** Only with this token. */
  readonly tokenId?: TokenId
  readonly toMs?: number
}

export interface AgreementGrant {
  readonly id: AgreementGrantId
  readonly project: string
  readonly purposes: readonly string[]
  readonly environment: string | undefined
  readonly granteeKind: Row<'agreement_grant'>['grantee_kind']
  readonly granteeId: string
  /** Of a person who is there. */
  readonly granteeName: string | undefined
  readonly fromMs: number
  readonly toMs: number | undefined
  readonly isOver: boolean
}

export interface Grants {
  /** Errors: `invalid`, `conflict` before all have signed, `account_not_found`, `entry_not_found`. */
  grant(ctx: Ctx, permit: OrgPermit, id: AgreementId, wish: GrantWish): Promise<AgreementGrant>
  /** At once. Errors: `entry_not_found`. */
  endGrant(ctx: Ctx, permit: OrgPermit, id: AgreementId, grantId: AgreementGrantId): Promise<void>
  grants(
    permit: OrgPermit,
    id: AgreementId,
    page: { after: string; limit: number },
  ): Promise<AgreementGrant[]>
}

const projectCharsMax = 100
const purposesMax = 20

const refuse = ({ project, purposes, toMs }: GrantWish, nowMs: number): void => {
  if (project.trim() === '' || project.length > projectCharsMax) {
    throw new HubError('invalid', `A project has a name of 1 to ${projectCharsMax} characters.`)
  }
  const unknown = purposes.find((one) => !isPurpose(one))
  if (unknown !== undefined || purposes.length > purposesMax) {
    throw new HubError(
      'invalid',
      `At most ${purposesMax} purposes of the vocabulary are expected, found "${unknown ?? purposes.length}".`,
    )
  }
  if (toMs !== undefined && toMs <= nowMs) {
    throw new HubError('invalid', 'A grant ends in the future.')
  }
}

const toGrant = (
  row: Row<'agreement_grant'>,
  granteeName: string | undefined,
  nowMs: number,
): AgreementGrant => ({
  granteeName,
  id: row.id,
  project: row.project,
  // A cast because only this room writes the column.
  purposes: JSON.parse(row.purposes) as string[],
  environment: row.environment ?? undefined,
  granteeKind: row.grantee_kind,
  granteeId: row.grantee_id,
  fromMs: row.from_ms,
  toMs: row.to_ms ?? undefined,
  isOver: row.ended_at_ms !== null || (row.to_ms !== null && row.to_ms <= nowMs),
})

export const takes = (folder: Folder, orgId: AccountId): boolean =>
  folder.parties.some(
    ({ org, role }) => org === orgId && (role === 'consumer' || role === 'member'),
  )

export const makeGrants = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Grants => {
  const { db, organisations, clock, ids } = deps
  const { open, needOwn, needSigned, raise } = makeOpened(deps)

  const granteeOf = async (
    { namespace }: OrgPermit,
    to: GrantWish['to'],
  ): Promise<{ id: string; name: string }> => {
    if (to.kind === 'org') return { id: namespace.id, name: namespace.name }
    if (to.kind === 'team') {
      const id = await organisations.teamIn(db.read, namespace.id, to.name)
      if (id !== undefined) return { id, name: to.name }
      throw new HubError('entry_not_found', `${namespace.name} has no team "${to.name}".`)
    }
    return needOwn(namespace, to.name)
  }

  /** Refused before it is written: one name too many would shut out all that were named before. */
  const refuseTooMany = async (
    q: Parameters<typeof sql.reposOf>[0],
    row: Row<'agreement'>,
    orgId: AccountId,
    most: number,
  ): Promise<void> => {
    const count = await countNamed(q, { id: row.id, orgId }, clock.nowMs())
    if (count <= most) return
    throw new HubError(
      'too_many',
      `The agreement is for ${most} named users; with these there would be ${count}. End another grant first.`,
      { reason: 'named_users' },
    )
  }

  return {
    async grant(ctx, permit, id, wish) {
      const nowMs = clock.nowMs()
      refuse(wish, nowMs)
      const { namespace } = permit
      const row = await open(namespace.id, id)
      const folder = folderOf(row)
      const { version } = needSigned(folder)
      if (!takes(folder, namespace.id)) {
        throw new HubError(
          'conflict',
          `${namespace.name} gives in this agreement, and is given nothing to pass on.`,
        )
      }
      const grantee = await granteeOf(permit, wish.to)
      const { terms } = await drafts.read(row, version)
      const most = namedUsersMax(terms)
      const person = personOf(permit)
      const grant: Row<'agreement_grant'> = {
        id: ids<AgreementGrantId>(),
        agreement_id: id,
        org_id: namespace.id,
        project: wish.project,
        purposes: JSON.stringify(wish.purposes),
        environment: wish.environment ?? null,
        grantee_id: grantee.id,
        grantee_kind: wish.to.kind,
        token_id: wish.tokenId ?? null,
        from_ms: nowMs,
        to_ms: wish.toMs ?? null,
        ended_at_ms: null,
        // A cast because ids travel as text in statements.
        created_by: (person?.id ?? namespace.id) as AccountId,
        created_at_ms: nowMs,
      }
      const details = {
        project: wish.project,
        purposes: wish.purposes.join(' '),
        to: grantee.name,
        kind: wish.to.kind,
      }
      const said: Said = {
        kind: 'grant_given',
        org: namespace.id,
        actor: person,
        data: { subject: grant.id, details },
      }
      await chain.say(ctx, row, said, {}, async ({ q }) => {
        await grants.insertGrant(q, grant)
        if (most !== undefined) await refuseTooMany(q, row, namespace.id, most)
        await raise(q, id)
      })
      return toGrant(grant, wish.to.kind === 'user' ? grantee.name : undefined, nowMs)
    },

    async endGrant(ctx, permit, id, grantId) {
      const { namespace } = permit
      const row = await open(namespace.id, id)
      const said: Said = {
        kind: 'grant_ended',
        org: namespace.id,
        actor: personOf(permit),
        data: { subject: grantId },
      }
      await chain.say(ctx, row, said, {}, async ({ q }) => {
        const key = { grantId, orgId: namespace.id }
        if (!(await grants.endGrant(q, key, clock.nowMs()))) {
          throw new HubError('entry_not_found', 'There is no such grant in force.')
        }
        await raise(q, id)
      })
    },

    async grants({ namespace }, id, { after, limit }) {
      await open(namespace.id, id)
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      const rows = await grants.grantsOf(db.read, { id, orgId: namespace.id }, page)
      const people = rows.filter((row) => row.grantee_kind === 'user')
      // A cast because the column's kind says what its id is of.
      const names = await deps.identity.namesOf(people.map((row) => row.grantee_id as AccountId))
      return rows.map((row) => toGrant(row, names.get(row.grantee_id), clock.nowMs()))
    },
  }
}
