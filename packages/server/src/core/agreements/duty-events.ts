/** What happens outside the hub and sets duties going: an incident, a publication, somebody who leaves. A party says it. */
import { type Folder, stateOf } from '@weighhouse/formats/agreement/folder.ts'
import { debtorsOf } from '@weighhouse/formats/terms/schedule.ts'
import { type Trigger, triggerNames } from '@weighhouse/formats/terms/vocabulary.ts'
import type { Row } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chain, Said, Step } from './chain.ts'
import type { Drafts } from './draft.ts'
import { openingsOfEvent, openingStep } from './duty-rules.ts'
import type { Duties, EventWish } from './duty-terms.ts'
import type { AgreementsDeps, OrgPermit } from './index.ts'
import { personOf } from './negotiate.ts'
import { makeOpened } from './opened.ts'
import * as duties from './duties.sql.ts'

const events: readonly Trigger[] = triggerNames.filter(
  (one) => one !== 'activation' && one !== 'agreementEnd',
)
const eventTextCharsMax = 2_000

export const makeReport = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Duties['report'] => {
  const { db, clock, ids } = deps
  const { open } = makeOpened(deps)
  const eventOf = (
    permit: OrgPermit,
    { event, about, atMs, text }: EventWish,
    folder: Folder,
  ): { trigger: Trigger; about: AccountId; atMs: number; text: string } => {
    const nowMs = clock.nowMs()
    if (!events.includes(event)) {
      throw new HubError(
        'invalid',
        `What can be reported is ${events.join(', ')}; found "${event}".`,
      )
    }
    if (text.trim() === '' || text.length > eventTextCharsMax) {
      throw new HubError('invalid', `Say in 1 to ${eventTextCharsMax} characters what happened.`)
    }
    const party =
      about === undefined
        ? permit.namespace.id
        : folder.parties.find(({ name }) => name.toLowerCase() === about.toLowerCase())?.org
    if (party === undefined)
      throw new HubError('invalid', `"${about ?? ''}" is no party of this agreement.`)
    const isOwn = party === permit.namespace.id
    // Who speaks of others cannot make them late by a date in the past.
    if (atMs !== undefined && (!isOwn || atMs > nowMs)) {
      throw new HubError(
        'invalid',
        'A time is given for what happened to oneself, and not in the future.',
      )
    }
    // A cast because ids travel as text in folders.
    return { trigger: event, about: party as AccountId, atMs: atMs ?? nowMs, text }
  }

  /** The statement, and what follows from it. */
  const stepsOf = async (
    permit: OrgPermit,
    wish: EventWish,
    { row, folder }: { row: Row<'agreement'>; folder: Folder },
  ): Promise<readonly Step[]> => {
    if (folder.inForce === undefined) {
      const state = stateOf(folder)
      throw new HubError('conflict', `This agreement is ${state}: nobody owes anything by it yet.`)
    }
    const most = limits.dutiesPerAgreementMax
    if ((await duties.countDuties(db.read, row.id)) >= most) {
      throw new HubError('too_many', `An agreement has at most ${most} duties. Begin a new one.`)
    }
    const { text, ...event } = eventOf(permit, wish, folder)
    const { trigger, about, atMs } = event
    const body = await drafts.read(row, folder.inForce.version)
    const details = { at: new Date(atMs).toISOString() }
    const said: Said = {
      kind: 'event_reported',
      org: permit.namespace.id,
      actor: personOf(permit),
      data: { code: trigger, subject: about, reason: text, details },
    }
    const nowMs = clock.nowMs()
    const happened = { ...event, cause: `event:${folder.seq + 1}` }
    const opened = openingsOfEvent(body, happened, nowMs).map((opening) =>
      openingStep({ folder, body }, opening, { ids, nowMs }),
    )
    const isComing = body.terms.obligations.some(
      (rule) =>
        rule.trigger === trigger &&
        rule.every !== undefined &&
        debtorsOf(rule, body.parties).some(({ org }) => org === about),
    )
    const look = isComing ? { duties_ms: nowMs } : {}
    return [{ said, beside: () => Promise.resolve(look) }, ...opened]
  }

  return async (ctx, permit, id, wish, at = {}) => {
    const org = permit.namespace.id
    const row = await open(org, id)
    const plan = (folder: Folder) => stepsOf(permit, wish, { row, folder })
    const as = {
      kinds: ['event_reported'],
      actor: personOf(permit),
      data: { code: wish.event },
    } as const
    await chain.sayAll(ctx, row, { by: org, as, plan }, at)
  }
}
