/** What happens to an agreement once it is signed: its time comes, somebody suspends or ends it, its time is over. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AgreementId } from '../kernel/ids.ts'
import {
  type Chain,
  type Expectation,
  folderOf,
  isHidden,
  noAgreement,
  type Said,
} from './chain.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import type { Letters } from './letters.ts'
import { personOf, refuseReason } from './negotiate.ts'
import * as sql from './agreements.sql.ts'

export interface Running {
  /** Nothing new is given out, and what runs is cut within a minute. Errors: `conflict`, `invalid`. */
  suspend(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    reason: string,
    at?: Expectation,
  ): Promise<void>
  /** By those who suspended it. Errors: `conflict`. */
  resume(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    reason: string,
    at?: Expectation,
  ): Promise<void>
  /** Ends it; duties that follow from the end begin. Errors: `conflict`, `invalid`. */
  terminate(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    reason: string,
    at?: Expectation,
  ): Promise<void>
  /** Undoes it, once every party has said so. Errors: `conflict`, `invalid`. */
  rescind(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    reason: string,
    at?: Expectation,
  ): Promise<void>
  /** What the clock says: offers lapse, agreements begin and end, duties open and are late. Answers how many moved. */
  tick(ctx: Ctx): Promise<number>
}

const dueMax = 200

export const makeRunning = (
  { db, clock }: AgreementsDeps,
  {
    chain,
    dutyClock,
    letters,
    sweepUses,
    stateMonths,
  }: {
    chain: Chain
    dutyClock: (ctx: Ctx) => Promise<number>
    letters: Letters
    sweepUses: () => Promise<number>
    stateMonths: (ctx: Ctx) => Promise<number>
  },
): Running => {
  const say = async (
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    { kind, reason, at }: { kind: StatementKind; reason: string; at: Expectation },
  ): Promise<void> => {
    const row = await sql.agreementById(db.read, id)
    const org = permit.namespace.id
    if (row === undefined || isHidden(folderOf(row), org)) throw noAgreement()
    const data = { reason: refuseReason(reason) }
    await chain.say(ctx, row, { kind, org, actor: personOf(permit), data }, at)
  }

  /** What time says of an agreement now: the most that has come true. */
  const dueOf = (
    row: Row<'agreement'>,
    { talk, life }: Folder,
    nowMs: number,
  ): StatementKind | undefined => {
    const isRunning = life === 'scheduled' || life === 'active' || life === 'suspended'
    if (isRunning && row.to_ms !== null && row.to_ms <= nowMs) return 'expired'
    if (life === 'scheduled' && row.from_ms !== null && row.from_ms <= nowMs) return 'activated'
    const isOpen =
      talk === 'proposed' || talk === 'countered' || talk === 'agreed' || talk === 'signing'
    if (isOpen && row.offer_until_ms !== null && row.offer_until_ms <= nowMs) return 'lapsed'
    return undefined
  }

  return {
    suspend: (ctx, permit, id, reason, at = {}) =>
      say(ctx, permit, id, { kind: 'suspended', reason, at }),
    resume: (ctx, permit, id, reason, at = {}) =>
      say(ctx, permit, id, { kind: 'resumed', reason, at }),
    terminate: (ctx, permit, id, reason, at = {}) =>
      say(ctx, permit, id, { kind: 'terminated', reason, at }),
    rescind: (ctx, permit, id, reason, at = {}) =>
      say(ctx, permit, id, { kind: 'rescinded', reason, at }),

    async tick(ctx) {
      const nowMs = clock.nowMs()
      let count = 0
      for (const row of await sql.dueAgreements(db.read, nowMs, dueMax)) {
        const kind = dueOf(row, folderOf(row), nowMs)
        if (kind === undefined) {
          // A lapsed offer of a version that nobody talks about any more.
          if (row.offer_until_ms !== null && row.offer_until_ms <= nowMs) {
            await db.tx((q) => sql.moveAgreement(q, row, { offer_until_ms: null }))
          }
          continue
        }
        const data = kind === 'activated' ? { version: row.in_force ?? 0 } : {}
        const said: Said = { kind, org: null, actor: null, data }
        const clear = kind === 'lapsed' ? { offer_until_ms: null } : {}
        try {
          await chain.say(ctx, row, said, {}, () => Promise.resolve(clear))
          count += 1
        } catch (error) {
          // Somebody did something with it at this moment: the next look sees what is left to do.
          if (!isHubError(error, 'conflict')) throw error
        }
      }
      count += await dutyClock(ctx)
      await letters.tick(ctx)
      await sweepUses()
      await stateMonths(ctx)
      return count
    },
  }
}
