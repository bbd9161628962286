/** Due dates: month ends, leap days, clocks that are set forward and back, rhythms and ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadlineOf, debtorsOf, duesOf, isCutOff, isStanding, roundEnd } from './schedule.ts'

const at = (text: string): number => Date.parse(text)
const shown = (ms: number | undefined): string =>
  ms === undefined ? 'never' : new Date(ms).toISOString().replace('.000Z', 'Z')

void test('a period of days counts the days after, to the end of the last, where the agreement is', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    // It happens, within, where, the first instant that is too late.
    ['2026-01-31T10:00:00Z', 'P1M', 'UTC', '2026-03-01T00:00:00Z'],
    ['2028-01-31T10:00:00Z', 'P1M', 'UTC', '2028-03-01T00:00:00Z'],
    ['2028-02-29T10:00:00Z', 'P1Y', 'UTC', '2029-03-01T00:00:00Z'],
    ['2028-02-29T10:00:00Z', 'P4Y', 'UTC', '2032-03-01T00:00:00Z'],
    ['2026-01-01T00:00:00Z', 'P30D', 'UTC', '2026-02-01T00:00:00Z'],
    ['2026-01-01T23:59:59Z', 'P30D', 'UTC', '2026-02-01T00:00:00Z'],
    // Half past eleven at night in UTC is the next day in Berlin.
    ['2026-01-01T23:30:00Z', 'P30D', 'Europe/Berlin', '2026-02-01T23:00:00Z'],
    ['2026-03-01T12:00:00Z', 'P1M', 'Europe/Berlin', '2026-04-01T22:00:00Z'],
    ['2026-10-01T12:00:00Z', 'P1M', 'Europe/Berlin', '2026-11-01T23:00:00Z'],
    ['2026-12-15T12:00:00Z', 'P2W', 'America/New_York', '2026-12-30T05:00:00Z'],
    // Cairo sets its clocks at midnight: this day begins at one.
    ['2026-04-22T12:00:00Z', 'P1D', 'Africa/Cairo', '2026-04-23T22:00:00Z'],
    // Hours are hours, through a night of 23 and of 25 hours.
    ['2026-03-28T12:00:00Z', 'PT24H', 'Europe/Berlin', '2026-03-29T12:00:00Z'],
    ['2026-03-28T12:00:00Z', 'PT72H', 'Europe/Berlin', '2026-03-31T12:00:00Z'],
    ['2026-03-28T01:30:00Z', 'P1DT1H', 'Europe/Berlin', '2026-03-29T02:30:00Z'],
    ['2026-10-24T00:30:00Z', 'P1DT1H', 'Europe/Berlin', '2026-10-25T01:30:00Z'],
    ['2026-10-24T12:00:00Z', 'PT90M', 'Europe/Berlin', '2026-10-24T13:30:00Z'],
  ]
  for (const [from, within, where, expected] of cases) {
    assert.equal(shown(deadlineOf(at(from), within, where)), expected, `${from} + ${within}`)
  }
})

void test('rounds are counted from the first day, so a short month moves none that follow', () => {
  const ends = (start: string, every: string, where: string, rounds: number): string[] =>
    Array.from({ length: rounds }, (_, i) =>
      shown(roundEnd(at(start), { every, round: i + 1 }, where)).slice(0, 16),
    )
  assert.deepEqual(ends('2026-01-31T09:00:00Z', 'P1M', 'UTC', 4), [
    '2026-02-28T00:00',
    '2026-03-31T00:00',
    '2026-04-30T00:00',
    '2026-05-31T00:00',
  ])
  assert.deepEqual(ends('2026-01-01T09:00:00Z', 'P3M', 'Europe/Berlin', 4), [
    '2026-03-31T22:00',
    '2026-06-30T22:00',
    '2026-09-30T22:00',
    '2026-12-31T23:00',
  ])
  assert.deepEqual(ends('2028-02-29T09:00:00Z', 'P1Y', 'UTC', 4), [
    '2029-02-28T00:00',
    '2030-02-28T00:00',
    '2031-02-28T00:00',
    '2032-02-29T00:00',
  ])
  assert.deepEqual(ends('2026-01-01T09:00:00Z', 'PT48H', 'UTC', 2), [
    '2026-01-03T09:00',
    '2026-01-05T09:00',
  ])
})

void test('a report every half year: one round is open at a time, and the end cuts the last one off', () => {
  const rule = { trigger: 'activation', every: 'P6M', within: 'P30D' } as const
  const startMs = at('2026-01-01T08:00:00Z')
  const look = (now: string, end?: string, roundsBefore = 0) => {
    const endMs = end === undefined ? undefined : at(end)
    const { dues, nextMs } = duesOf(rule, 'UTC', { startMs, endMs, nowMs: at(now), roundsBefore })
    return {
      dues: dues.map(({ round, dueMs }) => `${round} ${shown(dueMs)}`),
      next: shown(nextMs),
    }
  }
  const first = '1 2026-07-31T00:00:00Z'
  const second = '2 2027-01-31T00:00:00Z'
  const july = '2026-07-01T00:00:00Z'
  assert.deepEqual(look('2026-01-01T08:00:00Z'), { dues: [first], next: july })
  assert.deepEqual(look('2026-06-30T23:59:59Z'), { dues: [first], next: july })
  assert.deepEqual(look(july), { dues: [first, second], next: '2027-01-01T00:00:00Z' })
  assert.deepEqual(look(july, undefined, 1).dues, [second])
  // The agreement is over at the first instant of July: the second round never began.
  assert.deepEqual(look('2028-01-01T00:00:00Z', july), { dues: [first], next: 'never' })
  const isCut = (end: string): boolean =>
    isCutOff(rule, 'UTC', { startMs, round: 1, endMs: at(end) })
  assert.equal(isCut('2026-06-30T23:59:59Z'), true)
  assert.equal(isCut(july), false)
  // After ten years of silence the look is bounded and goes on where it stopped.
  const daily = { trigger: 'activation', every: 'P1D' } as const
  const long = duesOf(daily, 'UTC', {
    startMs,
    endMs: undefined,
    nowMs: at('2036-01-01T00:00:00Z'),
  })
  assert.equal(long.dues.length, 100)
  assert.equal(shown(long.nextMs), '2036-01-01T00:00:00Z')
})

void test('what happens once, what has no date, and what is only kept', () => {
  const course = { startMs: at('2026-05-05T10:00:00Z'), endMs: undefined, nowMs: Infinity }
  const once = duesOf({ trigger: 'incident', within: 'PT72H' }, 'UTC', course)
  assert.deepEqual(
    once.dues.map(({ dueMs }) => shown(dueMs)),
    ['2026-05-08T10:00:00Z'],
  )
  assert.deepEqual(
    duesOf({ trigger: 'incident', within: 'PT72H' }, 'UTC', { ...course, roundsBefore: 1 }).dues,
    [],
  )
  assert.equal(duesOf({ trigger: 'publication' }, 'UTC', course).dues[0]?.dueMs, undefined)
  // The end of an agreement happens once, whatever rhythm is written there.
  const atEnd = { trigger: 'agreementEnd', within: 'P30D', every: 'P1D' } as const
  assert.equal(duesOf(atEnd, 'UTC', course).dues.length, 1)
  assert.equal(isStanding({ trigger: 'activation' }), true)
  assert.deepEqual(duesOf({ trigger: 'activation' }, 'UTC', course).dues, [])
  // A rhythm that is none opens nothing for ever.
  assert.equal(duesOf({ trigger: 'activation', every: 'P0D' }, 'UTC', course).dues.length, 1)
})

void test('who owes it: the side that the rule names, and members of a consortium on both', () => {
  const parties = [
    { org: 'a', role: 'provider' },
    { org: 'b', role: 'consumer' },
    { org: 'c', role: 'member' },
    { org: 'd', role: 'coordinator' },
  ]
  const orgs = (debtor: 'provider' | 'consumer') =>
    debtorsOf({ debtor }, parties).map(({ org }) => org)
  assert.deepEqual(orgs('provider'), ['a', 'c'])
  assert.deepEqual(orgs('consumer'), ['b', 'c'])
})
