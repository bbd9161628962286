/**
 * DSSE v1 envelopes (https://github.com/secure-systems-lab/dsse, 1.0.2): a payload, its type, and signatures over both together, so that
 * one kind of statement never passes for another. Signatures are Ed25519; a key id is a hint that nobody has signed.
 */
import { FormatError } from '../error.ts'

export interface Signature {
  readonly keyid: string
  /** Base64. */
  readonly sig: string
}

export interface Envelope {
  readonly payloadType: string
  /** Base64. */
  readonly payload: string
  readonly signatures: readonly Signature[]
}

const payloadBytesMax = 4 * 1024 * 1024
const signaturesMax = 100
const textCharsMax = 256
const signatureBytes = 64

const encoder = new TextEncoder()

/** What is signed: `DSSEv1 SP len(type) SP type SP len(body) SP body`, lengths in bytes. */
export const signedBytes = (payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> => {
  const type = encoder.encode(payloadType)
  const head = encoder.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `)
  const all = new Uint8Array(head.length + payload.length)
  all.set(head)
  all.set(payload, head.length)
  return all
}

const base64Form = /^[A-Za-z0-9+/_-]*={0,2}$/

/** Standard and URL-safe letters, as the specification asks of readers. Throws FormatError. */
const fromBase64 = (text: string, at: string): Uint8Array<ArrayBuffer> => {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/')
  if (base64Form.test(text)) {
    try {
      return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0))
    } catch {
      // The length does not fit: said below.
    }
  }
  throw new FormatError(`${at}: expected base64, found "${text.slice(0, 40)}"`)
}

const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** An envelope around a payload and signatures over its `signedBytes`, 64 bytes each. */
export const makeEnvelope = (
  payloadType: string,
  payload: Uint8Array,
  signatures: readonly { readonly keyid: string; readonly signature: Uint8Array }[],
): Envelope => ({
  payloadType,
  payload: toBase64(payload),
  signatures: signatures.map(({ keyid, signature }) => ({ keyid, sig: toBase64(signature) })),
})

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= textCharsMax

/** Throws FormatError. Members that the specification does not know are passed over, as it asks. */
export const parseEnvelope = (value: unknown): Envelope => {
  // A cast because each member is looked at below.
  const { payloadType, payload, signatures } = (value ?? {}) as Record<string, unknown>
  if (!isText(payloadType)) throw new FormatError('envelope: expected a payloadType')
  if (typeof payload !== 'string' || payload.length > (payloadBytesMax * 4) / 3 + 4) {
    throw new FormatError(`envelope: expected a payload of at most ${payloadBytesMax} bytes`)
  }
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > signaturesMax) {
    throw new FormatError(`envelope: expected 1 to ${signaturesMax} signatures`)
  }
  return {
    payloadType,
    payload,
    signatures: signatures.map((one: unknown) => {
      const { keyid = '', sig } = (one ?? {}) as Record<string, unknown>
      if (typeof keyid !== 'string' || keyid.length > textCharsMax || !isText(sig)) {
        throw new FormatError('envelope: expected a keyid and a sig in each signature')
      }
      return { keyid, sig }
    }),
  }
}

/** A key that the reader trusts for this statement, by what it knows and not by what the envelope says. */
export interface TrustedKey {
  readonly id: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
}

export interface Verified {
  /** What was signed: use these bytes and nothing that was parsed before. */
  readonly payload: Uint8Array<ArrayBuffer>
  /** Ids of the trusted keys that signed, each once. */
  readonly signedBy: readonly string[]
}

/**
 * Which of the trusted keys have signed an envelope of the expected type. Whether they are enough is for the caller to say. Throws
 * FormatError for another type and for bytes that do not parse; a wrong signature is none.
 */
export const verifyEnvelope = async (
  envelope: Envelope,
  expectedType: string,
  keys: readonly TrustedKey[],
): Promise<Verified> => {
  if (envelope.payloadType !== expectedType) {
    const found = envelope.payloadType.slice(0, 100)
    throw new FormatError(`envelope: expected the type ${expectedType}, found ${found}`)
  }
  const payload = fromBase64(envelope.payload, 'envelope payload')
  const signed = signedBytes(envelope.payloadType, payload)
  const signatures = envelope.signatures.map(({ sig }) => fromBase64(sig, 'envelope sig'))
  const signedBy: string[] = []
  for (const { id, publicKey } of keys) {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    for (const signature of signatures) {
      if (signature.length !== signatureBytes) continue
      if (!(await crypto.subtle.verify('Ed25519', key, signature, signed))) continue
      signedBy.push(id)
      break
    }
  }
  return { payload, signedBy }
}
