/**
 * Meters: what organisations use of what their agreements count. Room is set aside before something is given, and becomes a count when it
 * is, so that two at once never pass a limit; the same use by the same key counts once.
 */
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { ReadPermit } from '../policy/index.ts'
import { type Chain, folderOf } from './chain.ts'
import {
  type Amounts,
  type Fetched,
  type FetchedLater,
  makeDownloadOf,
  type Use,
} from './downloads.ts'
import type { Drafts } from './draft.ts'
import type { AgreementsDeps, LookPermit } from './index.ts'
import type { Letters } from './letters.ts'
import { mostOf } from './limits-of-terms.ts'
import { makeOpened } from './opened.ts'
import * as sql from './agreements.sql.ts'
import * as meters from './meters.sql.ts'
import { addUsage } from './usage.sql.ts'

/** Room that was set aside. Either may be called again, and does nothing then. */
export interface Reservation {
  /** It was given: it counts. */
  commit(): Promise<void>
  /** It was not: nothing counts. */
  release(): Promise<void>
}

export interface Meter {
  readonly org: AccountId
  readonly operand: string
  readonly period: string
  readonly used: number
  readonly reserved: number
  /** The highest number that the terms in force allow; undefined where they allow any. */
  readonly most: number | undefined
}

export interface Meters {
  /**
   * Sets one download aside under the agreement that lets the permit's actor read. Undefined where no terms count it, and for what the same
   * person has fetched before on the same day. Errors: `quota_exhausted`, `busy`.
   */
  reserveDownload(
    ctx: Ctx,
    permit: ReadPermit,
    file: Fetched | FetchedLater,
  ): Promise<Reservation | undefined>
  /** Would it be set aside now? An answer, not a leave: the next one may take the place. */
  hasRoom(ctx: Ctx, permit: ReadPermit, file: Fetched): Promise<boolean>
  /** Of all parties. Errors: `entry_not_found`. */
  meters(permit: LookPermit, id: AgreementId): Promise<Meter[]>
}

const metersMax = 1_000
const triesMax = 20
const tickMax = 500
const thresholds = [80, 95, 100]
type Counted = Pick<Use, 'period' | 'month' | 'amounts'>

const amountsOf = ({ period, month, amounts }: Counted): string =>
  JSON.stringify({ period, month, amounts })

const entriesOf = (amounts: Amounts): [string, number][] =>
  Object.entries(amounts).filter((entry): entry is [string, number] => entry[1] !== undefined)

class Moved extends Error {}

export const makeMeters = (
  deps: AgreementsDeps,
  { chain, drafts, letters }: { chain: Chain; drafts: Drafts; letters: Letters },
) => {
  const { db, clock, policy } = deps
  const { open } = makeOpened(deps)
  const downloadOf = makeDownloadOf(deps, drafts)

  const nameOf = (use: Use, operand: string): meters.MeterName => ({
    agreementId: use.agreementId,
    orgId: use.by.orgId,
    operand,
    period: use.period,
  })

  const tryReserve = async (
    use: Use,
    seen: readonly Row<'agreement_meter'>[],
  ): Promise<boolean> => {
    const nowMs = clock.nowMs()
    try {
      await db.tx(async (q) => {
        for (const [operand, amount] of entriesOf(use.amounts)) {
          const before = seen.find((one) => one.operand === operand && one.period === use.period)
          const how = { amount, version: before?.version }
          if (!(await meters.reserveOn(q, nameOf(use, operand), how))) throw new Moved()
        }
        await meters.putUse(q, {
          agreement_id: use.agreementId,
          use_key: use.key,
          org_id: use.by.orgId,
          account_id: use.accountId,
          project: use.by.project,
          amounts: amountsOf(use),
          state: 'reserved',
          at_ms: nowMs,
          expires_ms: nowMs + limits.meterReservedMs,
        })
      })
      return true
    } catch (error) {
      if (error instanceof Moved) return false
      throw error
    }
  }

  /** Moves a use on, once, and its amounts with it. */
  const settle = async (
    row: Pick<Row<'agreement_use'>, 'agreement_id' | 'use_key' | 'org_id' | 'project' | 'amounts'>,
    to: 'counted' | 'released',
  ): Promise<boolean> => {
    // A cast because only this room writes the column.
    const { period, month, amounts } = JSON.parse(row.amounts) as Counted
    return db.tx(async (q) => {
      const change = { state: to, expires_ms: clock.nowMs() + limits.meterKeyMs }
      if (!(await meters.moveUse(q, row, 'reserved', change))) return false
      for (const [operand, amount] of entriesOf(amounts)) {
        const name = { agreementId: row.agreement_id, orgId: row.org_id, operand, period }
        const used = to === 'counted' ? amount : 0
        await meters.settleOn(q, name, { reserved: amount, used })
        if (used > 0) {
          const of = { agreementId: row.agreement_id, orgId: row.org_id, month }
          await addUsage(q, of, { project: row.project, operand, amount: used })
        }
      }
      return true
    })
  }

  /** Says that a limit is near or reached: once for each step, however often it is looked at. */
  const notice = async (ctx: Ctx, { agreementId, by, period }: Use): Promise<void> => {
    const row = await sql.agreementById(db.read, agreementId)
    if (row?.in_force == null) return
    const { terms } = await drafts.read(row, row.in_force)
    const found = await meters.metersOf(db.read, { agreementId, orgId: by.orgId }, metersMax)
    for (const { operand, used } of found.filter((one) => one.period === period)) {
      const most = mostOf(terms, operand)
      if (most === undefined || most === 0) continue
      const percent = thresholds.findLast((step) => used * 100 >= most * step)
      if (percent === undefined) continue
      const folder = folderOf(row)
      const name = folder.parties.find(({ org }) => org === by.orgId)?.name ?? 'a party'
      const line = `"${row.title}": ${name} has used ${used} of ${most} ${operand} (${percent} %).`
      await chain.say(
        ctx,
        row,
        {
          kind: 'meter_notice',
          org: null,
          actor: null,
          data: { code: operand, subject: by.orgId, details: { percent, used, most, period } },
        },
        { key: `meter:${by.orgId}:${operand}:${period}:${most}:${percent}` },
        (tx) =>
          // A cast because ids travel as text in folders.
          letters.tell(
            tx,
            { orgs: folder.parties.map(({ org }) => org as AccountId) },
            { subject: 'What an agreement allows is used up soon', line },
          ),
      )
    }
  }

  const rowOf = (use: Use) => ({
    agreement_id: use.agreementId,
    use_key: use.key,
    org_id: use.by.orgId,
    project: use.by.project,
    amounts: amountsOf(use),
  })

  const reservationOf = (ctx: Ctx, use: Use): Reservation => ({
    async commit() {
      if (await settle(rowOf(use), 'counted')) await notice(ctx, use)
    },
    async release() {
      await settle(rowOf(use), 'released')
    },
  })

  /** Of what somebody else has set aside and may give back: whoever is given something first counts it. */
  const sharedBy = (ctx: Ctx, use: Use, check: () => Promise<unknown>): Reservation => ({
    async commit() {
      if (await settle(rowOf(use), 'counted')) return notice(ctx, use)
      // Counted by now, or given back.
      await (await reserve(ctx, use, check))?.commit()
    },
    release: () => Promise.resolve(),
  })

  /** Sets room aside once `check` has said that there is some on what was seen. */
  const reserve = async (
    ctx: Ctx,
    use: Use,
    check: () => Promise<unknown>,
  ): Promise<Reservation | undefined> => {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const known = await meters.useOf(db.read, use.agreementId, use.key)
      if (known?.state === 'counted') return undefined
      if (known?.state === 'reserved') return sharedBy(ctx, use, check)
      const { agreementId, by } = use
      const seen = await meters.metersOf(db.read, { agreementId, orgId: by.orgId }, metersMax)
      await check()
      if (await tryReserve(use, seen)) return reservationOf(ctx, use)
    }
    throw new HubError('busy', 'Many use this agreement at this moment. Try again.')
  }

  return {
    async reserveDownload(ctx, permit, file) {
      const use = await downloadOf(permit, file)
      if (use === undefined) return undefined
      return reserve(ctx, use, () => policy.requireFor(ctx, permit, use.amounts))
    },

    async hasRoom(ctx, permit, file) {
      const use = await downloadOf(permit, file)
      if (use === undefined) return true
      const known = await meters.useOf(db.read, use.agreementId, use.key)
      if (known !== undefined && known.state !== 'released') return true
      try {
        await policy.requireFor(ctx, permit, use.amounts)
        return true
      } catch (error) {
        if (isHubError(error, 'quota_exhausted')) return false
        throw error
      }
    },

    async meters({ namespace }, id) {
      const row = await open(namespace.id, id)
      const body = row.in_force === null ? undefined : await drafts.read(row, row.in_force)
      const rows = await meters.metersOf(db.read, { agreementId: id }, metersMax)
      return rows.map(({ org_id: org, operand, period, used, reserved }) => ({
        org,
        operand,
        period,
        used,
        reserved,
        most: body && mostOf(body.terms, operand),
      }))
    },

    /** Gives back what never ended, and forgets keys. Answers how many. */
    async sweep(): Promise<number> {
      const rows = await meters.expiredUses(db.read, clock.nowMs(), tickMax)
      for (const row of rows) {
        if (row.state === 'reserved') await settle(row, 'released')
        else await db.tx((q) => meters.deleteUse(q, row))
      }
      return rows.length
    },
  } satisfies Meters & { sweep(): Promise<number> }
}
