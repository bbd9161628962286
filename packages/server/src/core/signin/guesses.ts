/**
 * Guesses are counted before they are made, so that a hundred at once are no better than one after another. After some there is a pause,
 * which doubles. What is counted for may not exist: an unknown name is treated like a known one.
 */
import { isIPv6 } from 'node:net'
import type { Querier } from '#db/flavor.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { SigninDeps } from './deps.ts'
import * as sql from './signin.sql.ts'

/** What guesses are counted for, and how many are free. */
interface Subject {
  readonly key: string
  readonly free: number
  /** Does a right guess forget the wrong ones before it? Else it takes back itself alone. */
  readonly forgets: boolean
}

export interface Guesses {
  /** Counts one guess for each subject; what it answers is called when the guess was right. Errors: `rate_limited` while one must wait. */
  count(subjects: readonly Subject[]): Promise<() => Promise<void>>
}

const pauseMs = (count: number, free: number): number =>
  count < free ? 0 : Math.min(limits.guessPauseMs * 2 ** (count - free), limits.guessPauseMsMax)

/** Whoever has one address of IPv6 has 2⁶⁴ of them: the first four groups, with the zeros that `::` leaves out. */
export const networkOf = (ip = 'unknown'): string => {
  if (!isIPv6(ip) || ip.includes('.')) return ip
  const [left = [], right = []] = ip.split('::').map((half) => half.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const groups = [...left, ...zeros, ...right].slice(0, 4)
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}

/** Of a name, in any letter case, that may be nobody's. */
export const ofName = (name: string): Subject => ({
  key: `account:${name.toLowerCase().slice(0, 64)}`,
  free: limits.guessesPerAccount,
  forgets: true,
})

/** Letters that were asked for in somebody's name. */
export const ofRecovery = (name: string): Subject => ({
  key: `recovery:${name.toLowerCase().slice(0, 64)}`,
  free: limits.guessesPerAccount,
  forgets: false,
})

/** Counted apart from passwords: whoever has the password must not guess codes for ever. */
export const ofFactor = (account: AccountId): Subject => ({
  key: `factor:${account}`,
  free: limits.guessesPerAccount,
  forgets: true,
})

/** Whoever has an account of their own must not buy guesses at others with it, so a right one forgets nothing but itself. */
export const ofAddress = (ip: string | undefined): Subject => ({
  key: `address:${networkOf(ip)}`,
  free: limits.guessesPerAddress,
  forgets: false,
})

export const makeGuesses = ({ db, clock }: Pick<SigninDeps, 'db' | 'clock'>): Guesses => {
  const refuse = (untilMs: number): void => {
    const waitMs = untilMs - clock.nowMs()
    if (waitMs <= 0) return
    const seconds = Math.ceil(waitMs / 1000)
    throw new HubError('rate_limited', `Too many wrong tries. Wait ${seconds} s.`, {
      retryAfterSeconds: seconds,
    })
  }

  const countOne = async (q: Querier, { key, free }: Subject): Promise<number> => {
    const nowMs = clock.nowMs()
    const known = await sql.failureOf(q, key)
    const isOld = known === undefined || nowMs - known.first_at_ms > limits.guessMemoryMs
    const count = isOld ? 1 : known.count + 1
    const pause = pauseMs(count, free)
    await sql.putFailure(q, {
      subject: key,
      count,
      first_at_ms: isOld ? nowMs : known.first_at_ms,
      locked_until_ms: pause === 0 ? null : nowMs + pause,
    })
    return count
  }

  /** As if it had not been made; a pause that others have brought about meanwhile stays. */
  const takeBack = async (q: Querier, { key }: Subject, counted: number): Promise<void> => {
    const known = await sql.failureOf(q, key)
    if (known === undefined) return
    const count = known.count - 1
    const locked_until_ms = known.count === counted ? null : known.locked_until_ms
    if (count === 0) await sql.deleteFailure(q, key)
    else await sql.putFailure(q, { ...known, count, locked_until_ms })
  }

  return {
    async count(subjects) {
      const counts = await db.tx(async (q) => {
        // Counted one at a time on every engine.
        await db.flavor.lockEvents(q)
        for (const { key } of subjects) {
          refuse((await sql.failureOf(q, key))?.locked_until_ms ?? 0)
        }
        const counted: number[] = []
        for (const subject of subjects) counted.push(await countOne(q, subject))
        return counted
      })
      return () =>
        db.tx(async (q) => {
          await db.flavor.lockEvents(q)
          for (const [index, subject] of subjects.entries()) {
            if (subject.forgets) await sql.deleteFailure(q, subject.key)
            else await takeBack(q, subject, counts[index] ?? 0)
          }
        })
    },
  }
}
