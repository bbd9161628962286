/** What happens to an agreement once it is signed: its time comes, somebody suspends or ends it, its time is over. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AgreementId } from '../kernel/ids.ts'
import { type Chain, folderOf, type Said } from './chain.ts'
import type { Expectation } from './commands.ts'
import type { Drafts } from './draft.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import { type Letters, nextEndReminder } from './letters.ts'
import { personOf, refuseReason } from './negotiate.ts'
import { makeOpened } from './opened.ts'
import { catchUp } from './phases.ts'
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
  /**
   * Gives notice: it ends when the days are over that the agreement says. At once where it says none, or for a cause, which the reason
   * tells. Duties that follow from the end begin with it. Errors: `conflict`, `invalid`.
   */
  terminate(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    reason: string,
    at?: Expectation & { readonly cause?: boolean },
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
const dayMs = 24 * 3_600_000

export const makeRunning = (
  deps: AgreementsDeps,
  {
    chain,
    dutyClock,
    drafts,
    letters,
    sweepUses,
    stateMonths,
  }: {
    chain: Chain
    drafts: Drafts
    dutyClock: (ctx: Ctx) => Promise<number>
    letters: Letters
    sweepUses: () => Promise<number>
    stateMonths: (ctx: Ctx) => Promise<number>
  },
): Running => {
  const { db, clock } = deps
  const { open } = makeOpened(deps)
  const say = async (
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    { kind, reason, at }: { kind: StatementKind; reason: string; at: Expectation },
  ): Promise<void> => {
    const org = permit.namespace.id
    const row = await open(org, id)
    const data = { reason: refuseReason(reason) }
    await chain.say(ctx, row, { kind, org, actor: personOf(permit), data }, at)
  }

  const giveNotice = async (
    ctx: Ctx,
    permit: OrgPermit,
    row: Row<'agreement'>,
    { reason, noticeDays, at }: { reason: string; noticeDays: number; at: Expectation },
  ): Promise<void> => {
    const org = permit.namespace.id
    const folder = folderOf(row)
    const untilMs = Math.max(clock.nowMs(), folder.atMs) + noticeDays * dayMs
    const until = new Date(untilMs).toISOString()
    const data = { reason: refuseReason(reason), until }
    const said: Said = { kind: 'notice_given', org, actor: personOf(permit), data }
    await chain.say(ctx, row, said, at, async ({ q }, next) => {
      // As it is now: somebody may have signed another end in the meantime.
      const endMs = (await sql.agreementById(q, row.id))?.to_ms ?? untilMs
      const toMs = Math.min(untilMs, endMs)
      return { to_ms: toMs, tell_ms: nextEndReminder(toMs, next.atMs) }
    })
  }

  /** What time says of an agreement now: the most that has come true. */
  const dueOf = (
    row: Row<'agreement'>,
    { talk, life, notice }: Folder,
    nowMs: number,
  ): StatementKind | undefined => {
    const isRunning = life === 'scheduled' || life === 'active' || life === 'suspended'
    if (isRunning && row.to_ms !== null && row.to_ms <= nowMs) {
      return notice?.untilMs === row.to_ms ? 'terminated' : 'expired'
    }
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
    async terminate(ctx, permit, id, reason, { cause = false, ...at } = {}) {
      const row = await open(permit.namespace.id, id)
      const { noticeDays } =
        row.in_force === null ? { noticeDays: 0 } : await drafts.read(row, row.in_force)
      if (cause || noticeDays === 0) {
        await say(ctx, permit, id, { kind: 'terminated', reason, at })
      } else {
        await giveNotice(ctx, permit, row, { reason, noticeDays, at })
      }
    },
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
      await catchUp(db, folderOf)
      count += await dutyClock(ctx)
      await letters.tick(ctx)
      await sweepUses()
      await stateMonths(ctx)
      return count
    },
  }
}
