/** Readers for JSON that is part of what is signed: strict, so that nothing unknown is passed over, and with the place in each refusal. */
import { FormatError } from '../error.ts'

/** Throws FormatError that names the place, what was expected and what was found. */
export const fail = (at: string, expected: string, found: unknown): never => {
  const shown = JSON.stringify(found) ?? 'nothing'
  throw new FormatError(`${at}: expected ${expected}, found ${shown.slice(0, 100)}`)
}

/** An object with these members and no others. */
export const object = (
  value: unknown,
  at: string,
  known: readonly string[],
): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail(at, 'an object', value)
  }
  const stranger = Object.keys(value).find((key) => !known.includes(key))
  if (stranger !== undefined) fail(at, `members among ${known.join(', ')}`, stranger)
  // A cast because it was looked at above.
  return value as Record<string, unknown>
}

/** A list of at most so many. */
export const list = (value: unknown, at: string, most: number): readonly unknown[] =>
  Array.isArray(value) && value.length <= most
    ? value
    : fail(at, `a list of at most ${most}`, Array.isArray(value) ? value.length : value)

/** A text that is not empty. */
export const text = (value: unknown, at: string, most = 500): string =>
  typeof value === 'string' && value.length > 0 && value.length <= most
    ? value
    : fail(at, `a text of 1 to ${most} characters`, value)

/** One of the words. */
export const word = <const T extends string>(value: unknown, at: string, among: readonly T[]): T =>
  among.find((one) => one === value) ?? fail(at, `one of ${among.join(', ')}`, value)

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** UTC, whole seconds, a day that exists. */
export const isInstant = (value: string): boolean =>
  instantForm.test(value) &&
  !Number.isNaN(Date.parse(value)) &&
  new Date(value).toISOString().slice(0, 19) === value.slice(0, 19)

/** A day, or an instant that says its zone: without one it would be read in that of the machine. Years are of four digits. */
const dateForm = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Milliseconds; a day alone begins in UTC. Undefined for what is no date, and for 30 February, which the platform takes for 2 March. */
export const dateMs = (value: string): number | undefined => {
  const day = dateForm.exec(value)?.[1] ?? ''
  const dayMs = Date.parse(day)
  const atMs = Date.parse(value)
  if (Number.isNaN(dayMs) || Number.isNaN(atMs)) return undefined
  return new Date(dayMs).toISOString().startsWith(day) ? atMs : undefined
}
