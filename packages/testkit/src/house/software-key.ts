/** An authenticator in software: ES256, attestation `none`, and every lie a test may want to tell. WebAuthn Level 3, sections 6 and 7. */
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest()
const b64 = (data: Buffer | string): string => Buffer.from(data).toString('base64url')

/** CBOR of what is needed here: small integers, texts, bytes, maps. RFC 8949. */
const head = (major: number, value: number): Buffer => {
  if (value < 24) return Buffer.from([(major << 5) | value])
  if (value < 256) return Buffer.from([(major << 5) | 24, value])
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255])
}

type Value = number | string | Buffer | readonly (readonly [number | string, Value])[]

const cbor = (value: Value): Buffer => {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return joined([head(3, Buffer.byteLength(value)), value])
  if (Buffer.isBuffer(value)) return joined([head(2, value.length), value])
  return joined([head(5, value.length), ...value.flatMap(([k, v]) => [cbor(k), cbor(v)])])
}

const joined = (parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.from(parts.map((part) => Buffer.from(part).toString('hex')).join(''), 'hex')

export interface Lies {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  /** Was a person there, and did the device ask who? */
  readonly flags?: number
  readonly counter?: number
  /** Signs something else. */
  readonly forged?: boolean
  readonly userHandle?: string
  readonly id?: string
}

const presentAndVerified = 0x05
const withCredential = 0x40

export const makeSoftwareKey = (site = 'http://localhost') => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  const cose = cbor([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(jwk.x ?? '', 'base64url')],
    [-3, Buffer.from(jwk.y ?? '', 'base64url')],
  ])
  let counter = 0
  let handle = ''

  const clientData = (type: string, challenge: string, lies: Lies): string =>
    JSON.stringify({
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? site,
      crossOrigin: false,
    })

  const authData = (flags: number, lies: Lies): Buffer => {
    counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(lies.counter ?? counter)
    return joined([sha256(lies.rpId ?? new URL(site).hostname), Buffer.from([flags]), count])
  }

  return {
    id: b64(id),

    /** Answers the options of a new passkey. */
    create(options: { challenge: string; user: { id: string } }, lies: Lies = {}) {
      handle = options.user.id
      const data = joined([
        authData((lies.flags ?? presentAndVerified) | withCredential, lies),
        Buffer.alloc(16),
        Buffer.from([0, id.length]),
        id,
        cose,
      ])
      const attestation = cbor([
        ['fmt', 'none'],
        ['attStmt', []],
        ['authData', data],
      ])
      return {
        id: b64(id),
        rawId: b64(id),
        type: 'public-key',
        response: {
          clientDataJSON: b64(clientData('webauthn.create', options.challenge, lies)),
          attestationObject: b64(attestation),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      }
    },

    /** Answers the options of a sign-in or a proof. */
    get(options: { challenge: string }, lies: Lies = {}) {
      const client = clientData('webauthn.get', options.challenge, lies)
      const data = authData(lies.flags ?? presentAndVerified, lies)
      const signed = lies.forged === true ? randomBytes(64) : joined([data, sha256(client)])
      return {
        id: lies.id ?? b64(id),
        rawId: lies.id ?? b64(id),
        type: 'public-key',
        response: {
          clientDataJSON: b64(client),
          authenticatorData: b64(data),
          signature: b64(createSign('sha256').update(signed).sign(privateKey)),
          userHandle: lies.userHandle ?? handle,
        },
        clientExtensionResults: {},
      }
    },
  }
}

export type SoftwareKey = ReturnType<typeof makeSoftwareKey>
