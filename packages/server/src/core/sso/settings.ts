/** What is set of a provider, and what may be. */
import type { RoleName } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'

/** Who is in the group gets this role, or a place in this team. Names count in any letter case; those of groups exactly. */
export type SsoRule =
  | { readonly group: string; readonly org: string; readonly role: RoleName }
  | { readonly group: string; readonly org: string; readonly team: string }

export interface SsoSettings {
  /** Words with spaces between them, `openid` among them. */
  readonly scopes: string
  readonly groupsClaim: string
  readonly rules: readonly SsoRule[]
  /** Only people whose e-mail address the provider has verified and that ends so are let in; everybody when there are none. */
  readonly mailDomains: readonly string[]
  /** Does a person who comes for the first time get an account? Else they link one that they have. */
  readonly createsAccounts: boolean
}

export const defaultSettings: SsoSettings = {
  scopes: 'openid profile email',
  groupsClaim: 'groups',
  rules: [],
  mailDomains: [],
  createsAccounts: false,
}

const textMax = 256
const nameForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/
const domainForm = /^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/

const invalid = (message: string): HubError => new HubError('invalid', message)

/** Errors: `invalid`. */
export const refuseProviderName = (name: string): void => {
  if (nameForm.test(name)) return
  throw invalid(
    `A provider is named by 1 to 64 letters, digits, "-" and "_", found "${name.slice(0, 100)}".`,
  )
}

/** Errors: `invalid`. Whether the address may be reached, the way out says. */
export const refuseIssuer = (issuer: string): void => {
  const url = URL.parse(issuer)
  const isSound =
    url !== null &&
    ['https:', 'http:'].includes(url.protocol) &&
    url.username + url.password + url.search + url.hash === '' &&
    !issuer.includes('/.well-known/') &&
    issuer.length <= 1_024
  if (isSound) return
  throw invalid(
    `An issuer is a URL such as https://login.example.org/realms/acme, without what follows its path; found "${issuer.slice(0, 200)}".`,
  )
}

/** Errors: `invalid`. `orgName` is the organisation whose provider it is: its rules speak of no other. */
export const refuseSettings = (settings: SsoSettings, orgName: string | undefined): void => {
  const { scopes, groupsClaim, rules, mailDomains } = settings
  const words = scopes.split(' ')
  if (!words.includes('openid') || !/^[\x21\x23-\x5b\x5d-\x7e ]{1,512}$/.test(scopes)) {
    throw invalid(`Scopes are words such as "openid profile email", found "${scopes}".`)
  }
  if (groupsClaim === '' || groupsClaim.length > textMax) {
    throw invalid(`The claim that holds the groups is named by 1 to ${textMax} characters.`)
  }
  if (rules.length > limits.ssoRulesMax || mailDomains.length > limits.ssoDomainsMax) {
    throw invalid(
      `At most ${limits.ssoRulesMax} rules and ${limits.ssoDomainsMax} domains are kept.`,
    )
  }
  const wrong = mailDomains.find((domain) => !domainForm.test(domain))
  if (wrong !== undefined) {
    throw invalid(`A domain such as example.org is expected, found "${wrong.slice(0, 100)}".`)
  }
  for (const { group, org } of rules) {
    if (group === '' || group.length > textMax) {
      throw invalid(`A group is named by 1 to ${textMax} characters.`)
    }
    if (orgName !== undefined && org.toLowerCase() !== orgName.toLowerCase()) {
      throw invalid(
        `A provider of ${orgName} gives access to ${orgName} only; a rule speaks of "${org}".`,
      )
    }
  }
}
