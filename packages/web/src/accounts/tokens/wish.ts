/** What is filled in about a new token, and what the hub is asked for then. */
import type { Client } from '@weighhouse/contract/client.ts'
import { permissions } from '@weighhouse/contract/tokens.ts'

export type NewToken = Parameters<Client['createToken']>[0]
export type Permission = (typeof permissions)[number]

export const permissionWords: Readonly<Record<Permission, string>> = {
  'repo.content.read': 'Read repositories',
  'repo.write': 'Write to repositories',
  'repo.manage': 'Change settings of repositories',
  'org.read': 'Read members and rules',
  'org.write': 'Change members and rules',
  'collection.read': 'Read collections',
  'collection.write': 'Change collections',
  'user.manage': 'Change the account itself',
}

export type Reach = 'all' | 'account' | 'repo'

export interface TokenForm {
  readonly label: string
  readonly role: 'read' | 'write' | 'fineGrained'
  /** Days it lives; '' for no end. */
  readonly days: string
  readonly reach: Reach
  /** An owner, or `owner/name` of a model, or `datasets/owner/name`. */
  readonly where: string
  readonly permissions: readonly Permission[]
  readonly readsGated: boolean
  /** One range a line, or apart by commas. */
  readonly addresses: string
}

export const emptyForm: TokenForm = {
  label: '',
  role: 'read',
  days: '90',
  reach: 'all',
  where: '',
  permissions: ['repo.content.read'],
  readsGated: true,
  addresses: '',
}

const dayMs = 86_400_000

const targetOf = ({ reach, where }: TokenForm) => {
  const text = where.trim().replace(/^\/+|\/+$/g, '')
  if (reach === 'all') return { kind: 'all' } as const
  if (reach === 'account') return { kind: 'account', name: text } as const
  return text.startsWith('datasets/')
    ? ({ kind: 'repo', type: 'dataset', path: text.slice('datasets/'.length) } as const)
    : ({ kind: 'repo', type: 'model', path: text } as const)
}

export const wishOf = (form: TokenForm, nowMs: number): NewToken => {
  const ranges = form.addresses.split(/[\s,]+/).filter((one) => one !== '')
  return {
    label: form.label.trim(),
    role: form.role,
    ...(form.days === ''
      ? {}
      : { expiresAt: new Date(nowMs + Number(form.days) * dayMs).toISOString() }),
    ...(form.role === 'fineGrained'
      ? {
          scope: {
            readsGated: form.readsGated,
            entries: [{ target: targetOf(form), permissions: [...form.permissions] }],
          },
        }
      : {}),
    ...(ranges.length === 0 ? {} : { ipRanges: ranges }),
  }
}
