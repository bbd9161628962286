/**
 * Where an app may have people sent back to. Compared as texts, letter for letter, so that no two readers of a URL can disagree about what
 * was meant; of loopback addresses alone the port is left out (RFC 8252, 7.3).
 */
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'

const printable = /^[\x21-\x7e]+$/
// A host as it may stand in a header of ours: `;` and quotes are left out on purpose.
const web = /^https:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:[/?].*)?$/
const loopback = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?((?:[/?].*)?)$/
// A name of a domain turned round, which nobody else has (RFC 8252, 7.1).
const privateUse = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:.*$/

const isSafe = (uri: string): boolean =>
  printable.test(uri) && !/["#'<>\\^`{|}]/.test(uri) && !uri.includes('*')

/** Errors: `invalid`, with what is expected. */
export const refuseRedirect = (uri: string): void => {
  const isKnown = web.test(uri) || loopback.test(uri) || privateUse.test(uri)
  if (isKnown && isSafe(uri) && uri.length <= limits.redirectUriCharsMax) return
  throw new HubError(
    'invalid',
    `A redirect URI begins with https://, with http:// on 127.0.0.1, [::1] or localhost, or with a scheme of the app such as com.example.app:, and has no fragment, user name or wildcard; found "${uri.slice(0, 200)}".`,
    { reason: 'redirect_uri' },
  )
}

const withoutPort = (uri: string): string => {
  const found = loopback.exec(uri)
  return found === null ? uri : `http://${found[1]}${found[2]}`
}

/** Is this one of the registered? */
export const isRegistered = (uri: string, registered: readonly string[]): boolean =>
  isSafe(uri) &&
  uri.length <= limits.redirectUriCharsMax &&
  registered.some((one) => one === uri || withoutPort(one) === withoutPort(uri))

/** The start of a redirect URI, for people and for a page's policy: what it leads to, without the path. */
export const targetOf = (uri: string): string =>
  /^https?:\/\/[^/?]+/.exec(uri)?.[0] ?? uri.slice(0, uri.indexOf(':') + 1)
