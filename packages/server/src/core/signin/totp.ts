/** One-time passwords by time: RFC 6238 over RFC 4226, SHA-1, six digits, steps of 30 seconds, as every authenticator app does them. */
import { createHmac, timingSafeEqual } from 'node:crypto'

const stepMs = 30_000
const digits = 6
/** Steps before and after now that are accepted: clocks of phones are a little off. */
const drift = 1

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648, without padding. */
export const base32 = (bytes: Uint8Array): string => {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31] ?? ''
      bits -= 5
    }
  }
  return bits === 0 ? text : text + (alphabet[(value << (5 - bits)) & 31] ?? '')
}

export const stepAt = (nowMs: number): number => Math.floor(nowMs / stepMs)

/** The code of a step. */
export const codeOf = (secret: Uint8Array, step: number, length = digits): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const place = (mac.at(-1) ?? 0) & 15
  const value = mac.readUInt32BE(place) & 0x7fffffff
  return String(value % 10 ** length).padStart(length, '0')
}

/** The step around now whose code this is; undefined for none. Which one it is takes no different time. */
export const stepOf = (secret: Uint8Array, code: string, nowMs: number): number | undefined => {
  const given = Buffer.from(code.padEnd(digits).slice(0, digits))
  let found: number | undefined
  for (let step = stepAt(nowMs) - drift; step <= stepAt(nowMs) + drift; step += 1) {
    const right = Buffer.from(codeOf(secret, step))
    if (given.length === right.length && timingSafeEqual(given, right)) found = step
  }
  return code.length === digits ? found : undefined
}

/** What an authenticator app reads from a QR code or a link. */
export const otpauthUri = (secret: Uint8Array, issuer: string, name: string): string => {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(name)}`
  const issuerText = encodeURIComponent(issuer)
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${issuerText}&algorithm=SHA1&digits=${digits}&period=30`
}
