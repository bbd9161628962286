/** What parties do about their duties: reported, shown to be done, accepted or disputed, waived. Each act is a statement of the chain. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { DutyState, Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chain, Said } from './chain.ts'
import { earlier, type Expectation } from './commands.ts'
import type { Drafts } from './draft.ts'
import { makeReport } from './duty-events.ts'
import { nextReminder } from './duty-rules.ts'
import { type Duties, type DutyName, isCreditor, resumeStep, toDuty } from './duty-terms.ts'
import { makeEvidence } from './duty-evidence.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import { personOf, refuseReason } from './negotiate.ts'
import { makeOpened } from './opened.ts'
import * as duties from './duties.sql.ts'

const isOwed = (state: DutyState): boolean => state === 'open' || state === 'overdue'

export const makeDuties = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Duties => {
  const { db, clock } = deps
  const readEvidence = makeEvidence(deps)
  const { open } = makeOpened(deps)

  const need = async ({ agreement, duty }: DutyName): Promise<Row<'agreement_duty'>> => {
    const row = await duties.dutyById(db.read, agreement, duty)
    if (row !== undefined) return row
    throw new HubError('entry_not_found', 'There is no such duty in this agreement.')
  }

  const sideOf = (body: AgreementBody, rule: string): 'provider' | 'consumer' =>
    body.terms.obligations.find(({ id }) => id === rule)?.debtor ?? 'consumer'

  const needCreditor = async (orgId: AccountId, folder: Folder, row: Row<'agreement_duty'>) => {
    const body = await drafts.read({ id: row.agreement_id }, row.version)
    const side = sideOf(body, row.rule)
    if (isCreditor(folder, { org: orgId, debtor: row.debtor_id, side })) return
    throw new HubError(
      'permission_denied',
      'The party that is owed this says whether it was done; this one is not.',
      { reason: 'creditor_needed' },
    )
  }

  const wrongState = (row: Row<'agreement_duty'>): HubError =>
    new HubError('conflict', `This duty is ${row.state}. Look at it again.`, {
      reason: 'duty_state',
      state: row.state,
    })

  /** One act about one duty, on the row as it is at that moment. */
  const act = async (
    ctx: Ctx,
    permit: OrgPermit,
    name: DutyName,
    {
      kind,
      data,
      at,
      fits,
      isDebtors,
      set,
    }: {
      kind: Said['kind']
      data: Said['data']
      at: Expectation
      fits: (state: DutyState) => boolean
      isDebtors: boolean
      set: (row: Row<'agreement_duty'>, nowMs: number) => Partial<Row<'agreement_duty'>>
    },
  ): Promise<void> => {
    const org = permit.namespace.id
    const agreement = await open(org, name.agreement)
    const person = personOf(permit)
    await chain.sayAll(
      ctx,
      agreement,
      {
        by: org,
        as: { kinds: [kind], actor: person, data: { subject: name.duty } },
        async plan(folder) {
          const row = await need(name)
          if (!isDebtors) await needCreditor(org, folder, row)
          else if (row.debtor_id !== org) {
            throw new HubError(
              'permission_denied',
              'Only the party that owes this shows that it was done.',
              {
                reason: 'debtor_needed',
              },
            )
          }
          if (!fits(row.state)) throw wrongState(row)
          const nowMs = clock.nowMs()
          const to = set(row, nowMs)
          const late = await duties.dutiesIn(
            db.read,
            row.agreement_id,
            ['overdue'],
            limits.dutiesPerAgreementMax,
          )
          return [
            {
              said: { kind, org, actor: person, data: { ...data, subject: row.id } },
              beside: ({ q }, next) =>
                duties.setDuty(q, row.id, {
                  ...to,
                  // A cast because ids travel as text in statements.
                  by_id: (person?.id ?? org) as AccountId,
                  updated_at_ms: next.atMs,
                }),
            },
            ...resumeStep(folder, late, row.id),
          ]
        },
      },
      at,
    )
  }

  return {
    async duties({ namespace }, id, { after, limit }) {
      await open(namespace.id, id)
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      return (await duties.dutiesOf(db.read, id, page)).map(toDuty)
    },

    async calendar({ namespace }, { fromMs, toMs, after, limit }) {
      const [dueMs = '', id = ''] = after.split(':')
      const rows = await duties.calendarOf(db.read, namespace.id, {
        fromMs,
        toMs,
        after: { dueMs: Number(dueMs) || 0, id },
        limit: Math.min(limit, limits.apiPageMax),
      })
      return rows.map((row) => ({ ...toDuty(row), title: row.title }))
    },

    report: makeReport(deps, { chain, drafts }),

    async fulfil(ctx, permit, name, wish, at = {}) {
      const agreement = await open(permit.namespace.id, name.agreement)
      const org = permit.namespace.id
      const as = {
        kinds: ['duty_fulfilled'],
        actor: personOf(permit),
        data: { subject: name.duty },
      } as const
      if (await earlier(db.read, name.agreement, { org, key: at.key, as })) return
      const evidence = await readEvidence(permit, { agreement, duty: await need(name), wish })
      await act(ctx, permit, name, {
        kind: 'duty_fulfilled',
        data: { evidence },
        at,
        isDebtors: true,
        fits: isOwed,
        set: (_row, nowMs) => ({
          state: 'fulfilled',
          evidence,
          fulfilled_ms: nowMs,
          reason: null,
          tell_ms: null,
        }),
      })
    },

    acceptEvidence: (ctx, permit, name, at = {}) =>
      act(ctx, permit, name, {
        kind: 'duty_done',
        data: {},
        at,
        isDebtors: false,
        fits: (state) => state === 'fulfilled',
        set: () => ({ state: 'done', tell_ms: null }),
      }),

    disputeEvidence: (ctx, permit, name, reason, at = {}) =>
      act(ctx, permit, name, {
        kind: 'duty_disputed',
        data: { reason: refuseReason(reason) },
        at,
        isDebtors: false,
        fits: (state) => state === 'fulfilled',
        // Late again when it is: the clock says so with a statement of its own.
        set: ({ due_ms: dueMs }, nowMs) => ({
          state: 'open',
          reason,
          fulfilled_ms: null,
          tell_ms: nextReminder(dueMs, nowMs),
        }),
      }),

    waive: (ctx, permit, name, reason, at = {}) =>
      act(ctx, permit, name, {
        kind: 'duty_waived',
        data: { reason: refuseReason(reason) },
        at,
        isDebtors: false,
        fits: (state) => state !== 'done' && state !== 'waived',
        set: () => ({ state: 'waived', reason, tell_ms: null }),
      }),
  }
}
