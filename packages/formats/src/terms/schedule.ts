/**
 * When duties are due: pure, from an obligation, from what set it going and from the agreement's time zone. Days are days of that zone, so a
 * month is a month and a day is 23 or 25 hours long where clocks are set; an end is the first instant that is too late.
 */
import type { Obligation } from './terms.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
/** Rounds that one look finds: whoever looks again finds the next ones. */
const roundsMax = 100

const datesOf = ({ years, months, weeks, days }: Temporal.Duration, times = 1) => ({
  years: years * times,
  months: months * times,
  weeks: weeks * times,
  days: days * times,
})

const hasDates = ({ years, months, weeks, days }: Temporal.Duration): boolean =>
  years + months + weeks + days > 0

const timeMs = ({ hours, minutes }: Temporal.Duration): number =>
  hours * hourMs + minutes * minuteMs

/** Long enough to come back: a day or more. */
export const isRhythm = (every: string): boolean => {
  const duration = Temporal.Duration.from(every)
  return hasDates(duration) || timeMs(duration) >= 24 * hourMs
}

const zonedAt = (atMs: number, timezone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timezone)

/** A day's first instant: not always midnight, where clocks are set then. */
const dayStart = (day: Temporal.PlainDate, timezone: string): number =>
  day.toZonedDateTime(timezone).epochMilliseconds

/**
 * The end of a period that begins with something that happened, exclusive. In days and longer, the day it happened on does not count and
 * the last day counts to its end; a month that has no such day ends with its last. In hours, to the minute.
 */
export const deadlineOf = (atMs: number, within: string, timezone: string): number => {
  const duration = Temporal.Duration.from(within)
  if (!hasDates(duration)) return atMs + timeMs(duration)
  const at = zonedAt(atMs, timezone)
  if (timeMs(duration) > 0) {
    return at.add(datesOf(duration)).epochMilliseconds + timeMs(duration)
  }
  return dayStart(at.toPlainDate().add(datesOf(duration)).add({ days: 1 }), timezone)
}

const isInDays = (within: string | undefined): boolean =>
  within !== undefined && hasDates(Temporal.Duration.from(within))

/**
 * The end of so many rounds of a rhythm, exclusive: counted from its first day, which is part of it, and not from the round before, so that
 * the 31st comes back after a short month.
 */
export const roundEnd = (
  startMs: number,
  { every, round }: { every: string; round: number },
  timezone: string,
): number => {
  const duration = Temporal.Duration.from(every)
  if (!hasDates(duration)) return startMs + round * timeMs(duration)
  const first = zonedAt(startMs, timezone).toPlainDate()
  return dayStart(first.add(datesOf(duration, round)), timezone) + round * timeMs(duration)
}

/** Owed by somebody, from one instant to another. */
export interface Due {
  /** From 1; always 1 for what does not come back. */
  readonly round: number
  readonly opensMs: number
  /** The first instant that is too late; undefined for what has no date. */
  readonly dueMs: number | undefined
}

type Dated = Pick<Obligation, 'trigger' | 'within' | 'every'>

/** Never late. */
export const isUndated = ({ within, every }: Dated): boolean =>
  within === undefined && every === undefined

/** Kept for as long as the agreement lasts, and never done: passing restrictions through, admitting an audit. Nothing is opened for it. */
export const isStanding = (rule: Dated): boolean => rule.trigger === 'activation' && isUndated(rule)

/** While the agreement is in force. What its end sets going happens once. */
const comesBack = ({ trigger, every }: Dated): boolean =>
  trigger !== 'agreementEnd' && every !== undefined && isRhythm(every)

export interface Course {
  /** When that happened which sets it going. */
  readonly startMs: number
  /** When the agreement ended, if it has. */
  readonly endMs: number | undefined
  readonly nowMs: number
  /** Rounds that are known already. */
  readonly roundsBefore?: number
}

/**
 * What a rule has opened until now, oldest first, and when to look again. A round is open from its first day; rounds that the agreement's end
 * cuts off are not opened any more.
 */
export const duesOf = (
  rule: Dated,
  timezone: string,
  { startMs, endMs, nowMs, roundsBefore = 0 }: Course,
): { readonly dues: readonly Due[]; readonly nextMs: number | undefined } => {
  const { within, every } = rule
  const late = (atMs: number): number | undefined =>
    within === undefined ? undefined : deadlineOf(atMs, within, timezone)
  if (isStanding(rule)) return { dues: [], nextMs: undefined }
  if (every === undefined || !comesBack(rule)) {
    const isKnown = roundsBefore > 0
    // An end is the first instant that is no part of it: its day is the one before.
    const isDay = rule.trigger === 'agreementEnd' && isInDays(within)
    const once = { round: 1, opensMs: startMs, dueMs: late(isDay ? startMs - 1 : startMs) }
    return { dues: isKnown ? [] : [once], nextMs: undefined }
  }
  const untilMs = Math.min(nowMs, endMs ?? Infinity)
  const dues: Due[] = []
  const boundary = (round: number): number =>
    round === 0 ? startMs : roundEnd(startMs, { every, round }, timezone)
  let round = roundsBefore + 1
  for (; dues.length < roundsMax; round += 1) {
    const opensMs = boundary(round - 1)
    if (opensMs > nowMs || opensMs >= (endMs ?? Infinity)) break
    const endsMs = boundary(round)
    // Its last day is the one before: periods after it are counted from there.
    dues.push({ round, opensMs, dueMs: late(endsMs - 1) ?? endsMs })
  }
  const nextMs = boundary(round - 1)
  return { dues, nextMs: nextMs < (endMs ?? Infinity) ? Math.max(nextMs, untilMs) : undefined }
}

/** Does the end of the agreement cut this round off? It was not over then, so it is owed no more. */
export const isCutOff = (
  rule: Dated,
  timezone: string,
  { startMs, round, endMs }: { startMs: number; round: number; endMs: number },
): boolean =>
  rule.every !== undefined &&
  comesBack(rule) &&
  roundEnd(startMs, { every: rule.every, round }, timezone) > endMs

/** The parties that owe it: a member of a consortium is on both sides. */
export const debtorsOf = <P extends { readonly role: string }>(
  { debtor }: Pick<Obligation, 'debtor'>,
  parties: readonly P[],
): readonly P[] => parties.filter(({ role }) => role === debtor || role === 'member')
