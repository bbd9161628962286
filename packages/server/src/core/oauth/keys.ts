/** Keys that sign ID tokens: made at first use, their private half sealed, and shown for a while after another took their place. */
import { exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK, SignJWT } from 'jose'
import type { Database } from '#db/connect.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { HubPermit } from '../policy/index.ts'
import * as sql from './oauth.sql.ts'

export interface Keys {
  /** Public keys by which ID tokens are checked, newest first; the first is made when there is none. */
  publicKeys(): Promise<JWK[]>
  /** A signed token; issue and expiry are added. Errors: `unavailable` when the key does not fit the hub's secrets. */
  signIdToken(claims: Readonly<Record<string, unknown>>): Promise<string>
  /** A new key from now on. Tokens that the old one signed are verified for another day. */
  rotateKey(ctx: Ctx, permit: HubPermit): Promise<{ id: string }>
}

export interface KeysDeps {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
  readonly chance: Chance
}

const algorithm = 'RS256'
const keysMax = 20

export const makeKeys = ({ db, sealer, clock, chance }: KeysDeps): Keys => {
  let imported: { id: string; key: CryptoKey } | undefined

  const known = (): Promise<Row<'oauth_key'>[]> =>
    sql.keysSince(db.read, clock.nowMs() - limits.oauthKeyRetiredMs, keysMax)

  /** Two instances that both find none make two; both are shown, and the newest signs. */
  const make = async (isReplacing: boolean): Promise<Row<'oauth_key'>> => {
    const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
    const id = chance.bytes(12).toString('hex')
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: id, use: 'sig', alg: algorithm }
    const nowMs = clock.nowMs()
    const row = {
      id,
      private_sealed: sealer.seal(await exportPKCS8(pair.privateKey)),
      public_jwk: JSON.stringify(jwk),
      created_at_ms: nowMs,
      retired_at_ms: null,
    }
    await db.tx(async (q) => {
      if (isReplacing) await sql.retireKeys(q, nowMs)
      await sql.insertKey(q, row)
    })
    return row
  }

  const current = async (): Promise<Row<'oauth_key'>> =>
    (await known()).find((row) => row.retired_at_ms === null) ?? make(false)

  const unseal = (sealed: string): string => {
    try {
      return sealer.unseal(sealed)
    } catch (error) {
      throw new HubError(
        'unavailable',
        'The key that signs ID tokens was sealed with other secrets than this hub has. Put its secrets.json back, or make a new key: weighhouse app rotate-key.',
        {},
        error,
      )
    }
  }

  const privateKeyOf = async ({ id, private_sealed: sealed }: Row<'oauth_key'>) => {
    if (imported?.id !== id) {
      imported = { id, key: await importPKCS8(unseal(sealed), algorithm) }
    }
    return imported.key
  }

  return {
    async publicKeys() {
      await current()
      // A cast because only this room writes the column.
      return (await known()).map((row) => JSON.parse(row.public_jwk) as JWK)
    },

    async signIdToken(claims) {
      const row = await current()
      const nowSeconds = Math.floor(clock.nowMs() / 1000)
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: algorithm, kid: row.id, typ: 'JWT' })
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + limits.idTokenMs / 1000)
        .sign(await privateKeyOf(row))
    },

    rotateKey: async () => ({ id: (await make(true)).id }),
  }
}
