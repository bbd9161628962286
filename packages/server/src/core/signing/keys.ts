/** Keys by which an organisation speaks: Ed25519, made here and sealed, or brought by whoever holds them elsewhere. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto'
import { possessionText, recoveryText } from '@weighhouse/formats/agreement/possession.ts'
import { signedBytes } from '@weighhouse/formats/dsse/envelope.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { actorIdOf } from '../kernel/actor.ts'
import { limits } from '../kernel/limits.ts'
import { needFresh, type OrgPermit, type SigningDeps } from './index.ts'
import * as sql from './signing.sql.ts'

export type KeyUse = Row<'org_key'>['use']
export type RevocationReason = NonNullable<Row<'org_key'>['revoked_why']>

export interface OrgKey {
  /** SHA-256 of the public key, hex. */
  readonly id: string
  readonly use: KeyUse
  /** Ed25519, 32 bytes, base64url. */
  readonly publicKey: string
  /** Does somebody else hold the private part? */
  readonly isBrought: boolean
  readonly fromMs: number
  readonly toMs: number | undefined
  readonly revoked: { readonly atMs: number; readonly why: RevocationReason } | undefined
}

export interface Keys {
  /** Newest first; those that are over too, since old statements are checked with them. */
  keys(orgId: AccountId, q?: Querier): Promise<OrgKey[]>
  /** A new one, made here. A seal takes the place of the one before. Errors: `too_many`. */
  makeKey(ctx: Ctx, permit: OrgPermit, use: KeyUse): Promise<OrgKey>
  /**
   * One whose private part stays with the organisation. `proof` is its signature over `possessionText` of the organisation's id and the key.
   * Errors: `invalid` for what is no key or no proof, `exists`, `too_many`.
   */
  bringKey(
    ctx: Ctx,
    permit: OrgPermit,
    key: { use: KeyUse; publicKey: string; proof: string },
  ): Promise<OrgKey>
  /** What was signed with it later than `atMs` is void. Errors: `entry_not_found`, `conflict` when it is revoked, `invalid` time. */
  revokeKey(
    ctx: Ctx,
    permit: OrgPermit,
    id: string,
    how: { why: RevocationReason; atMs?: number },
  ): Promise<void>
  /**
   * Puts a new seal in the place of one that is lost or stolen, on the word of the recovery key: `proof` is its signature over
   * `recoveryText` of the organisation's id and the new public key. Errors: `permission_denied`, `invalid`, `exists`.
   */
  recoverSeal(
    ctx: Ctx,
    permit: OrgPermit,
    key: { publicKey: string; proof: string; lostId: string },
  ): Promise<OrgKey>
  /** Signs a statement with the seal in force. Errors: `conflict` when there is none here to sign with. */
  seal(
    orgId: AccountId,
    statement: { payloadType: string; payload: Uint8Array },
  ): Promise<{ keyid: string; signature: Uint8Array }>
}

const rawBytes = 32
const idOf = (raw: Uint8Array): string => createHash('sha256').update(raw).digest('hex')

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

const toKey = (row: Row<'org_key'>): OrgKey => ({
  id: row.id,
  use: row.use,
  publicKey: row.public_key,
  isBrought: row.private_sealed === null,
  fromMs: row.from_ms,
  toMs: row.to_ms ?? undefined,
  revoked:
    row.revoked_at_ms === null || row.revoked_why === null
      ? undefined
      : { atMs: row.revoked_at_ms, why: row.revoked_why },
})

/** May a statement of this instant rest on the key? */
export const isKeyGoodAt = ({ fromMs, toMs, revoked }: OrgKey, atMs: number): boolean =>
  fromMs <= atMs &&
  (toMs === undefined || atMs < toMs) &&
  (revoked === undefined || atMs < revoked.atMs)

const publicKeyOf = (text: string): { raw: Buffer; key: ReturnType<typeof createPublicKey> } => {
  const raw = Buffer.from(text, 'base64url')
  if (raw.length === rawBytes && raw.toString('base64url') === text) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: text }
    return { raw, key: createPublicKey({ key: jwk, format: 'jwk' }) }
  }
  throw new HubError(
    'invalid',
    `A public key is the ${rawBytes} bytes of an Ed25519 key in base64url, found ${raw.length} bytes.`,
  )
}

const needProof = (said: Uint8Array, publicKey: string, proof: string, words: string): void => {
  const { key } = publicKeyOf(publicKey)
  if (verify(null, said, key, Buffer.from(proof, 'base64url'))) return
  throw new HubError(
    'invalid',
    `The proof is no signature of ${words}. Sign the text that the documentation gives.`,
  )
}

export const makeKeys = (deps: SigningDeps): Keys => {
  const { db, events, clock, sealer } = deps

  const add = async (
    ctx: Ctx,
    orgId: AccountId,
    key: { use: KeyUse; publicKey: string; privateSealed: string | null },
    lost?: string,
  ): Promise<OrgKey> => {
    const nowMs = clock.nowMs()
    const id = idOf(publicKeyOf(key.publicKey).raw)
    const row: Row<'org_key'> = {
      id,
      org_id: orgId,
      use: key.use,
      public_key: key.publicKey,
      private_sealed: key.privateSealed,
      from_ms: nowMs,
      to_ms: null,
      revoked_at_ms: null,
      revoked_why: null,
      created_by: actorIdOf(ctx.actor) ?? null,
      created_at_ms: nowMs,
    }
    await db.tx(async (q, after) => {
      const tx = { q, after, ctx }
      await db.flavor.lockEvents(q)
      if ((await sql.keyById(q, id)) !== undefined) {
        throw new HubError(
          'exists',
          'This key is known to this hub. Make a new one: keys are not used twice.',
        )
      }
      if ((await sql.keysOf(q, orgId, limits.orgKeysMax)).length >= limits.orgKeysMax) {
        throw new HubError(
          'too_many',
          `An organisation has at most ${limits.orgKeysMax} keys, old ones too.`,
        )
      }
      await sql.insertKey(q, row)
      if (key.use === 'seal') await sql.supersedeSeals(q, { orgId, besides: id, atMs: nowMs })
      if (lost !== undefined && (await sql.revokeKey(q, lost, { atMs: nowMs, why: 'lost' }))) {
        await events.append(tx, 'org_key_revoked', { orgId, keyId: lost, why: 'lost' })
      }
      const isBrought = key.privateSealed === null
      await events.append(tx, 'org_key_added', { orgId, keyId: id, use: key.use, isBrought })
    })
    return toKey(row)
  }

  const own = async (orgId: AccountId, id: string): Promise<OrgKey> => {
    const row = await sql.keyById(db.read, id)
    if (row !== undefined && row.org_id === orgId) return toKey(row)
    throw new HubError('entry_not_found', `The organisation has no key "${id.slice(0, 80)}".`)
  }

  return {
    keys: async (orgId, q = db.read) => (await sql.keysOf(q, orgId, limits.orgKeysMax)).map(toKey),

    async makeKey(ctx, permit, use) {
      await needFresh(deps, permit)
      const { namespace } = permit
      const pair = generateKeyPairSync('ed25519')
      const { x } = pair.publicKey.export({ format: 'jwk' })
      const secret = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')
      const publicKey = String(x)
      return add(ctx, namespace.id, { use, publicKey, privateSealed: sealer.seal(secret) })
    },

    async bringKey(ctx, permit, { use, publicKey, proof }) {
      await needFresh(deps, permit)
      const { namespace } = permit
      needProof(bytesOf(possessionText(namespace.id, publicKey)), publicKey, proof, 'this key')
      return add(ctx, namespace.id, { use, publicKey, privateSealed: null })
    },

    async revokeKey(ctx, permit, id, { why, atMs = clock.nowMs() }) {
      await needFresh(deps, permit)
      const { namespace } = permit
      const key = await own(namespace.id, id)
      if (atMs > clock.nowMs() || atMs < key.fromMs) {
        throw new HubError(
          'invalid',
          'A key is revoked as of a time between its first use and now.',
        )
      }
      await db.tx(async (q, after) => {
        // Before what is signed with it at this moment, or after.
        await db.flavor.lockEvents(q)
        if (!(await sql.revokeKey(q, id, { atMs, why }))) {
          throw new HubError('conflict', 'This key is revoked already.')
        }
        const payload = { orgId: namespace.id, keyId: id, why }
        await events.append({ q, after, ctx }, 'org_key_revoked', payload)
      })
    },

    async recoverSeal(ctx, permit, { publicKey, proof, lostId }) {
      await needFresh(deps, permit)
      const { namespace } = permit
      const { id } = await own(namespace.id, lostId)
      const nowMs = clock.nowMs()
      const said = bytesOf(recoveryText(namespace.id, publicKey))
      const recovery = (await sql.keysOf(db.read, namespace.id, limits.orgKeysMax))
        .map(toKey)
        .filter((key) => key.use === 'recovery' && isKeyGoodAt(key, nowMs))
      const signature = Buffer.from(proof, 'base64url')
      if (!recovery.some((key) => verify(null, said, publicKeyOf(key.publicKey).key, signature))) {
        throw new HubError(
          'permission_denied',
          'No recovery key of the organisation has signed this. Sign with the key that was set aside.',
          { reason: 'recovery_not_signed' },
        )
      }
      return add(ctx, namespace.id, { use: 'seal', publicKey, privateSealed: null }, id)
    },

    async seal(orgId, { payloadType, payload }) {
      const nowMs = clock.nowMs()
      const rows = await sql.keysOf(db.read, orgId, limits.orgKeysMax)
      const row = rows.find((one) => one.use === 'seal' && isKeyGoodAt(toKey(one), nowMs))
      if (row === undefined || row.private_sealed === null) {
        const message =
          row === undefined
            ? 'The organisation has no seal. Make one in its settings, or bring one.'
            : 'The organisation holds its seal itself: sign there, and send the signature.'
        throw new HubError('conflict', message, {
          reason: row === undefined ? 'no_seal' : 'seal_elsewhere',
        })
      }
      const der = Buffer.from(sealer.unseal(row.private_sealed), 'base64url')
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
      return { keyid: row.id, signature: sign(null, signedBytes(payloadType, payload), key) }
    },
  }
}
