/** What time does to duties: opens them, makes them late, takes silence for consent, closes what has ended. Each look can be repeated. */
import { stateOf } from '@weighhouse/formats/agreement/folder.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AgreementId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type Chain, folderOf, type Plan, type Said, type Step, triesMax } from './chain.ts'
import type { Drafts } from './draft.ts'
import { resumeStep } from './duty-terms.ts'
import {
  cutOffs,
  type Derivative,
  hasDerivativeRules,
  type Milestones,
  openingsOf,
  openingStep,
} from './duty-rules.ts'
import { signingsIn } from './evidence.ts'
import type { AgreementsDeps } from './index.ts'
import { endReminderAt } from './letters.ts'
import * as sql from './agreements.sql.ts'
import * as duties from './duties.sql.ts'

const lookMax = 200
/** As many statements in one transaction: the rest follows with the next look. */
const openingsMax = 100
const seriesMax = limits.dutiesPerAgreementMax

const byClock = (kind: Said['kind'], data: Said['data'], beside?: Step['beside']): Step => ({
  said: { kind, org: null, actor: null, data },
  ...(beside === undefined ? {} : { beside }),
})

export interface DutyClock {
  /** Everything whose time has come. Answers how much was done. */
  tick(ctx: Ctx): Promise<number>
  /** What the rules of one agreement open now, whoever does something with it at this moment. */
  lookNow(ctx: Ctx, id: AgreementId): Promise<void>
}

export const makeDutyClock = (
  { db, clock, ids }: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): DutyClock => {
  const milestonesOf = async (row: Row<'agreement'>): Promise<Milestones> => {
    const said = (kinds: readonly Said['kind'][]) => duties.lastSaid(db.read, row.id, kinds)
    const [activated, signings, ended] = await Promise.all([
      said(['activated']),
      signingsIn(db.read, row.id),
      said(['expired', 'terminated', 'rescinded']),
    ])
    const isOver = row.life === 'closing' || row.life === 'closed'
    // What time has ended, by its date or by notice, ended at its hour, however late the clock came to say so.
    const endedMs = ended?.org_id === null ? (row.to_ms ?? ended.at_ms) : ended?.at_ms
    return {
      activatedMs: activated?.at_ms,
      signedMs: signings.findLast(({ data }) => data.version === row.in_force)?.atMs,
      endedMs: isOver ? endedMs : undefined,
    }
  }

  const waived = (row: Row<'agreement_duty'>): Step => {
    const reason = 'The agreement ended before this round was over.'
    return byClock('duty_waived', { subject: row.id, reason }, ({ q }, next) =>
      duties.setDuty(q, row.id, {
        state: 'waived',
        reason,
        tell_ms: null,
        updated_at_ms: next.atMs,
      }),
    )
  }

  const derivativesOf = async (
    id: AgreementId,
    { signedMs: sinceMs = 0 }: Milestones,
  ): Promise<readonly Derivative[]> => {
    const page = { sinceMs, limit: seriesMax }
    const rows = await duties.derivativesOf(db.read, id, page)
    return rows.map(({ repo_id: repo, taker_id: taker, at_ms: atMs }) => ({ repo, taker, atMs }))
  }

  /** What the rules of one agreement open, and when it is looked at again. */
  const look = async (ctx: Ctx, id: AgreementId): Promise<number> => {
    const row = await sql.agreementById(db.read, id)
    if (row === undefined || row.in_force === null) return 0
    const nowMs = Math.max(clock.nowMs(), row.updated_at_ms)
    const body = await drafts.read(row, row.in_force)
    const milestones = await milestonesOf(row)
    const happened = {
      known: await duties.seriesOf(db.read, id, seriesMax),
      derivatives: hasDerivativeRules(body) ? await derivativesOf(id, milestones) : [],
    }
    const { openings, nextMs } = openingsOf(body, happened, milestones, nowMs)
    const room = Math.max(0, limits.dutiesPerAgreementMax - (await duties.countDuties(db.read, id)))
    const some = openings.slice(0, Math.min(openingsMax, room))
    const { endedMs } = milestones
    const open =
      endedMs === undefined ? [] : await duties.dutiesIn(db.read, id, ['open'], seriesMax)
    const cut = endedMs === undefined ? [] : cutOffs(body, open, endedMs)
    if (room === 0 && openings.length > 0) ctx.log.warn({ agreement: id }, 'duties were not opened')
    const isAll = some.length === openings.length || room === 0
    const isRunning = row.life === 'active' || row.life === 'suspended'
    const set = {
      duties_ms: isAll ? (nextMs ?? null) : nowMs,
      tell_ms: isRunning ? endReminderAt(row, nowMs) : null,
    }
    const plan = (folder: ReturnType<typeof folderOf>): Promise<readonly Step[]> =>
      Promise.resolve([
        ...some.map((opening) => openingStep({ folder, body }, opening, { ids, nowMs })),
        ...cut.map(waived),
      ])
    // Only on the state that was looked at: who comes between has it looked at again.
    await chain.sayAll(ctx, row, { by: null, plan, set }, { seq: row.seq })
    return some.length + cut.length
  }

  const suspension = ({ id }: Row<'agreement_duty'>): Step =>
    byClock('suspended', {
      code: 'duty_overdue',
      subject: id,
      reason: 'A duty is late, and the agreement says that it is suspended until it is done.',
    })

  /** Late, or accepted by silence: looked at again on the state as it is when it is said. */
  const settle = async (ctx: Ctx, found: Row<'agreement_duty'>): Promise<number> => {
    const agreement = await sql.agreementById(db.read, found.agreement_id)
    if (agreement === undefined) return 0
    const plan: Plan['plan'] = async (folder) => {
      const row = await duties.dutyById(db.read, found.agreement_id, found.id)
      if (row?.state !== found.state) return []
      const change = (state: 'overdue' | 'done') => {
        const beside: Step['beside'] = ({ q }, next) =>
          duties.setDuty(q, row.id, {
            state,
            updated_at_ms: next.atMs,
            ...(state === 'done' ? { tell_ms: null } : {}),
          })
        return beside
      }
      if (row.state === 'open') {
        const late = byClock('duty_overdue', { subject: row.id }, change('overdue'))
        return row.suspends === 1 && folder.life === 'active' ? [late, suspension(row)] : [late]
      }
      const late = await duties.dutiesIn(db.read, row.agreement_id, ['overdue'], seriesMax)
      const reason = 'Nobody spoke against what was shown.'
      const done = byClock('duty_done', { subject: row.id, reason }, change('done'))
      return [done, ...resumeStep(folder, late, row.id)]
    }
    await chain.sayAll(ctx, agreement, { by: null, plan })
    return 1
  }

  const suspend = async (ctx: Ctx, found: Row<'agreement_duty'>): Promise<number> => {
    const agreement = await sql.agreementById(db.read, found.agreement_id)
    if (agreement === undefined) return 0
    const plan: Plan['plan'] = async (folder) => {
      const row = await duties.dutyById(db.read, found.agreement_id, found.id)
      return row?.state === 'overdue' && folder.life === 'active' ? [suspension(row)] : []
    }
    await chain.sayAll(ctx, agreement, { by: null, plan })
    return 1
  }

  const close = async (ctx: Ctx, row: Row<'agreement'>): Promise<number> => {
    await chain.sayAll(
      ctx,
      row,
      {
        by: null,
        plan: (folder) =>
          Promise.resolve(
            folder.life === 'closing' ? [byClock('closed', { code: stateOf(folder) })] : [],
          ),
      },
      // Nobody may have opened anything since it was found.
      { seq: row.seq },
    )
    return 1
  }

  /** Somebody did something with it at this moment: the next look sees what is left to do. */
  const unlessMoved = async (work: Promise<number>): Promise<number> => {
    try {
      return await work
    } catch (error) {
      if (isHubError(error, 'conflict')) return 0
      throw error
    }
  }

  const lookNow: DutyClock['lookNow'] = async (ctx, id) => {
    for (let tries = 1; ; tries += 1) {
      try {
        await look(ctx, id)
        return
      } catch (error) {
        if (!isHubError(error, 'conflict') || tries === triesMax) throw error
      }
    }
  }

  const tick: DutyClock['tick'] = async (ctx) => {
    const nowMs = clock.nowMs()
    let count = 0
    for (const { id } of await duties.agreementsToLookAt(db.read, nowMs, lookMax)) {
      count += await unlessMoved(look(ctx, id))
    }
    const since = { nowMs, silentSinceMs: nowMs - limits.evidenceSilenceMs }
    for (const duty of await duties.lateDuties(db.read, since, lookMax)) {
      count += await unlessMoved(settle(ctx, duty))
    }
    for (const duty of await duties.unsuspended(db.read, lookMax)) {
      count += await unlessMoved(suspend(ctx, duty))
    }
    for (const row of await duties.agreementsToClose(db.read, lookMax)) {
      count += await unlessMoved(close(ctx, row))
    }
    return count
  }

  return { tick, lookNow }
}
