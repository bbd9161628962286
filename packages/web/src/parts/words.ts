/** Words for numbers and times, as the design's section 10 has them. */

const thin = '\u202f'

/** Groups of three, apart by a narrow space in every language, so that nobody reads 1.204 as 1,204. */
export const grouped = (value: number): string => {
  const [whole = '', part] = Math.abs(value).toString().split('.')
  const digits = whole.replaceAll(/\B(?=(\d{3})+$)/g, thin)
  return `${value < 0 ? '−' : ''}${digits}${part === undefined ? '' : `.${part}`}`
}

const threeDigits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

const scaled = (value: number, units: readonly string[], below: number): string => {
  let unit = 0
  let rest = value
  // What would be rounded up to 1000 belongs to the next unit.
  while (rest >= below && unit < units.length - 1) {
    rest /= 1000
    unit += 1
  }
  const shown = unit === 0 ? String(Math.round(rest)) : threeDigits(rest)
  return `${shown} ${units[unit] ?? ''}`.trimEnd()
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Decimal, three digits: 681 B, 9.40 kB, 4.95 GB. */
export const sizeWords = (bytes: number): string => scaled(bytes, sizeUnits, 999.5)

/** All that is known: for hover and focus. */
export const sizeExact = (bytes: number): string => {
  const gib = bytes / 2 ** 30
  const exact = `${grouped(bytes)} bytes`
  return gib >= 0.1 ? `${exact}, ${gib.toFixed(2)} GiB` : exact
}

/** 82.0 M, 7.25 B; the letters of parameters, not of bytes. */
export const countWords = (count: number): string => scaled(count, ['', 'k', 'M', 'B', 'T'], 999.5)

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const dayIn = (timeZone: string | undefined): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en', {
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
    ...(timeZone === undefined ? {} : { timeZone }),
  })

let zone: string | undefined
let days = dayIn(undefined)

/** The zone of days and times on the screen; the system's where none is set, or none of that name is known. */
export const setTimeZone = (wanted: string | undefined): void => {
  try {
    days = dayIn(wanted)
    zone = wanted
  } catch {
    days = dayIn(undefined)
    zone = undefined
  }
}

/** 14:02 */
export const clockWords = (atMs: number): string =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(atMs)

/** 14 Nov 2026 */
export const dayWords = (atMs: number): string => {
  const found = new Map(days.formatToParts(atMs).map(({ type, value }) => [type, value]))
  return `${found.get('day')} ${months[Number(found.get('month')) - 1] ?? ''} ${found.get('year')}`
}

const ago = (text: string, isPast: boolean): string => (isPast ? `${text} ago` : `in ${text}`)

/** 2 h ago, in 3 d; the day itself from thirty days on. */
export const timeWords = (atMs: number, nowMs: number): string => {
  const isPast = atMs <= nowMs
  const apart = Math.abs(nowMs - atMs)
  if (apart < minuteMs) return isPast ? 'just now' : 'in a moment'
  if (apart < hourMs) return ago(`${Math.floor(apart / minuteMs)} min`, isPast)
  if (apart < dayMs) return ago(`${Math.floor(apart / hourMs)} h`, isPast)
  if (apart < 30 * dayMs) return ago(`${Math.floor(apart / dayMs)} d`, isPast)
  return dayWords(atMs)
}

/** Local and UTC, for hover. */
export const timeExact = (atMs: number): string => {
  const local = new Date(atMs).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(zone === undefined ? {} : { timeZone: zone }),
  })
  const utc = new Date(atMs).toISOString().replace('T', ' ').slice(0, 19)
  return `${local}, ${utc} UTC`
}

/** The middle cut out, so that both ends can be compared. */
export const cutMiddle = (text: string, head: number, tail: number): string =>
  text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(text.length - tail)}`

/** `text-generation` → `Text generation` */
export const taskWords = (tag: string): string => {
  const words = tag.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const licenses: Readonly<Record<string, string>> = {
  'apache-2.0': 'Apache-2.0',
  mit: 'MIT',
  other: 'Other',
  unknown: 'Unknown',
  openrail: 'OpenRAIL',
  gemma: 'Gemma',
}

/** The identifier as people write it. */
export const licenseWords = (tag: string): string =>
  licenses[tag] ?? (/^(cc|bsd|gpl|lgpl|agpl|mpl|isc|wtfpl|cc0)/.test(tag) ? tag.toUpperCase() : tag)

/** Control and direction characters as their codes: a name may not disguise itself. */
export const plainName = (name: string): string =>
  name.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (c) => `[U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  )
