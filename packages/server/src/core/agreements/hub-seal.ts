/** The hub's own seal: what it says for itself, such as that something was said. */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto'
import { signedBytes } from '@weighhouse/formats/dsse/envelope.ts'

/** The hub's own key, for statements: derived from its secret, so that it is the same on every instance. */
export const makeHubSeal = (hubKey: Buffer) => {
  const seed = Buffer.from(hkdfSync('sha256', hubKey, '', 'weighhouse hub seal v1', 32))
  const der = Buffer.from(`302e020100300506032b657004220420${seed.toString('hex')}`, 'hex')
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = String(createPublicKey(key).export({ format: 'jwk' }).x)
  const keyid = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex')
  return {
    publicKey,
    keyid,
    sign: (payloadType: string, payload: Uint8Array) => ({
      keyid,
      signature: sign(null, signedBytes(payloadType, payload), key),
    }),
  }
}

export type HubSeal = ReturnType<typeof makeHubSeal>
