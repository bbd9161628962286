/** Groups between the wire and the core. */
import type { DirectoryGroup, GroupWish } from '#core/hub.ts'
import { isId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import { cleaned, isObject, type Json, memberOf, scimError } from './attributes.ts'
import { externalId, groupAttributes, urns } from './schemas.ts'

const nameCharsMax = 256

const memberIdOf = (member: unknown): string => {
  const value = isObject(member) ? memberOf(member, 'value') : member
  if (typeof value !== 'string' || !isId(value)) {
    throw scimError('invalidValue', 'A member is named by the id of a user in "value".')
  }
  const type = isObject(member) ? memberOf(member, 'type') : undefined
  if (typeof type === 'string' && type.toLowerCase() === 'group') {
    throw scimError('invalidValue', 'Groups hold users; groups within groups are not kept.')
  }
  return value
}

/** Members are read apart: there may be more of them than of anything else. */
const onlyName = groupAttributes.filter(({ name }) => name !== 'members')

/** Errors: `invalid` (details.scimType). */
export const parseGroup = (given: Json): GroupWish => {
  const { displayName } = cleaned(onlyName, given)
  const id = cleaned([externalId], given)['externalId']
  const members = memberOf(given, 'members') ?? []
  if (typeof displayName !== 'string' || displayName.trim() === '') {
    throw scimError('invalidValue', '"displayName" is expected, found none.')
  }
  if (displayName.length > nameCharsMax) {
    throw scimError('invalidValue', `"displayName" has at most ${nameCharsMax} characters.`)
  }
  const list: unknown[] = Array.isArray(members) ? members : [members]
  if (list.length > limits.membersPerOrgMax) {
    throw scimError('invalidValue', `A group has at most ${limits.membersPerOrgMax} members.`)
  }
  return {
    displayName,
    externalId: typeof id === 'string' ? id : undefined,
    members: list.map(memberIdOf),
  }
}

/** What may be changed of a group: what a PATCH works on. */
export const writableGroup = (group: DirectoryGroup): Json => ({
  ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
  displayName: group.displayName,
  members: group.members.map((id) => ({ value: id })),
})

/** `base` is the URL of this organisation's SCIM; without members, the version is not known. */
export const formatGroup = (group: DirectoryGroup, base: string, withMembers = true): Json => ({
  schemas: [urns.group],
  id: group.id,
  ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
  displayName: group.displayName,
  ...(withMembers && group.members.length > 0
    ? {
        members: group.members.map((id) => ({
          value: id,
          $ref: `${base}/Users/${id}`,
          type: 'User',
        })),
      }
    : {}),
  meta: {
    resourceType: 'Group',
    created: isoDate(group.createdAtMs),
    lastModified: isoDate(group.updatedAtMs),
    location: `${base}/Groups/${group.id}`,
    ...(withMembers ? { version: `W/"${group.version}"` } : {}),
  },
})
