/**
 * Sealing: secrets that must be read back (a shared TOTP secret, a client secret) lie in the database encrypted, under a key that is not
 * there. AES-256-GCM; the purpose is authenticated, so that one sealed value does not pass for another.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Chance } from './time.ts'

export interface Sealer {
  seal(text: string): string
  /** Throws when the text was not sealed with this key for this purpose. */
  unseal(sealed: string): string
}

const nonceBytes = 12
const tagBytes = 16

/** A sealer for one purpose, its key derived from the hub's. Form: `v1.` and base64url of nonce, tag and cipher text. */
export const makeSealer = (hubKey: Buffer, purpose: string, chance: Chance): Sealer => {
  const key = Buffer.from(hkdfSync('sha256', hubKey, '', `weighhouse seal v1 ${purpose}`, 32))
  return {
    seal(text) {
      const nonce = chance.bytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = cipher.update(text, 'utf8', 'hex') + cipher.final('hex')
      const whole = Buffer.from(
        nonce.toString('hex') + cipher.getAuthTag().toString('hex') + body,
        'hex',
      )
      return `v1.${whole.toString('base64url')}`
    },
    unseal(sealed) {
      if (!sealed.startsWith('v1.')) throw new Error('not a sealed value')
      const bytes = Buffer.from(sealed.slice(3), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes))
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      const body = bytes.subarray(nonceBytes + tagBytes)
      return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
    },
  }
}
