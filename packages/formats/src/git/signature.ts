/** Who and when, as commits and tags record it: `Name <email> seconds +hhmm`. */

export interface Signature {
  readonly name: string
  readonly email: string
  /** Milliseconds UTC, a whole second. */
  readonly atMs: number
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
}

/** The text without what would end the field early; "unknown" when nothing is left. */
export const cleanSignaturePart = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- control characters are what must go
  const cleaned = text.replace(/[\u0000-\u001f<>]/g, '').trim()
  return cleaned === '' ? 'unknown' : cleaned
}

const pad = (value: number): string => String(value).padStart(2, '0')

/** `Name <mail> seconds +zone`, with what would break the line taken out. */
export const formatSignature = (signature: Signature): string => {
  const minutes = Math.abs(signature.offsetMinutes)
  const sign = signature.offsetMinutes < 0 ? '-' : '+'
  const zone = `${sign}${pad(Math.floor(minutes / 60))}${pad(minutes % 60)}`
  return `${cleanSignaturePart(signature.name)} <${cleanSignaturePart(signature.email)}> ${Math.floor(signature.atMs / 1000)} ${zone}`
}

/** Lenient, because histories hold odd ones: what cannot be read is empty or the epoch. */
export const parseSignature = (text: string): Signature => {
  const open = text.indexOf('<')
  const close = text.lastIndexOf('>')
  const name = (open === -1 ? text : text.slice(0, open)).trim()
  const email = open === -1 || close < open ? '' : text.slice(open + 1, close).trim()
  const when = /^\s*(\d{1,15})(?:\s+([+-])(\d{2})(\d{2}))?/.exec(text.slice(close + 1))
  const minutes = Number(when?.[3] ?? 0) * 60 + Number(when?.[4] ?? 0)
  return {
    name,
    email,
    // Seconds so large that a Date cannot hold them are taken as the epoch.
    atMs: Number(when?.[1] ?? 0) <= 8.64e12 ? Number(when?.[1] ?? 0) * 1000 : 0,
    offsetMinutes: when?.[2] === '-' && minutes !== 0 ? -minutes : minutes,
  }
}
