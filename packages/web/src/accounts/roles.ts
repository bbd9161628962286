/** Roles as people say them, and what each may do. The hub decides; these are its words. */
import type { Me } from './me.ts'

export type Role = Me['orgs'][number]['role']

export const roleWords: Readonly<Record<Role, string>> = {
  admin: 'Administrator',
  maintainer: 'Maintainer',
  write: 'Writer',
  contributor: 'Contributor',
  read: 'Reader',
  auditor: 'Auditor',
}

const explained: Readonly<Record<Role, string>> = {
  admin: 'everything, people and rules too',
  maintainer: 'settings of repositories, and writing',
  write: 'every repository',
  contributor: 'what they create themselves',
  read: 'private and internal repositories, to read',
  auditor: 'members, rules and the trail, to read',
}

const order: readonly Role[] = ['read', 'contributor', 'write', 'maintainer', 'admin', 'auditor']

export const roleOptions: readonly { readonly value: Role; readonly label: string }[] = order.map(
  (value) => ({ value, label: `${roleWords[value]}: ${explained[value]}` }),
)

/** Without the explanations, for narrow places. */
export const shortRoles: readonly { readonly value: Role; readonly label: string }[] = order.map(
  (value) => ({ value, label: roleWords[value] }),
)

export const asRole = (word: string): Role => order.find((one) => one === word) ?? 'read'
