/** Keys that an organisation brings: what is signed to show that somebody holds one, and reading one from the files that tools write. */
import { FormatError } from '../error.ts'

/** What a brought key signs to show that somebody holds its private part. */
export const possessionText = (orgId: string, publicKey: string): string =>
  `weighhouse key possession v1\n${orgId}\n${publicKey}\n`

/** What a recovery key signs to put a new seal in place. */
export const recoveryText = (orgId: string, publicKey: string): string =>
  `weighhouse seal recovery v1\n${orgId}\n${publicKey}\n`

const keyBytes = 32
const signatureBytes = 64
/** SubjectPublicKeyInfo of Ed25519 (RFC 8410, section 4), before the 32 bytes of the key. */
const spkiHead = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]

const toBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const fromBase64 = (text: string): Uint8Array | undefined => {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.codePointAt(0) ?? 0)
  } catch {
    return undefined
  }
}

const pemForm = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/

/** The public key of an Ed25519 key in PEM, as base64url of its 32 bytes. Errors: `FormatError`, also for a private key. */
export const publicKeyInPem = (text: string): string => {
  if (text.includes('PRIVATE KEY')) {
    throw new FormatError('This file holds a private key: it stays with you. Give the public key.')
  }
  const der = fromBase64(pemForm.exec(text)?.[1]?.replaceAll(/\s/g, '') ?? '')
  const isOurs =
    der?.length === spkiHead.length + keyBytes && spkiHead.every((byte, i) => der[i] === byte)
  if (der === undefined || !isOurs) {
    throw new FormatError('A public Ed25519 key in PEM is expected: "BEGIN PUBLIC KEY".')
  }
  return toBase64url(der.subarray(spkiHead.length))
}

/** A signature as tools write it: its 64 bytes. As base64url. Errors: `FormatError`. */
export const signatureInFile = (bytes: Uint8Array): string => {
  if (bytes.length === signatureBytes) return toBase64url(bytes)
  throw new FormatError(
    `An Ed25519 signature has ${signatureBytes} bytes, this file has ${bytes.length}.`,
  )
}
