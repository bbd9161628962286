/** Text that can be kept and signed: PostgreSQL takes no zero characters, and canonical JSON no half of a pair. */
import { HubError } from '#core/kernel/errors.ts'
import { queryTextOf } from './segments.ts'

/** What every database can keep: no zero characters, no half of a pair. */
export const isPlainText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** How JSON spells what is not plain; bytes that are no UTF-8 came out of the decoder as other characters. */
const suspicious = /\\u(0000|[dD][89a-fA-F])/

/** Where it is, in the words of the schemas. Nesting is that of whoever sent it, so nothing here calls itself. */
const placeOf = (body: unknown): string | undefined => {
  const open: [string, unknown][] = [['body', body]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, value] = next
    if (typeof value === 'string' && !isPlainText(value)) return at
    if (typeof value !== 'object' || value === null) continue
    for (const [key, one] of Object.entries(value)) {
      if (!isPlainText(key)) return at
      open.push([`${at}/${key}`, one])
    }
  }
  return undefined
}

/** The refusal of a body, with the place; undefined where there is none. */
export const unplainIn = (json: string, body: unknown): HubError | undefined => {
  const at = suspicious.test(json) ? placeOf(body) : undefined
  if (at === undefined) return undefined
  return new HubError(
    'invalid',
    `${at.slice(0, 200)} holds a zero character or half of a surrogate pair, which no text may.`,
  )
}

/** The refusal of a form or a query with a zero character. */
export const zeroIn = (encoded: string, what: string): HubError | undefined =>
  encoded.includes('%00')
    ? new HubError('invalid', `The ${what} holds a zero character (%00), which no text may.`)
    : undefined

/** The refusal of an address with a zero character: nothing is named by one. */
export const zeroAt = (url: string): HubError | undefined =>
  zeroIn(queryTextOf(url), 'query') ??
  (url.includes('%00')
    ? new HubError('entry_not_found', 'There is nothing at an address with a zero character (%00).')
    : undefined)
