/** People between the wire and the core: what a directory sends, and how the hub shows them. */
import type { DirectoryUser, RoleName, UserWish } from '#core/hub.ts'
import { isoDate } from '#core/kernel/time.ts'
import { cleaned, isObject, type Json, memberOf, scimError } from './attributes.ts'
import { enterpriseAttributes, externalId, urns, userAttributes } from './schemas.ts'

const userNameCharsMax = 256

const rolesGiven: readonly Exclude<RoleName, 'admin'>[] = [
  'maintainer',
  'write',
  'contributor',
  'read',
  'auditor',
]

const itemsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** The primary one first. */
const valuesOf = (items: unknown): string[] =>
  itemsOf(items)
    .toSorted((a, b) => Number(b['primary'] === true) - Number(a['primary'] === true))
    .map((one) => one['value'])
    .filter((one) => typeof one === 'string')

/** The first role of this hub that is named; none makes an administrator. */
const roleIn = (attributes: object): Exclude<RoleName, 'admin'> | undefined =>
  isObject(attributes)
    ? valuesOf(attributes['roles'])
        .map((value) => rolesGiven.find((role) => role === value.toLowerCase()))
        .find((role) => role !== undefined)
    : undefined

const fullNameOf = ({ displayName, name }: Json): string | undefined => {
  if (typeof displayName === 'string') return displayName
  if (!isObject(name)) return undefined
  if (typeof name['formatted'] === 'string') return name['formatted']
  const parts = [name['givenName'], name['familyName']].filter((one) => typeof one === 'string')
  return parts.length === 0 ? undefined : parts.join(' ')
}

/**
 * What a directory says of a person; `before` is what it said until now. Errors: `invalid` (details.scimType).
 */
export const parseUser = (given: Json, before?: DirectoryUser): UserWish => {
  const { userName, active, ...attributes } = cleaned(userAttributes, given)
  const id = cleaned([externalId], given)['externalId']
  const extension = memberOf(given, urns.enterprise)
  const enterprise = isObject(extension) ? cleaned(enterpriseAttributes, extension) : {}
  if (typeof userName !== 'string') {
    throw scimError('invalidValue', '"userName" is expected, found none.')
  }
  if (userName.length > userNameCharsMax) {
    throw scimError('invalidValue', `"userName" has at most ${userNameCharsMax} characters.`)
  }
  const role = roleIn(attributes)
  const hadRole = before !== undefined && roleIn(before.attributes) !== undefined
  return {
    userName,
    externalId: typeof id === 'string' ? id : undefined,
    isActive: typeof active === 'boolean' ? active : undefined,
    fullName: fullNameOf(attributes),
    emails: valuesOf(attributes['emails']),
    // A role that the directory takes back leaves the least.
    role: role ?? (hadRole ? 'read' : undefined),
    attributes: {
      ...attributes,
      ...(Object.keys(enterprise).length === 0 ? {} : { [urns.enterprise]: enterprise }),
    },
  }
}

/** What may be changed of a person: what a PATCH works on. */
export const writableUser = (user: DirectoryUser): Json => ({
  ...(user.externalId === undefined ? {} : { externalId: user.externalId }),
  userName: user.userName,
  ...user.attributes,
  active: user.isActive,
})

/** `base` is the URL of this organisation's SCIM. */
export const formatUser = (user: DirectoryUser, base: string): Json => ({
  schemas: [urns.user, ...(urns.enterprise in user.attributes ? [urns.enterprise] : [])],
  id: user.id,
  ...writableUser(user),
  ...(user.groups.length === 0
    ? {}
    : {
        groups: user.groups.map(({ id, displayName }) => ({
          value: id,
          $ref: `${base}/Groups/${id}`,
          display: displayName,
          type: 'direct',
        })),
      }),
  meta: {
    resourceType: 'User',
    created: isoDate(user.createdAtMs),
    lastModified: isoDate(user.updatedAtMs),
    location: `${base}/Users/${user.id}`,
    version: `W/"${user.version}"`,
  },
})
