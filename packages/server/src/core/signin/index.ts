/**
 * The signin room: people who prove to a browser who they are, and the sessions they get for it.
 *
 * Invariants: a session's secret is stored as a hash and is new at each sign-in; an unknown name costs and says the same as a wrong
 * password; who guesses waits longer each time, whether the name exists or not; no code, link or challenge is taken twice; a disabled
 * account has no session; how somebody signs in changes only by a person who has just proved who they are.
 */
import { limits } from '../kernel/limits.ts'
import { makeChallenges } from './challenges.ts'
import type { SigninDeps } from './deps.ts'
import { type Entrance, makeEntrance, makePasswordChange } from './entrance.ts'
import { type Factors, makeFactorChecks, makeFactors } from './factors.ts'
import { makeGuesses } from './guesses.ts'
import { makePasskeyChecks } from './passkey-checks.ts'
import { makePasskeys, type Passkeys } from './passkeys.ts'
import { makeRecovery, type Recovery } from './recovery.ts'
import { makeSessionRows, makeSessions, type Sessions } from './sessions.ts'
import * as sql from './signin.sql.ts'

export { endSessions } from './signin.sql.ts'
export type { SessionHolder } from '../policy/index.ts'
export type { Proof, Step } from './entrance.ts'
export type { SecondFactor } from './factors.ts'
export type { NewPasskeyAnswer, PasskeyAnswer } from './passkey-checks.ts'
export type { Passkey } from './passkeys.ts'
export type { NewSession, Session } from './sessions.ts'

export interface Signin extends Sessions, Entrance, Factors, Passkeys, Recovery {
  /** Deletes sessions that ended a while ago, guesses that are forgotten, and questions nobody answered. */
  prune(): Promise<{ sessions: number; failures: number; challenges: number }>
}

export const makeSignin = (deps: SigninDeps): Signin => {
  const { db, clock } = deps
  const guesses = makeGuesses(deps)
  const challenges = makeChallenges(deps)
  const rows = makeSessionRows(deps)
  const sessions = makeSessions(deps, rows)
  const { requireFresh } = sessions
  const factors = makeFactorChecks(deps)
  const passkeys = makePasskeyChecks(deps, challenges)
  const change = makePasswordChange(deps, rows)

  return {
    ...sessions,
    ...makeEntrance(deps, { guesses, challenges, factors, passkeys, rows, change, requireFresh }),
    ...makeFactors(deps, factors, sessions),
    ...makePasskeys(deps, { challenges, checks: passkeys, rows, requireFresh }),
    ...makeRecovery(deps, { guesses, challenges, factors, change }),
    prune: () =>
      db.tx(async (q) => ({
        sessions: await sql.deleteOldSessions(q, clock.nowMs() - limits.sessionKeptMs),
        failures: await sql.deleteOldFailures(q, clock.nowMs() - limits.guessMemoryMs),
        challenges: await sql.deleteOldChallenges(q, clock.nowMs()),
      })),
  }
}
