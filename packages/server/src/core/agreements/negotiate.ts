/** The talk: written, proposed, countered, agreed or not. */
import { isSeen } from '@weighhouse/formats/agreement/unseen.ts'
import { type AgreementBody, isExchange } from '@weighhouse/formats/agreement/body.ts'
import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AgreementId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chain, Said } from './chain.ts'
import { earlier, type Expectation } from './commands.ts'
import { folderOf } from './chain.ts'
import { type BodyWish, type Drafts, type PartyWish, refuseEnded } from './draft.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import { makeOpened } from './opened.ts'
import * as sql from './agreements.sql.ts'
import * as statements from './statements.sql.ts'

/** Exactly the bytes that were on the screen. */
export interface OnTable {
  readonly version: number
  readonly sha256: string
}

export interface Negotiation {
  /** Begins a folder; nothing is said to the others yet. The author's organisation is one of the parties. Errors: `invalid`, `account_not_found`. */
  create(
    ctx: Ctx,
    permit: OrgPermit,
    wish: { title: string; templateId: string; parties: readonly PartyWish[] },
  ): Promise<AgreementId>
  /** Writes the next version, or an amendment of the one in force. Errors: `invalid`, `conflict`. */
  draft(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    wish: BodyWish,
    at?: Expectation,
  ): Promise<OnTable>
  /** Puts the draft on the table, for all parties to see. Errors: `conflict`, also where one of them has ended. */
  propose(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    what: OnTable & { offerUntilMs?: number },
    at?: Expectation,
  ): Promise<void>
  /** Answers with another version. Errors: `invalid`, `conflict`. */
  counter(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    wish: BodyWish,
    at?: Expectation,
  ): Promise<OnTable>
  /** Says yes to these bytes; signing comes after. Errors: `conflict`. */
  agree(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    what: OnTable,
    at?: Expectation,
  ): Promise<void>
  /** Ends the talk about this version: the other side's, or one's own. Errors: `conflict`. */
  reject(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    reason: string,
    at?: Expectation,
  ): Promise<void>
  withdraw(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    reason: string,
    at?: Expectation,
  ): Promise<void>
}

const reasonCharsMax = 1_000
const titleCharsMax = 200

/** Errors: `invalid`. */
export const refuseReason = (reason: string): string => {
  if (reason.trim() !== '' && reason.length <= reasonCharsMax) return reason
  throw new HubError(
    'invalid',
    `A reason of 1 to ${reasonCharsMax} characters is needed: the other parties read it.`,
  )
}

/** What lists call an agreement. */
const namesOf = ({ title, template }: AgreementBody) => ({ title, template_id: template.id })

/** The person behind a permit, as statements name them. */
export const personOf = ({ actor }: Pick<OrgPermit, 'actor'>): Said['actor'] =>
  actor.kind === 'user' ? { id: actor.id, name: actor.name } : null

export const makeNegotiation = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Negotiation => {
  const { db, identity, clock, ids } = deps
  const { open } = makeOpened(deps)

  const saidBy = (permit: OrgPermit, kind: StatementKind, data: Said['data']): Said => ({
    kind,
    org: permit.namespace.id,
    actor: personOf(permit),
    data,
  })

  const before = async (row: Row<'agreement'>): Promise<AgreementBody | undefined> => {
    const { candidate, inForce, shown } = folderOf(row)
    const version = candidate?.version ?? inForce?.version ?? shown.at(-1)
    return version === undefined ? undefined : drafts.read(row, version)
  }

  /** Writes a version and says so. */
  const write = async (
    ctx: Ctx,
    permit: OrgPermit,
    {
      id,
      wish,
      at,
      kind,
    }: { id: AgreementId; wish: BodyWish; at: Expectation; kind: 'drafted' | 'countered' },
  ): Promise<OnTable> => {
    const row = await open(permit.namespace.id, id)
    const folder = folderOf(row)
    const as = { kinds: [kind], actor: personOf(permit) }
    const said = await earlier(db.read, id, { org: permit.namespace.id, key: at.key, as })
    if (said !== undefined) {
      const { version = 0, sha256 = '' } = said.data
      return { version, sha256 }
    }
    const made = await drafts.make(ctx, { folder, wish, before: await before(row) })
    const what = { version: made.body.version, sha256: made.sha256 }
    await chain.say(ctx, row, saidBy(permit, kind, what), at, async ({ q }, next) => {
      await statements.insertVersion(q, {
        agreement_id: id,
        version: what.version,
        author_id: permit.namespace.id,
        sha256: what.sha256,
        body: made.text,
        created_at_ms: next.atMs,
      })
      // Until when the other side had to answer says nothing of this one's answer.
      if (kind === 'countered') return { ...namesOf(made.body), offer_until_ms: null }
      // What the others do not see yet renames nothing that they see.
      return folder.shown.length > 0 ? {} : namesOf(made.body)
    })
    return what
  }

  const say = async (
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    {
      kind,
      data,
      at,
      set = {},
    }: {
      kind: StatementKind
      data: Said['data']
      at: Expectation
      set?: Partial<Row<'agreement'>>
    },
  ): Promise<void> => {
    const row = await open(permit.namespace.id, id)
    await chain.say(ctx, row, saidBy(permit, kind, data), at, () => Promise.resolve(set))
  }

  return {
    async create(ctx, permit, { title, templateId, parties }) {
      const { namespace } = permit
      if (title.trim() === '' || title.length > titleCharsMax) {
        throw new HubError('invalid', `A title has 1 to ${titleCharsMax} characters.`)
      }
      if (!isSeen(title)) {
        throw new HubError('invalid', 'A title is expected of which every character is seen.')
      }
      const known = await Promise.all(
        parties.map(async ({ name, role }) => {
          const account = await identity.need(name, 'org')
          return { org: account.id, name: account.name, role }
        }),
      )
      if (
        !known.some(({ org }) => org === namespace.id) ||
        new Set(known.map(({ org }) => org)).size < known.length
      ) {
        throw new HubError(
          'invalid',
          `Two or more organisations are expected, ${namespace.name} among them.`,
        )
      }
      if (!isExchange(known.map(({ role }) => role))) {
        throw new HubError(
          'invalid',
          'Somebody who provides is expected among the parties, and somebody who consumes.',
        )
      }
      const most = limits.agreementsPerOrgMax
      if ((await sql.countAgreements(db.read, namespace.id, most)) >= most) {
        throw new HubError(
          'too_many',
          `${namespace.name} has ${most} agreements, more are not kept.`,
        )
      }
      const id = ids<AgreementId>()
      const said = saidBy(permit, 'created', { parties: known })
      await chain.begin(ctx, { id, said, title, templateId, begunBy: namespace.id }, ({ q }) =>
        sql.insertParties(
          q,
          known.map(({ org, role }) => ({ agreement_id: id, org_id: org, role, phase: null })),
        ),
      )
      return id
    },

    draft: (ctx, permit, id, wish, at = {}) =>
      write(ctx, permit, { id, wish, at, kind: 'drafted' }),

    counter: (ctx, permit, id, wish, at = {}) =>
      write(ctx, permit, { id, wish, at, kind: 'countered' }),

    async propose(ctx, permit, id, { version, sha256, offerUntilMs }, at = {}) {
      if (offerUntilMs !== undefined && offerUntilMs <= clock.nowMs()) {
        throw new HubError('invalid', 'An offer lapses in the future.')
      }
      const until =
        offerUntilMs === undefined ? {} : { until: new Date(offerUntilMs).toISOString() }
      const row = await open(permit.namespace.id, id)
      const { candidate, parties } = folderOf(row)
      const names =
        candidate === undefined ? {} : namesOf(await drafts.read(row, candidate.version))
      const set = { offer_until_ms: offerUntilMs ?? null, ...names }
      const said = saidBy(permit, 'proposed', { version, sha256, ...until })
      await chain.say(ctx, row, said, at, async ({ q }) => {
        await refuseEnded(q, parties)
        return set
      })
    },

    agree: (ctx, permit, id, { version, sha256 }, at = {}) =>
      say(ctx, permit, id, { kind: 'agreed', data: { version, sha256 }, at }),

    reject: (ctx, permit, id, reason, at = {}) =>
      say(ctx, permit, id, {
        kind: 'rejected',
        data: { reason: refuseReason(reason) },
        at,
        set: { offer_until_ms: null },
      }),

    withdraw: (ctx, permit, id, reason, at = {}) =>
      say(ctx, permit, id, {
        kind: 'withdrawn',
        data: { reason: refuseReason(reason) },
        at,
        set: { offer_until_ms: null },
      }),
  }
}
