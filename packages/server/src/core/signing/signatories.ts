/** Who may sign for an organisation: named by one administrator, confirmed by another, for some sides and templates, until a date. */
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, SignatoryId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { needFresh, type OrgPermit, type SigningDeps } from './index.ts'
import * as sql from './signing.sql.ts'

export type Side = 'provider' | 'consumer'

export interface SignatoryWish {
  readonly userName: string
  /** Such as "Head of Research": it stands beside the signature. */
  readonly title: string
  readonly sides: readonly Side[]
  /** Ids of templates; all when absent. */
  readonly templates?: readonly string[]
  readonly fromMs?: number
  readonly toMs: number
}

export interface Signatory {
  readonly id: SignatoryId
  readonly userId: AccountId
  readonly userName: string
  readonly fullName: string
  readonly title: string
  readonly sides: readonly Side[]
  readonly templates: readonly string[] | undefined
  readonly fromMs: number
  readonly toMs: number
  readonly state: 'named' | 'in_force' | 'not_yet' | 'over'
}

export interface Signatories {
  /** Writes down whom one person names; nothing is allowed by it yet. Errors: `account_not_found`, `invalid`, `too_many`. */
  nameSignatory(ctx: Ctx, permit: OrgPermit, wish: SignatoryWish): Promise<Signatory>
  /** Errors: `entry_not_found`, `conflict`; `permission_denied` for who named it, and for whom it is about. */
  confirmSignatory(ctx: Ctx, permit: OrgPermit, id: SignatoryId): Promise<Signatory>
  /** At once; signatures of before stand. Repeating it is no error. Errors: `entry_not_found`. */
  endSignatory(ctx: Ctx, permit: OrgPermit, id: SignatoryId): Promise<void>
  signatories(orgId: AccountId, page: { after: string; limit: number }): Promise<Signatory[]>
  /**
   * The authority by which somebody signs, for this side and template; without a template, by one that is for all. Now, or at a later
   * instant than the clock says; inside a transaction with its querier. Undefined when there is none.
   */
  authorityOf(
    orgId: AccountId,
    userId: AccountId,
    act: SigningAct & { atMs?: number },
    q?: Querier,
  ): Promise<Signatory | undefined>
  /** Everybody who has an authority for each of these acts now, with their addresses, in order of naming. */
  signersFor(
    orgId: AccountId,
    acts: readonly SigningAct[],
  ): Promise<{ userId: AccountId; email: string | undefined }[]>
}

/** To sign for one side, by a template or, where none is named, any text. */
export interface SigningAct {
  readonly side: Side
  readonly template?: string
}

const covers = ({ state, sides, templates }: Signatory, { side, template }: SigningAct): boolean =>
  state === 'in_force' &&
  sides.includes(side) &&
  (templates === undefined || templates.some((one) => one === template))

const titleCharsMax = 100
const templatesMax = 50

const refuse = (wish: SignatoryWish, nowMs: number): void => {
  const { title, sides, templates = [], fromMs = nowMs, toMs } = wish
  if (title.trim() === '' || title.length > titleCharsMax) {
    throw new HubError('invalid', `A title has 1 to ${titleCharsMax} characters.`)
  }
  if (sides.length === 0 || templates.length > templatesMax) {
    throw new HubError(
      'invalid',
      `At least one side and at most ${templatesMax} templates are expected.`,
    )
  }
  if (toMs <= Math.max(fromMs, nowMs) || toMs - fromMs > limits.signatoryLifeMsMax) {
    throw new HubError(
      'invalid',
      'An authority ends after it begins, in the future, and within three years.',
    )
  }
}

/** Authority is given by people: neither by the hub's operator nor by a program. */
const personOf = ({ actor }: OrgPermit): AccountId => {
  if (actor.kind === 'user' && actor.serviceOf === undefined) return actor.id
  throw new HubError(
    'permission_denied',
    'A person names and confirms signatories, not a program and not the hub itself.',
    {
      reason: 'person_needed',
    },
  )
}

const toSignatory = (row: sql.ListedSignatory, nowMs: number): Signatory => {
  const stateOf = (): Signatory['state'] => {
    if (row.ended_at_ms !== null || row.to_ms <= nowMs) return 'over'
    if (row.confirmed_at_ms === null) return 'named'
    return row.from_ms > nowMs ? 'not_yet' : 'in_force'
  }
  return {
    id: row.id,
    userId: row.user_id,
    userName: row.user_name,
    fullName: row.user_full_name,
    title: row.title,
    // Casts because only this room writes these columns.
    sides: JSON.parse(row.sides) as Side[],
    templates: row.templates === null ? undefined : (JSON.parse(row.templates) as string[]),
    fromMs: row.from_ms,
    toMs: row.to_ms,
    state: stateOf(),
  }
}

export const makeSignatories = (deps: SigningDeps): Signatories => {
  const { db, events, identity, clock, ids } = deps

  const describe = async (row: Row<'signatory'>): Promise<Signatory> => {
    const account = await identity.get(row.user_id)
    const names = { user_name: account?.name ?? '', user_full_name: account?.fullName ?? '' }
    return toSignatory({ ...row, ...names }, clock.nowMs())
  }

  const own = async (orgId: AccountId, id: SignatoryId) => {
    const row = await sql.signatoryById(db.read, orgId, id)
    if (row !== undefined) return row
    throw new HubError('entry_not_found', 'The organisation has named no such signatory.')
  }

  return {
    async nameSignatory(ctx, permit, wish) {
      const { namespace } = permit
      const namedBy = personOf(permit)
      await needFresh(deps, permit)
      const nowMs = clock.nowMs()
      refuse(wish, nowMs)
      const user = await identity.need(wish.userName, 'user')
      if ((await identity.roleIn(namespace.id, user.id)) === undefined) {
        throw new HubError(
          'invalid',
          `${user.name} is no member of ${namespace.name}: its own people sign for it.`,
        )
      }
      const row: Row<'signatory'> = {
        id: ids<SignatoryId>(),
        org_id: namespace.id,
        user_id: user.id,
        title: wish.title,
        sides: JSON.stringify(wish.sides),
        templates: wish.templates === undefined ? null : JSON.stringify(wish.templates),
        from_ms: wish.fromMs ?? nowMs,
        to_ms: wish.toMs,
        named_by: namedBy,
        named_at_ms: nowMs,
        confirmed_by: null,
        confirmed_at_ms: null,
        ended_at_ms: null,
      }
      await db.tx(async (q, after) => {
        const page = { after: '', limit: limits.signatoriesPerOrgMax }
        if ((await sql.signatoriesOf(q, namespace.id, page)).length >= page.limit) {
          throw new HubError(
            'too_many',
            `At most ${page.limit} signatories are kept, those that are over too.`,
          )
        }
        await sql.insertSignatory(q, row)
        const { id: signatoryId, user_id: userId, title, to_ms: toMs } = row
        const payload = { orgId: namespace.id, signatoryId, userId, title, toMs }
        await events.append({ q, after, ctx }, 'signatory_named', payload)
      })
      return describe(row)
    },

    async confirmSignatory(ctx, permit, id) {
      const { namespace } = permit
      const row = await own(namespace.id, id)
      const by = personOf(permit)
      await needFresh(deps, permit)
      if (by === row.named_by || by === row.user_id) {
        throw new HubError(
          'permission_denied',
          'A second administrator confirms who may sign: neither the one who named them nor they themselves.',
          { reason: 'second_person_needed' },
        )
      }
      await db.tx(async (q, after) => {
        if (!(await sql.confirmSignatory(q, id, { by, atMs: clock.nowMs() }))) {
          throw new HubError('conflict', 'This was confirmed or ended already.')
        }
        const payload = { orgId: namespace.id, signatoryId: id, userId: row.user_id }
        await events.append({ q, after, ctx }, 'signatory_confirmed', payload)
      })
      return describe(await own(namespace.id, id))
    },

    async endSignatory(ctx, { namespace }, id) {
      const row = await own(namespace.id, id)
      await db.tx(async (q, after) => {
        if (!(await sql.endSignatory(q, id, clock.nowMs()))) return
        const payload = { orgId: namespace.id, signatoryId: id, userId: row.user_id }
        await events.append({ q, after, ctx }, 'signatory_ended', payload)
      })
    },

    async signatories(orgId, page) {
      const rows = await sql.signatoriesOf(db.read, orgId, page)
      return rows.map((row) => toSignatory(row, clock.nowMs()))
    },

    async authorityOf(orgId, userId, { atMs = 0, ...act }, q = db.read) {
      // Who left signs no more, whatever was written down.
      if ((await identity.roleIn(orgId, userId, q)) === undefined) return undefined
      const page = { after: '', limit: limits.signatoriesPerOrgMax, userId }
      const rows = await sql.signatoriesOf(q, orgId, page)
      const nowMs = Math.max(atMs, clock.nowMs())
      return rows.map((row) => toSignatory(row, nowMs)).find((one) => covers(one, act))
    },

    async signersFor(orgId, acts) {
      const nowMs = clock.nowMs()
      const rows = await sql.signersOf(db.read, { orgId, nowMs }, limits.signatoriesPerOrgMax)
      const emails = new Map(rows.map((row) => [row.user_id, row.email ?? undefined]))
      const named = rows.map((row) => toSignatory(row, nowMs))
      return [...emails].flatMap(([userId, email]) => {
        const theirs = named.filter((one) => one.userId === userId)
        const may = acts.every((act) => theirs.some((one) => covers(one, act)))
        return may ? [{ userId, email }] : []
      })
    },
  }
}
