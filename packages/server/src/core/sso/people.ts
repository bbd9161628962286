/** What a provider says of a person, and the names that a new account is tried under. */
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { OpenIdClaims } from '../ports/openid.ts'
import type { SsoSettings } from './settings.ts'

export interface Person {
  /** All that identifies them: never reassigned by the provider, unlike names and addresses. */
  readonly subject: string
  readonly email: string | undefined
  readonly isEmailVerified: boolean
  readonly fullName: string | undefined
  readonly userName: string | undefined
  readonly groups: ReadonlySet<string>
}

/** Says no with a sentence for the person; `reason` goes into the trail, beside which provider it was. */
export type Refuse = (reason: string, message: string, cause?: unknown) => HubError

const textMax = 255

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, textMax) : undefined

const groupsOf = (claims: OpenIdClaims, claim: string, refuse: Refuse): Set<string> => {
  const value = claims[claim]
  // OpenID Connect Core 1.0 §5.6.2: the claim is somewhere else, as one company does when there are many groups. None would be a lie.
  const elsewhere = claims['_claim_names']
  if (value === undefined && typeof elsewhere === 'object' && elsewhere !== null) {
    if (claim in elsewhere) {
      throw refuse(
        'groups_left_out',
        'Your provider sent too many groups to list them. Its administrator must limit the groups it sends to this hub.',
      )
    }
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length > limits.ssoGroupsMax) {
    throw refuse('too_many_groups', `More than ${limits.ssoGroupsMax} groups are not read.`)
  }
  return new Set(list.filter((one): one is string => typeof one === 'string'))
}

/** Errors: those that `refuse` makes, for a person whom nothing identifies or who is not let in. */
export const personOf = (claims: OpenIdClaims, settings: SsoSettings, refuse: Refuse): Person => {
  const { sub } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > textMax) {
    throw refuse('no_subject', 'Your provider did not say who you are. Tell its administrator.')
  }
  const email = textOf(claims['email'])
  const isEmailVerified = claims['email_verified'] === true
  const domain = email?.slice(email.lastIndexOf('@') + 1).toLowerCase()
  const { mailDomains } = settings
  const isLetIn = domain !== undefined && isEmailVerified && mailDomains.includes(domain)
  if (mailDomains.length > 0 && !isLetIn) {
    throw refuse(
      'wrong_mail_domain',
      `Only verified addresses at ${mailDomains.slice(0, 5).join(', ')} are let in here.`,
    )
  }
  return {
    subject: sub,
    email,
    isEmailVerified,
    fullName: textOf(claims['name']),
    userName: textOf(claims['preferred_username']),
    groups: groupsOf(claims, settings.groupsClaim, refuse),
  }
}

const longest = 36

/** Letters, digits and single signs between them; undefined when too little is left. */
const cleaned = (text: string | undefined): string | undefined => {
  const [local = ''] = (text ?? '').split('@')
  const name = local
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_.-]+/g, '')
    .replace(/[-.]{2,}/g, '-')
    .slice(0, longest)
    .replace(/^[-.]+|[-.]+$/g, '')
  return name.length >= 2 ? name : undefined
}

/** In the order they are tried: what the person is called, then the same with a number. */
export const namesFor = ({ userName, email, fullName }: Person): string[] => {
  const plain = [userName, email, fullName?.replaceAll(/\s+/g, '-')].flatMap((text) => {
    const name = cleaned(text)
    return name === undefined ? [] : [name]
  })
  const [first = 'person'] = plain
  const numbered = Array.from({ length: limits.ssoNamesTriedMax }, (_, at) => `${first}-${at + 2}`)
  return [...new Set([...plain, ...numbered])].slice(0, limits.ssoNamesTriedMax)
}
