/**
 * Passwords: scrypt off the main thread, parameters kept with each hash so that they can grow. Few run at once, and of those that wait
 * there is a bound.
 */
import { timingSafeEqual } from 'node:crypto'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance } from '../kernel/time.ts'
import type { Derive, DeriveCost } from '../ports/derive.ts'

const cost: DeriveCost = { N: 2 ** 15, r: 8, p: 1 }
const workOf = ({ N, r, p }: DeriveCost): number => N * r * p
const keyBytes = 32
const saltBytes = 16

export interface Passwords {
  /** `scrypt$N$r$p$salt$key`, binary parts in base64url. Errors: `busy`. */
  hash(password: string): Promise<string>
  /** Without a hash the answer is no, after the same work as with one. Errors: `busy`. */
  verify(hash: string | undefined, password: string): Promise<boolean>
  /** Was it made with less work than new ones are? */
  isOutdated(hash: string): boolean
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

const format = ({ N, r, p }: DeriveCost, salt: Uint8Array, key: Uint8Array): string =>
  ['scrypt', N, r, p, base64url(salt), base64url(key)].join('$')

const parse = (hash: string): { cost: DeriveCost; salt: Buffer; key: Buffer } | undefined => {
  const [scheme, N, r, p, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) return undefined
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    key: Buffer.from(key, 'base64url'),
  }
}

/** Runs work in turn: `atOnce` together, `waitingMax` behind them, the rest is refused. */
const makeSlots = (atOnce: number, waitingMax: number) => {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) {
        throw new HubError('busy', 'Many people are signing in at once. Try again in a moment.')
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

export const makePasswords = (chance: Chance, { atOnce, scrypt }: Derive): Passwords => {
  const inSlot = makeSlots(atOnce, limits.passwordsWaitingMax)
  const derive = (password: string, salt: Uint8Array, work: DeriveCost): Promise<Uint8Array> =>
    inSlot(() => scrypt(password.normalize('NFKC'), salt, work))
  // A hash nobody's password has, so that unknown names cost the same time as known ones.
  const decoy = format(cost, chance.bytes(saltBytes), chance.bytes(keyBytes))
  return {
    async hash(password) {
      const salt = chance.bytes(saltBytes)
      return format(cost, salt, await derive(password, salt, cost))
    },
    async verify(hash, password) {
      const parts = parse(hash ?? decoy)
      if (parts === undefined) return false
      const found = await derive(password, parts.salt, parts.cost)
      return found.length === parts.key.length && timingSafeEqual(found, parts.key)
    },
    isOutdated(hash) {
      const parts = parse(hash)
      return parts !== undefined && workOf(parts.cost) < workOf(cost)
    },
  }
}

/** The commonest of twelve characters or more, from public lists of leaked ones. */
const commonest: ReadonlySet<string> = new Set(
  (
    'password1234 password12345 password123456 passwordpassword 123456789012 1234567890123 12345678901234 123456789123 123123123123 ' +
    '111111111111 000000000000 121212121212 112233445566 123456123456 123456789101112 1234567891011 012345678910 987654321098 ' +
    '1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv q1w2e3r4t5y6 qwertyuiop12 qwertyuiop123 qwertyuiopasdf qwertyuiop[] qwerty123456 ' +
    'qwertyqwerty asdfghjkl123 asdfghjklzxcvbnm zxcvbnm12345 abcdefghijkl abcd12345678 abc123456789 a1b2c3d4e5f6 a123456789012 ' +
    'iloveyou1234 iloveyou123456 iloveyouiloveyou letmein12345 letmeinletmein welcome12345 welcome123456 welcomewelcome ' +
    'administrator administrator1 administrator123 admin1234567 adminadminadmin changeme1234 changemechangeme changeme12345 ' +
    'sunshine1234 football1234 baseball1234 princess1234 superman1234 trustno1trustno1 dragondragon monkeymonkey masterpassword ' +
    'correcthorsebatterystaple huggingface1 huggingface123 weighhouse12 weighhouse123 weighhouse1234 thisisapassword mypassword123 ' +
    'mypassword1234 newpassword1 newpassword123 temppassword temppassword1 testpassword testpassword1 testtesttest testing12345 ' +
    'passw0rd1234 p@ssword1234 p@ssw0rd1234 p@ssw0rd123! password123! password1234! password!234'
  ).split(' '),
)

/** What must be left of a password when the user's name is taken out of it. */
const restCharsMin = 8

/** Errors: `invalid` for one that is too short, too long, or the first that somebody would try. No rules of composition: they make worse ones. */
export const refusePassword = (password: string, userName: string): void => {
  const { passwordCharsMin: least, passwordCharsMax: most } = limits
  if (password.length < least || password.length > most) {
    throw new HubError(
      'invalid',
      `A password has ${least} to ${most} characters; this one has ${password.length}. A few words that do not belong together are good.`,
    )
  }
  const folded = password.normalize('NFKC').toLowerCase()
  if (commonest.has(folded) || new Set(folded).size <= 2) {
    throw new HubError('invalid', 'This password is among the first that anybody would try.')
  }
  const rest = folded.replaceAll(userName.toLowerCase(), '')
  if (rest.length < folded.length && rest.length < restCharsMin) {
    throw new HubError('invalid', 'A password must not be made of the user name.')
  }
}
