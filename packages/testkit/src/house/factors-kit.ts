/** An authenticator app without a phone, and the calls of a browser that is signed in. */
import assert from 'node:assert/strict'
import { makePasswords, type Passwords } from '@weighhouse/server/core/identity/index.ts'
import { makeSealer } from '@weighhouse/server/core/kernel/seal.ts'
import { makeSignin, type Signin } from '@weighhouse/server/core/signin/index.ts'
import { codeOf, stepAt } from '@weighhouse/server/core/signin/totp.ts'
import { quickDerive } from '../quick-derive.ts'
import { systemChance } from '@weighhouse/server/drivers/time/system.ts'
import type { Answer, DevHouse } from '../dev-house.ts'
import { cookieIn, login, password } from './signin-kit.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32 without padding, read back. */
const bytesOf = (text: string): Buffer => {
  const bits = text
    .split('')
    .map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

export interface App {
  /** The code of now, or of some steps later. */
  code(stepsLater?: number): string
}

export const makeApp = ({ clock }: DevHouse, secret: string): App => ({
  code: (stepsLater = 0) => codeOf(bytesOf(secret), stepAt(clock.nowMs()) + stepsLater),
})

const origin = 'http://localhost'

/** A call of the API by a browser's session. */
export const api = (
  dev: DevHouse,
  cookie: string,
  call: string,
  body?: object,
): Promise<Answer> => {
  const [method = '', path = ''] = call.split(' ')
  const headers = { cookie, origin }
  return dev.ask(method, `/weighhouse/v1${path}`, { headers, ...(body && { body }) })
}

/** The code of a refusal. */
export const codeIn = (answer: Answer): string =>
  (answer.json() as { error: { code: string } }).error.code

/** Turns the second factor on; time moves one step, so that the app's next code is a new one. */
export const setUpApp = async (
  dev: DevHouse,
  cookie: string,
): Promise<{ app: App; codes: string[] }> => {
  const begun = await api(dev, cookie, 'POST /me/second-factor', {})
  assert.equal(begun.status, 201, begun.text)
  const { secret } = begun.json() as { secret: string }
  const app = makeApp(dev, secret)
  const confirmed = await api(dev, cookie, 'POST /me/second-factor/confirm', { code: app.code() })
  assert.equal(confirmed.status, 201, confirmed.text)
  const { recoveryCodes } = confirmed.json() as { recoveryCodes: string[] }
  dev.clock.advance(30_000)
  return { app, codes: recoveryCodes }
}

/** The first step of a sign-in by pages: the challenge that its form carries. */
export const firstStep = async (dev: DevHouse, name = 'ann'): Promise<string> => {
  const answer = await login(dev, { name, password })
  assert.equal(answer.status, 200, answer.text)
  assert.equal(answer.headers['set-cookie'], undefined)
  const found = /name="challenge" value="([^"]+)"/.exec(answer.text)?.[1]
  assert.ok(found !== undefined, answer.text)
  return found
}

export const cookieOf = (answer: Answer): string => {
  assert.equal(answer.status, 303, answer.text)
  return cookieIn(answer)
}

/** The room once more, on the same rows, with passwords that tell when they are looked at. */
export const signinThatTells = (
  { house: { db, events }, hub: { identity }, clock, id: ids }: DevHouse,
  tell: (work: 'hash' | 'verify') => Promise<void> | void,
): Signin => {
  const chance = systemChance
  const real = makePasswords(chance, quickDerive)
  const passwords: Passwords = {
    ...real,
    async verify(hash, text) {
      const isRight = await real.verify(hash, text)
      await tell('verify')
      return isRight
    },
    async hash(text) {
      const hash = await real.hash(text)
      await tell('hash')
      return hash
    },
  }
  const sealer = makeSealer(Buffer.alloc(32), 'totp', chance)
  const mail = { isOn: false, post: () => Promise.resolve(), linkTo: (path: string) => path }
  return makeSignin({ db, events, identity, passwords, mail, clock, chance, ids, sealer })
}
