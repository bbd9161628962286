/** Monthly statements of what was used: sealed by the hub, disputed by parties, corrected by entries of less than nothing. */
import { makeEnvelope } from '@weighhouse/formats/dsse/envelope.ts'
import { hashOf, usageType } from '@weighhouse/formats/agreement/statement.ts'
import { canonicalBytes } from '@weighhouse/formats/json/canonical.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type Chain, folderOf } from './chain.ts'
import type { Expectation } from './commands.ts'
import type { Drafts } from './draft.ts'
import type { AgreementsDeps, LookPermit, OrgPermit } from './index.ts'
import { allTime } from './downloads.ts'
import { settleOn } from './meters.sql.ts'
import { personOf, refuseReason } from './negotiate.ts'
import { makeOpened } from './opened.ts'
import * as sql from './agreements.sql.ts'
import * as usage from './usage.sql.ts'

export interface UsageStatement {
  readonly org: AccountId
  /** Of the agreement's time zone, such as `2026-01`. */
  readonly month: string
  /** Of the statement's canonical JSON, as the chain names it. */
  readonly sha256: string
  /** DSSE, JSON, under the hub's seal. */
  readonly envelope: string
  /** Why a party does not accept it. */
  readonly disputed: string | undefined
  readonly atMs: number
}

export interface CorrectionWish {
  readonly month: string
  /** The organisation whose use it was, by name. */
  readonly org: string
  readonly project: string
  readonly operand: 'downloadsTotal' | 'bytesTotal'
  /** How much less it was. */
  readonly less: number
  readonly reason: string
}

export interface Usage {
  /** Of all parties, newest month first. Errors: `entry_not_found`. */
  usage(permit: LookPermit, id: AgreementId): Promise<UsageStatement[]>
  /** A party does not accept a month, within 30 days. Errors: `entry_not_found`, `conflict`, `invalid`. */
  disputeUsage(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    what: { month: string; org: string; reason: string },
    at?: Expectation,
  ): Promise<void>
  /** A party that gives says that less was used than was counted. Errors: as `disputeUsage`, `permission_denied`. */
  correctUsage(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    wish: CorrectionWish,
    at?: Expectation,
  ): Promise<void>
}

const linesMax = 10_000
const statementsMax = 1_000
const tickMax = 200
/** No zone is farther ahead of UTC. */
const farthestMs = 14 * 3_600_000
const monthForm = /^\d{4}-(0[1-9]|1[0-2])$/

const monthOf = (atMs: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO(timezone)
    .toPlainDate()
    .toPlainYearMonth()
    .toString()

export const makeUsage = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
) => {
  const { db, clock, hubSeal } = deps
  const { open } = makeOpened(deps)

  const nameOf = (
    row: Row<'agreement'>,
    { org, month }: { org: string; month: string },
  ): usage.UsageName => {
    const party = folderOf(row).parties.find(({ name }) => name.toLowerCase() === org.toLowerCase())
    if (party === undefined || !monthForm.test(month)) {
      throw new HubError('invalid', 'Name a party of this agreement and a month such as 2026-01.')
    }
    // A cast because ids travel as text in folders.
    return { agreementId: row.id, orgId: party.org as AccountId, month }
  }

  const state = async (ctx: Ctx, name: usage.UsageName): Promise<number> => {
    const { agreementId, orgId, month } = name
    const row = await sql.agreementById(db.read, agreementId)
    if (row?.in_force == null) return 0
    const { timezone } = await drafts.read(row, row.in_force)
    if (month >= monthOf(clock.nowMs(), timezone)) return 0
    const lines = await usage.usageOf(db.read, name, linesMax)
    const document = {
      format: 'weighhouse.usage.v1',
      agreement: agreementId,
      org: orgId,
      month,
      timezone,
      lines: lines.map(({ project, operand, amount }) => ({ project, operand, amount })),
    }
    const payload = canonicalBytes(document)
    const sha256 = await hashOf(document)
    const envelope = JSON.stringify(
      makeEnvelope(usageType, payload, [hubSeal.sign(usageType, payload)]),
    )
    const said = {
      kind: 'usage_stated',
      org: null,
      actor: null,
      data: { subject: orgId, code: month, sha256 },
    } as const
    const at = { key: `usage:${orgId}:${month}` }
    await chain.say(ctx, row, said, at, ({ q }, next) =>
      usage.insertStatement(q, {
        agreement_id: agreementId,
        org_id: orgId,
        month,
        sha256,
        envelope,
        disputed: null,
        at_ms: next.atMs,
      }),
    )
    return 1
  }

  return {
    async usage({ namespace }, id) {
      await open(namespace.id, id)
      const rows = await usage.statementsOf(db.read, id, statementsMax)
      return rows.map(({ org_id: org, month, sha256, envelope, disputed, at_ms: atMs }) => ({
        org,
        month,
        sha256,
        envelope,
        disputed: disputed ?? undefined,
        atMs,
      }))
    },

    async disputeUsage(ctx, permit, id, { reason, ...what }, at = {}) {
      const { namespace } = permit
      const row = await open(namespace.id, id)
      const name = nameOf(row, what)
      const told = await usage.statementOf(db.read, name)
      if (told === undefined) {
        throw new HubError(
          'entry_not_found',
          `Nothing was stated of ${what.org} for ${what.month}.`,
        )
      }
      if (clock.nowMs() > told.at_ms + limits.usageDisputeMs) {
        throw new HubError('conflict', 'A statement is disputed within 30 days.', {
          reason: 'dispute_late',
        })
      }
      const data = { subject: name.orgId, code: name.month, reason: refuseReason(reason) }
      const said = {
        kind: 'usage_disputed',
        org: namespace.id,
        actor: personOf(permit),
        data,
      } as const
      await chain.say(ctx, row, said, at, ({ q }) => usage.setDisputed(q, name, reason))
    },

    async correctUsage(ctx, permit, id, wish, at = {}) {
      const { namespace } = permit
      const row = await open(namespace.id, id)
      const name = nameOf(row, wish)
      const { project, operand, less, reason } = wish
      const isGiver = folderOf(row).parties.some(
        ({ org, role }) => org === namespace.id && role !== 'consumer' && org !== name.orgId,
      )
      if (!isGiver) {
        throw new HubError('permission_denied', 'A party that gives says that less was used.', {
          reason: 'provider_needed',
        })
      }
      const data = {
        subject: name.orgId,
        code: name.month,
        reason: refuseReason(reason),
        details: { project, operand, amount: -less },
      }
      const said = {
        kind: 'usage_corrected',
        org: namespace.id,
        actor: personOf(permit),
        data,
      } as const
      await chain.say(ctx, row, said, at, async ({ q }) => {
        const lines = await usage.usageOf(q, name, linesMax)
        const line = lines.find((one) => one.project === project && one.operand === operand)
        if (!Number.isSafeInteger(less) || less < 1 || less > (line?.amount ?? 0)) {
          throw new HubError(
            'invalid',
            `From 1 to ${line?.amount ?? 0} can be taken off here, found ${less}.`,
          )
        }
        await usage.addUsage(q, name, { project, operand, amount: -less })
        const { agreementId, orgId } = name
        const meter = { agreementId, orgId, operand, period: allTime }
        await settleOn(q, meter, { reserved: 0, used: -less })
      })
    },

    /** States the months that are over. Answers how many. */
    async stateMonths(ctx: Ctx): Promise<number> {
      let count = 0
      // Where days begin first, this is the month; each agreement is asked in its own zone.
      const month = monthOf(clock.nowMs() + farthestMs, 'UTC')
      for (const row of await usage.unstated(db.read, month, tickMax)) {
        const { agreement_id: agreementId, org_id: orgId, month: of } = row
        try {
          count += await state(ctx, { agreementId, orgId, month: of })
        } catch (error) {
          if (!isHubError(error, 'conflict')) throw error
        }
      }
      return count
    },
  } satisfies Usage & { stateMonths(ctx: Ctx): Promise<number> }
}
