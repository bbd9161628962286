/** Invitations: one-time links by which somebody who is signed in becomes a member. */
import type { RoleName } from '#db/schema.ts'
import { refuseUser, sha256Hex } from '../identity/index.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Letter } from '../ports/mailer.ts'
import type { AccountPermit } from '../policy/index.ts'
import type { OrganisationsDeps, OrgPage, OrgPermit } from './index.ts'
import * as sql from './invitations.sql.ts'

export interface InvitationWish {
  readonly role: RoleName
  /** Only an account with this address may accept. */
  readonly email?: string
  /** How long the link is good for: seven days when absent. */
  readonly lifeMs?: number
  /** When the membership ends by itself. */
  readonly memberUntilMs?: number
}

export interface Invitation {
  readonly id: string
  readonly role: RoleName
  readonly email: string | undefined
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly memberUntilMs: number | undefined
}

export interface Invitations {
  /** The secret is in the answer and nowhere else. Errors: `invalid`, `too_many`. */
  invite(
    ctx: Ctx,
    permit: OrgPermit,
    wish: InvitationWish,
  ): Promise<{ invitation: Invitation; secret: string }>
  invitations(permit: OrgPermit, page: OrgPage): Promise<Invitation[]>
  /** Errors: `entry_not_found`. */
  revokeInvitation(ctx: Ctx, permit: OrgPermit, id: string): Promise<void>
  /** Who invites whoever has the secret, and as what. Errors: as of accepting. */
  readInvitation(permit: AccountPermit, secret: string): Promise<{ org: string; role: RoleName }>
  /**
   * Makes the account a member. Errors: `permission_denied` when the link is used, expired, revoked or for another address; `exists` for who
   * is a member already, and the link stays good.
   */
  acceptInvitation(
    ctx: Ctx,
    permit: AccountPermit,
    secret: string,
  ): Promise<{ org: string; role: RoleName }>
}

interface Payload {
  readonly role: RoleName
  readonly email?: string
  readonly memberUntilMs?: number
  readonly invitedBy?: string
}

// A cast because only this room writes invitations to organisations.
const payloadOf = (row: sql.InvitationRow): Payload => JSON.parse(row.payload ?? '{}') as Payload

const toInvitation = (row: sql.InvitationRow): Invitation => {
  const { role, email, memberUntilMs } = payloadOf(row)
  return {
    id: row.secret_sha256,
    role,
    email,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    memberUntilMs,
  }
}

const gone = (): HubError =>
  new HubError(
    'permission_denied',
    'This invitation is used, expired or revoked, or for somebody else. Ask for a new one.',
    { reason: 'invitation_void' },
  )

const refuseWish = ({ email, lifeMs = 1, memberUntilMs }: InvitationWish, nowMs: number): void => {
  if (email !== undefined && !/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(email)) {
    throw new HubError('invalid', `"${email.slice(0, 100)}" is no mail address.`)
  }
  if (!(lifeMs > 0 && lifeMs <= limits.invitationLifeMsMax)) {
    const days = limits.invitationLifeMsMax / (24 * 3600_000)
    throw new HubError('invalid', `An invitation is good for up to ${days} days.`)
  }
  if (memberUntilMs !== undefined && memberUntilMs <= nowMs) {
    throw new HubError('invalid', 'The membership would have ended already: name a later time.')
  }
}

export const makeInvitations = (deps: OrganisationsDeps): Invitations => {
  const { db, events, mail, clock, chance, identity } = deps

  /** What the secret invites this actor to, if it does. */
  const openFor = async (actor: AccountPermit['actor'], secret: string) => {
    const row = await sql.invitationBy(db.read, sha256Hex(secret))
    const org = row?.account_id == null ? undefined : await identity.get(row.account_id)
    const isOpen = row !== undefined && row.expires_at_ms > clock.nowMs()
    if (!isOpen || org === undefined || org.isDisabled) throw gone()
    const { role, email, memberUntilMs } = payloadOf(row)
    const account = await identity.get(actor.id)
    const isMeant = email === undefined || account?.email?.toLowerCase() === email.toLowerCase()
    if (!isMeant || actor.serviceOf !== undefined) throw gone()
    if ((await identity.roleIn(org.id, actor.id)) !== undefined) {
      throw new HubError('exists', `${actor.name} is a member of ${org.name} already.`)
    }
    return { row, org, role, memberUntilMs }
  }

  const letterOf = (to: string, org: string, secret: string): Letter => ({
    to,
    subject: `${org} invites you`,
    text: [
      `${org} invites you to become a member of its organisation on this hub.`,
      '',
      'Accept here, signed in with the account that has this address:',
      mail.linkTo(`/join/${secret}`),
      '',
      'The link works once. If you do not know the organisation, do nothing.',
      '',
    ].join('\n'),
  })

  return {
    async invite(ctx, { namespace }, wish) {
      refuseUser(namespace)
      const nowMs = clock.nowMs()
      refuseWish(wish, nowMs)
      const secret = chance.bytes(24).toString('base64url')
      const invitedBy = actorIdOf(ctx.actor)
      const { role, email, memberUntilMs } = wish
      const payload = { role, email, memberUntilMs, invitedBy }
      const row: sql.InvitationRow = {
        secret_sha256: sha256Hex(secret),
        purpose: 'membership',
        created_at_ms: nowMs,
        expires_at_ms: nowMs + (wish.lifeMs ?? limits.invitationLifeMs),
        account_id: namespace.id,
        payload: JSON.stringify(payload),
      }
      await db.tx(async (q, after) => {
        await sql.clearVoidInvitations(q, namespace.id, nowMs)
        const most = limits.invitationsPerOrgMax
        const open = await sql.invitationsOf(q, namespace.id, { nowMs, after: '', limit: most })
        if (open.length >= most) {
          throw new HubError('too_many', `${most} invitations are open. Revoke some first.`)
        }
        await sql.insertInvitation(q, row)
        if (email !== undefined)
          await mail.post({ q, after }, letterOf(email, namespace.name, secret))
        const facts = { orgId: namespace.id, role: wish.role }
        await events.append({ q, after, ctx }, 'invitation_created', facts)
      })
      return { invitation: toInvitation(row), secret }
    },

    invitations: async ({ namespace }, { after, limit }) => {
      const page = { nowMs: clock.nowMs(), after, limit: Math.min(limit, limits.apiPageMax) }
      return (await sql.invitationsOf(db.read, namespace.id, page)).map(toInvitation)
    },

    async revokeInvitation(ctx, { namespace }, id) {
      await db.tx(async (q, after) => {
        if (!(await sql.takeInvitation(q, id, namespace.id))) {
          throw new HubError('entry_not_found', `${namespace.name} has no such open invitation.`)
        }
        await events.append({ q, after, ctx }, 'invitation_revoked', { orgId: namespace.id })
      })
    },

    async readInvitation({ actor }, secret) {
      const { org, role } = await openFor(actor, secret)
      return { org: org.name, role }
    },

    async acceptInvitation(ctx, { actor }, secret) {
      const { row, org, role, memberUntilMs } = await openFor(actor, secret)
      await db.tx(async (q, after) => {
        if (!(await sql.takeInvitation(q, row.secret_sha256, org.id))) throw gone()
        const end = memberUntilMs === undefined ? {} : { expiresAtMs: memberUntilMs }
        const member = { userId: actor.id, userName: actor.name, role, ...end }
        await identity.putMember({ q, after, ctx }, org, member)
        const payload = { orgId: org.id, userId: actor.id, role }
        await events.append({ q, after, ctx }, 'invitation_accepted', payload)
      })
      return { org: org.name, role }
    },
  }
}
