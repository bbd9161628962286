/** What a cell says, in few words: values by what they mean, bytes as what they begin with. */
import type { Cell } from './rows.ts'
import type { Meaning, SchemaNode, TimeUnit } from './schema.ts'
import type { Raw } from './values.ts'

/** Of one cell; what is longer is cut. */
const charsMax = 400
const bytesShown = 16
const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
}

const hex = (bytes: Uint8Array): string =>
  [...bytes.subarray(0, bytesShown)].map((one) => one.toString(16).padStart(2, '0')).join(' ')

const binary = (bytes: Uint8Array): string =>
  `${bytes.length} bytes${bytes.length === 0 ? '' : `: ${hex(bytes)}${bytes.length > bytesShown ? ' …' : ''}`}`

const textBytesMax = charsMax * 4
const lossy = new TextDecoder()

const textOf = (bytes: Uint8Array): string => lossy.decode(bytes.subarray(0, textBytesMax))

/** Big-endian, two's complement, as decimals are stored. */
const integerOf = (raw: Raw): bigint => {
  if (typeof raw === 'bigint') return raw
  if (!(raw instanceof Uint8Array)) return BigInt(Number(raw))
  let value = 0n
  for (const byte of raw.subarray(0, 64)) value = value * 256n + BigInt(byte)
  return BigInt.asIntN(8 * Math.min(64, raw.length), value)
}

const digitsMax = 400

const decimal = (raw: Raw, scale: number): string => {
  const value = integerOf(raw)
  if (scale <= 0 || scale > digitsMax) return `${value}${scale === 0 ? '' : `e${-scale}`}`
  const sign = value < 0n ? '-' : ''
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const half = (raw: Raw): string => {
  if (!(raw instanceof Uint8Array) || raw.length !== 2) return ''
  const bits = (raw[0] ?? 0) + (raw[1] ?? 0) * 256
  const sign = bits >> 15 === 1 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return String(fraction === 0 ? sign * Infinity : NaN)
  const value = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return String(sign * value)
}

const instantMax = 8_640_000_000_000_000

const dateWords = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const fraction = (rest: bigint, unit: TimeUnit): string => {
  if (rest === 0n) return ''
  const digits = rest.toString().padStart(perSecond[unit].toString().length - 1, '0')
  return `.${digits.replace(/0+$/, '')}`
}

const timestamp = (value: bigint, unit: TimeUnit): string => {
  const each = perSecond[unit]
  const rest = ((value % each) + each) % each
  const ms = Number((value - rest) / each) * 1_000
  if (Math.abs(ms) > instantMax) return `${value} ${unit}`
  return `${new Date(ms).toISOString().slice(0, -5).replace('T', ' ')}${fraction(rest, unit)}`
}

const timeOfDay = (value: bigint, unit: TimeUnit): string => {
  const each = perSecond[unit]
  const seconds = Number(value / each)
  const two = (number: number): string => String(number).padStart(2, '0')
  const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return clock.map(two).join(':') + fraction(value % each, unit)
}

const uuid = (bytes: Uint8Array): string =>
  [...bytes]
    .map((one) => one.toString(16).padStart(2, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const julianEpoch = 2_440_588n

/** Nanoseconds of the day, and the day: how older writers stored instants. */
const int96 = (bytes: Uint8Array): string => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const days = BigInt(view.getInt32(8, true)) - julianEpoch
  return timestamp(days * 86_400n * perSecond.ns + view.getBigInt64(0, true), 'ns')
}

const integer = (raw: Raw, meaning: Extract<Meaning, { kind: 'integer' }>): string => {
  const value = integerOf(raw)
  return String(meaning.isSigned ? value : BigInt.asUintN(Math.max(1, meaning.bits), value))
}

const valueWords = ({ type, meaning }: SchemaNode, raw: Raw): string => {
  if (type === 'INT96' && raw instanceof Uint8Array) return int96(raw)
  const isBytes = raw instanceof Uint8Array
  switch (meaning?.kind) {
    case 'string':
    case 'json':
      return isBytes ? textOf(raw) : String(raw)
    case 'decimal':
      return decimal(raw, meaning.scale)
    case 'integer':
      return isBytes ? binary(raw) : integer(raw, meaning)
    case 'date': {
      const ms = Number(raw) * 86_400_000
      return isBytes || Math.abs(ms) > instantMax ? String(raw) : dateWords(ms)
    }
    case 'time':
      return isBytes ? binary(raw) : timeOfDay(integerOf(raw), meaning.unit)
    case 'timestamp':
      return isBytes ? binary(raw) : timestamp(integerOf(raw), meaning.unit)
    case 'uuid':
      return isBytes && raw.length === 16 ? uuid(raw) : binary(isBytes ? raw : new Uint8Array())
    case 'float16':
      return half(raw)
    default:
      return isBytes ? binary(raw) : String(type === 'FLOAT' ? Math.fround(Number(raw)) : raw)
  }
}

const floatDigits = 7

/** A 32-bit number has seven digits that mean something. */
const floatWords = (raw: Raw): string => String(Number(Number(raw).toPrecision(floatDigits)))

const quotedKinds: ReadonlySet<string | undefined> = new Set(['string', 'json', 'uuid'])

/** Writes into an allowance of characters, and stops where it ends: a list of a million says no more than its beginning. */
const write = (cell: Cell, out: { text: string }, isInside: boolean): void => {
  if (out.text.length > charsMax) return
  if (cell === null) out.text += 'null'
  else if (cell.kind === 'value') {
    const { leaf, raw } = cell
    const words =
      leaf.type === 'FLOAT' && leaf.meaning === undefined ? floatWords(raw) : valueWords(leaf, raw)
    out.text += isInside && quotedKinds.has(leaf.meaning?.kind) ? JSON.stringify(words) : words
  } else if (cell.kind === 'list') {
    out.text += '['
    writeEach(cell.items, out, (item) => write(item, out, true))
    out.text += ']'
  } else {
    const pairs: readonly (readonly [string | Cell, Cell])[] =
      cell.kind === 'map' ? cell.pairs : cell.parts
    out.text += '{'
    writeEach(pairs, out, ([name, value]) => {
      if (typeof name === 'string') out.text += name
      else write(name, out, true)
      out.text += ': '
      write(value, out, true)
    })
    out.text += '}'
  }
}

const writeEach = <T>(
  items: readonly T[],
  out: { text: string },
  each: (item: T) => void,
): void => {
  for (const [at, item] of items.entries()) {
    if (out.text.length > charsMax) return
    if (at > 0) out.text += ', '
    each(item)
  }
}

/** Null for nothing: it is not the text "null". */
export const cellText = (cell: Cell): string | null => {
  if (cell === null) return null
  const out = { text: '' }
  write(cell, out, false)
  return out.text.length > charsMax ? `${out.text.slice(0, charsMax)}…` : out.text
}
