/** Characters that no text holds which people sign: those that nobody sees, and those that show it in another order than it has. */
import { FormatError } from '../error.ts'

/**
 * Controls but line ends and tabs, soft hyphens, spaces without width, overrides and isolates of direction, tags. Joiners and marks of
 * direction stay, since Arabic, Hebrew, Persian and Indic texts need them.
 */
const unseen =
  /(?![\t\n\r])\p{Cc}|[\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const look = (value: unknown, at: string): void => {
  if (typeof value === 'string') {
    const [found] = unseen.exec(value) ?? []
    if (found !== undefined) {
      throw new FormatError(
        `${at}: expected a text of which every character is seen where it stands, found ${nameOf(found)}`,
      )
    }
    if (!value.isWellFormed()) {
      throw new FormatError(`${at}: expected Unicode text, found half a surrogate pair`)
    }
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    look(name, at)
    look(member, at === '' ? name : `${at}.${name}`)
  }
}

/** Is every character of it seen where it stands? */
export const isSeen = (text: string): boolean => text.isWellFormed() && !unseen.test(text)

/** Looks at every text of a JSON value, however deep its reader lets it be. Throws FormatError with the place. */
export const refuseUnseen = (value: object): void => look(value, '')
