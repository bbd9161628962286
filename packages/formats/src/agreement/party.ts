/** A party as the body of an agreement names it. The hub fills this in, never the writer. */
import { fail, list, object, text, word } from '../json/read.ts'
import { isCountryCode } from '../terms/vocabulary.ts'
import type { PartyRole } from './statement.ts'

export interface BodyParty {
  readonly org: string
  /** Its name on the hub when this was written. */
  readonly name: string
  readonly role: PartyRole
  readonly legalName: string
  readonly seat: string
  /** That it had proved to be its own when this was written. */
  readonly domains?: readonly string[]
  /** Public keys that sign for it: Ed25519, base64url. A signature by any other binds nobody. */
  readonly keys: readonly string[]
}

const keysMax = 10
const domainsMax = 20
const keyForm = /^[A-Za-z0-9_-]{43}$/

/** Throws FormatError. */
export const parseParty = (value: unknown, at: string): BodyParty => {
  const known = ['org', 'name', 'role', 'legalName', 'seat', 'domains', 'keys']
  const members = object(value, at, known)
  const seat = text(members['seat'], `${at}.seat`)
  if (!isCountryCode(seat)) fail(`${at}.seat`, 'a country code of two letters', seat)
  const keys = list(members['keys'], `${at}.keys`, keysMax).map((key, i) => {
    const isKey = typeof key === 'string' && keyForm.test(key)
    return isKey ? key : fail(`${at}.keys[${i}]`, 'an Ed25519 public key in base64url', key)
  })
  return {
    org: text(members['org'], `${at}.org`),
    name: text(members['name'], `${at}.name`),
    role: word(members['role'], `${at}.role`, ['provider', 'consumer', 'member', 'coordinator']),
    legalName: text(members['legalName'], `${at}.legalName`),
    seat,
    ...(members['domains'] === undefined
      ? {}
      : {
          domains: list(members['domains'], `${at}.domains`, domainsMax).map((one, i) =>
            text(one, `${at}.domains[${i}]`),
          ),
        }),
    keys,
  }
}
