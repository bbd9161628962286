/** Questions that wait for their answer, and links that wait to be used: a secret of 256 bits, stored as a hash, taken once. */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { sha256Hex } from '../identity/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { SigninDeps } from './deps.ts'
import { networkOf } from './guesses.ts'
import * as sql from './signin.sql.ts'

type Kind = Row<'challenge'>['kind']

interface Question {
  readonly kind: Kind
  /** Absent where anybody may answer. */
  readonly accountId?: AccountId
  /** Who asked; absent for the hub itself. */
  readonly ip?: string | undefined
  readonly payload?: object
  readonly lifeMs?: number
}

export interface Challenges {
  /** Answers the secret. Errors: `rate_limited` when too many wait for one address. */
  ask(q: Querier, question: Question): Promise<string>
  /** Looks without taking. */
  find(q: Querier, kind: Kind, secret: string): Promise<Row<'challenge'> | undefined>
  /** Only one of those who come at once gets it. */
  take(q: Querier, kind: Kind, secret: string): Promise<Row<'challenge'> | undefined>
}

export const makeChallenges = ({
  clock,
  chance,
}: Pick<SigninDeps, 'clock' | 'chance'>): Challenges => {
  const refuseMany = async (q: Querier, network: string): Promise<void> => {
    const waiting = await sql.countChallenges(q, network, clock.nowMs())
    if (waiting < limits.challengesPerAddressMax) return
    throw new HubError(
      'rate_limited',
      'Too many sign-ins from here are half done. Wait a little.',
      {
        retryAfterSeconds: Math.ceil(limits.challengeLifeMs / 1000),
      },
    )
  }

  return {
    async ask(q, { kind, accountId, ip, payload = {}, lifeMs = limits.challengeLifeMs }) {
      const network = ip === undefined ? undefined : networkOf(ip)
      if (network !== undefined) await refuseMany(q, network)
      const secret = chance.bytes(32).toString('base64url')
      await sql.insertChallenge(q, {
        secret_sha256: sha256Hex(secret),
        kind,
        account_id: accountId ?? null,
        network: network ?? null,
        payload: JSON.stringify(payload),
        expires_at_ms: clock.nowMs() + lifeMs,
      })
      return secret
    },

    find: (q, kind, secret) =>
      sql.challengeOf(q, { kind, secretSha256: sha256Hex(secret), nowMs: clock.nowMs() }),

    async take(q, kind, secret) {
      const key = { kind, secretSha256: sha256Hex(secret), nowMs: clock.nowMs() }
      const row = await sql.challengeOf(q, key)
      return row !== undefined && (await sql.deleteChallenge(q, key.secretSha256)) ? row : undefined
    },
  }
}
