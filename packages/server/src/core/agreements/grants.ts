/**
 * What a party lets its own people do with an agreement: by project, for purposes, since no client can say a purpose with each request. And
 * what people and parties put on record: that they accept, that something was done.
 */
import { isPurpose } from '@weighhouse/formats/terms/vocabulary.ts'
import { type Folder, stateOf } from '@weighhouse/formats/agreement/folder.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementGrantId, AgreementId, TokenId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type AccountPermit, countNamed } from '../policy/index.ts'
import { type Chain, folderOf, isHidden, noAgreement, type Said } from './chain.ts'
import type { Drafts } from './draft.ts'
import * as grants from './grants.sql.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import { namedUsersMax } from './named-users.ts'
import { personOf } from './negotiate.ts'
import * as sql from './agreements.sql.ts'

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
  /** A person accepts the restrictions of the version in force, for themselves. Errors: `entry_not_found`, `conflict`. */
  accept(ctx: Ctx, permit: AccountPermit, id: AgreementId, orgName: string): Promise<void>
  /** A providing party notes that a precondition was met, such as a payment. Errors: `entry_not_found`, `permission_denied`. */
  noteDone(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    precondition: { rule: string; name: string },
  ): Promise<void>
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

const toGrant = (row: Row<'agreement_grant'>, nowMs: number): AgreementGrant => ({
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

const gives = (folder: Folder, orgId: AccountId): boolean =>
  folder.parties.some(({ org, role }) => org === orgId && role !== 'consumer')

export const makeGrants = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Grants => {
  const { db, identity, organisations, repos, clock, ids } = deps

  const open = async (orgId: AccountId, id: AgreementId): Promise<Row<'agreement'>> => {
    const row = await sql.agreementById(db.read, id)
    if (row === undefined || isHidden(folderOf(row), orgId)) throw noAgreement()
    return row
  }

  const needSigned = (row: Row<'agreement'>): void => {
    const folder = folderOf(row)
    const isOver = folder.life === 'none' || folder.life === 'closing' || folder.life === 'closed'
    if (!isOver) return
    throw new HubError('conflict', `This agreement is ${stateOf(folder)}: nothing is given by it.`)
  }

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
    const user = await identity.need(to.name, 'user')
    const isOurs =
      user.serviceOf === namespace.id ||
      (await identity.roleIn(namespace.id, user.id)) !== undefined
    if (isOurs) return { id: user.id, name: user.name }
    throw new HubError('invalid', `${user.name} does not belong to ${namespace.name}.`)
  }

  /** Tickets that were given out are looked at again. */
  const raise = async (q: Parameters<typeof sql.reposOf>[0], id: AgreementId): Promise<void> => {
    for (const repoId of await sql.reposOf(q, id)) await repos.raiseEpoch(q, repoId)
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
      needSigned(row)
      if (!takes(folderOf(row), namespace.id)) {
        throw new HubError(
          'conflict',
          `${namespace.name} gives in this agreement, and is given nothing to pass on.`,
        )
      }
      const grantee = await granteeOf(permit, wish.to)
      const { terms } = await drafts.read(row, row.in_force ?? 0)
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
      return toGrant(grant, nowMs)
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
      return rows.map((row) => toGrant(row, clock.nowMs()))
    },

    async accept(ctx, { own, actor }, id, orgName) {
      const org = await identity.need(orgName, 'org')
      const row = await open(org.id, id)
      if ((await identity.roleIn(org.id, own)) === undefined) throw noAgreement()
      needSigned(row)
      const version = row.in_force ?? 0
      const { sha256 } = folderOf(row).inForce ?? { sha256: '' }
      const said: Said = {
        kind: 'assent_given',
        org: org.id,
        actor: { id: own, name: actor.name },
        data: { version, sha256, subject: own },
      }
      await chain.say(ctx, row, said, {}, ({ q }, next) =>
        grants.putAssent(q, { agreement_id: id, account_id: own, version, at_ms: next.atMs }),
      )
    },

    async noteDone(ctx, permit, id, { rule, name }) {
      const { namespace } = permit
      const row = await open(namespace.id, id)
      needSigned(row)
      if (!gives(folderOf(row), namespace.id)) {
        throw new HubError(
          'permission_denied',
          'The party that gives says that something was done.',
          {
            reason: 'provider_needed',
          },
        )
      }
      const { terms } = await drafts.read(row, row.in_force ?? 0)
      const known = terms.permissions.find((one) => one.id === rule)?.preconditions
      if (known?.some((one) => one.name === name) !== true) {
        throw new HubError('entry_not_found', `No permission "${rule}" waits for "${name}" here.`)
      }
      const person = personOf(permit)
      const precondition = `${rule}/${name}`
      const said: Said = {
        kind: 'precondition_done',
        org: namespace.id,
        actor: person,
        data: { subject: precondition },
      }
      await chain.say(ctx, row, said, {}, async ({ q }, next) => {
        // A cast because ids travel as text in statements.
        const by_id = (person?.id ?? namespace.id) as AccountId
        await grants.putDone(q, { agreement_id: id, precondition, at_ms: next.atMs, by_id })
        await raise(q, id)
      })
    },
  }
}
