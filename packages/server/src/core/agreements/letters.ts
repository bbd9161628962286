/** Letters about agreements: what is due, late, or about to end. Each once; all that is due for one reader at one time is one letter. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Row } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { AccountId } from '../kernel/ids.ts'
import { isAddress } from '../mail/index.ts'
import { folderOf } from './chain.ts'
import type { Drafts } from './draft.ts'
import { isCreditor } from './duty-terms.ts'
import { nextReminder } from './duty-rules.ts'
import type { AgreementsDeps } from './index.ts'
import * as letters from './letters.sql.ts'

const dayMs = 24 * 3_600_000
const lettersMax = 200
const linesMax = 50

/** Days before its end at which the parties of an agreement are told. */
const endReminders = [60, 30, 14, 7, 1]

/** The next time to tell them, after the given one. */
export const nextEndReminder = (toMs: number | null, afterMs: number): number | null => {
  if (toMs === null) return null
  return endReminders.map((days) => toMs - days * dayMs).find((atMs) => atMs > afterMs) ?? null
}

/** The same at a look at an agreement that may have got another end: what is due and not told yet stays due. */
export const endReminderAt = (
  { to_ms: toMs, tell_ms: tellMs }: Pick<Row<'agreement'>, 'to_ms' | 'tell_ms'>,
  nowMs: number,
): number | null => {
  const isDue = tellMs !== null && tellMs <= nowMs && nextEndReminder(toMs, tellMs - 1) === tellMs
  return isDue ? tellMs : nextEndReminder(toMs, nowMs)
}

/** A contact of the body that is a mail address; others are telephones, or people. */
const contactOf = ({ contacts }: AgreementBody, which: keyof AgreementBody['contacts']): string[] =>
  isAddress(contacts[which]) ? [contacts[which]] : []

const dayOf = (atMs: number, timezone: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: timezone }).format(atMs)

/** An end is the first instant that is too late: people are told the last day that is not. */
const lastDay = (dueMs: number, timezone: string): string => dayOf(dueMs - 1, timezone)

/** One line for one reader. */
interface News {
  readonly to: { readonly orgs: readonly AccountId[]; readonly addresses: readonly string[] }
  readonly line: string
}

export const makeLetters = (
  { db, clock, mail, identity, events }: AgreementsDeps,
  { drafts }: { drafts: Drafts },
) => {
  /** One letter for each address, inside the caller's transaction. */
  const post = async (tx: Tx, subject: string, news: readonly News[]): Promise<void> => {
    const lines = new Map<string, Set<string>>()
    const known = new Map<AccountId, readonly string[]>()
    for (const { to, line } of news) {
      const addresses = [...to.addresses]
      for (const org of to.orgs) {
        const found = known.get(org) ?? (await identity.addressesOf(org, tx.q))
        known.set(org, found)
        addresses.push(...found)
      }
      for (const address of addresses.filter(isAddress)) {
        lines.set(address, (lines.get(address) ?? new Set()).add(line))
      }
    }
    for (const [to, some] of lines) {
      const shown = [...some].slice(0, linesMax)
      const more = some.size > linesMax ? [`And ${some.size - linesMax} more.`] : []
      const text = [...shown, ...more, '', mail.linkTo('/')].join('\n')
      await mail.post(tx, { to, subject, text })
    }
  }

  const dutyNews = async (row: letters.DutyToTell): Promise<readonly News[]> => {
    const body = await drafts.read({ id: row.agreement_id }, row.version)
    const folder = folderOf(row)
    const debtor = folder.parties.find(({ org }) => org === row.debtor_id)?.name ?? 'a party'
    const until = row.due_ms === null ? '' : lastDay(row.due_ms, body.timezone)
    const isLate = row.due_ms !== null && row.due_ms <= clock.nowMs()
    const what = `"${row.title}": ${row.name} (rule ${row.rule})`
    const line = isLate
      ? `${what} is owed by ${debtor} and was due until ${until}. It is late.`
      : `${what} is owed by ${debtor} until ${until}.`
    const side = body.terms.obligations.find(({ id }) => id === row.rule)?.debtor ?? 'consumer'
    const creditors = folder.parties
      .filter(({ org }) => isCreditor(folder, { org, debtor: row.debtor_id, side }))
      // A cast because ids travel as text in folders.
      .map(({ org }) => org as AccountId)
    const orgs = isLate ? [row.debtor_id, ...creditors] : [row.debtor_id]
    return [{ to: { orgs, addresses: contactOf(body, 'legal') }, line }]
  }

  const tellDuties = async (ctx: Ctx): Promise<number> => {
    const nowMs = clock.nowMs()
    const rows = await letters.dutiesToTell(db.read, nowMs, lettersMax)
    const news = new Map<string, readonly News[]>()
    for (const row of rows) news.set(row.id, await dutyNews(row))
    if (rows.length === 0) return 0
    await db.tx(async (q, after) => {
      const told: News[] = []
      for (const row of rows) {
        const nextMs = nextReminder(row.due_ms, nowMs)
        if (!(await letters.noteDutyTold(q, row, nextMs))) continue
        told.push(...(news.get(row.id) ?? []))
        const { agreement_id: agreementId, id: dutyId, due_ms: dueMs } = row
        await events.append({ q, after, ctx }, 'duty_reminded', { agreementId, dutyId, dueMs })
      }
      await post({ q, after, ctx }, 'Duties under your agreements', told)
    })
    return rows.length
  }

  const endNews = async (row: Row<'agreement'>): Promise<readonly News[]> => {
    if (row.to_ms === null || row.in_force === null) return []
    const body = await drafts.read(row, row.in_force)
    const days = Math.max(1, Math.round((row.to_ms - clock.nowMs()) / dayMs))
    const line = `"${row.title}" ends in ${days} ${days === 1 ? 'day' : 'days'}: its last day is ${lastDay(row.to_ms, body.timezone)}.`
    // A cast because ids travel as text in bodies.
    const orgs = body.parties.map(({ org }) => org as AccountId)
    return [{ to: { orgs, addresses: contactOf(body, 'legal') }, line }]
  }

  const tellEnds = async (ctx: Ctx): Promise<number> => {
    const nowMs = clock.nowMs()
    const rows = await letters.agreementsToTell(db.read, nowMs, lettersMax)
    const news = new Map<string, readonly News[]>()
    for (const row of rows) news.set(row.id, await endNews(row))
    if (rows.length === 0) return 0
    await db.tx(async (q, after) => {
      const told: News[] = []
      for (const row of rows) {
        if (!(await letters.noteAgreementTold(q, row, nextEndReminder(row.to_ms, nowMs)))) continue
        told.push(...(news.get(row.id) ?? []))
        const payload = { agreementId: row.id, toMs: row.to_ms }
        await events.append({ q, after, ctx }, 'agreement_end_announced', payload)
      }
      await post({ q, after, ctx }, 'Agreements that end soon', told)
    })
    return rows.length
  }

  return {
    /** Tells parties of one agreement something, inside the caller's transaction: its administrators, and a contact of the body. */
    tell: (
      tx: Tx,
      { orgs, addresses = [] }: { orgs: readonly AccountId[]; addresses?: readonly string[] },
      { subject, line }: { subject: string; line: string },
    ): Promise<void> => post(tx, subject, [{ to: { orgs, addresses }, line }]),

    /** What is due to be told now. Answers how much was. */
    tick: async (ctx: Ctx): Promise<number> => (await tellDuties(ctx)) + (await tellEnds(ctx)),
  }
}

export type Letters = ReturnType<typeof makeLetters>
