/** The case table of access: who may do what. A rule changes here and in `decide.ts`, and nowhere else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoleName, Visibility } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AccountId } from '../kernel/ids.ts'
import {
  decideHub,
  decideNamespace,
  decideRepo,
  type Decision,
  namespaceActions,
  repoActions,
} from './decide.ts'

const owner = 'f'.repeat(24)

const user = (changes: Partial<Extract<Actor, { kind: 'user' }>> = {}): Actor => ({
  kind: 'user',
  id: 'a'.repeat(24) as AccountId,
  name: 'ann',
  isAdmin: false,
  tokenRole: 'write',
  ...changes,
})

/** Everyone who may come: the actor, and the role in the owning organisation. */
const people: Readonly<Record<string, { actor: Actor; role?: RoleName }>> = {
  anonymous: { actor: { kind: 'anonymous' } },
  stranger: { actor: user() },
  'stranger, read token': { actor: user({ tokenRole: 'read' }) },
  'member: auditor': { actor: user(), role: 'auditor' },
  'member: read': { actor: user(), role: 'read' },
  'member: contributor': { actor: user(), role: 'contributor' },
  'member: write': { actor: user(), role: 'write' },
  'member: write, read token': { actor: user({ tokenRole: 'read' }), role: 'write' },
  'member: maintainer': { actor: user(), role: 'maintainer' },
  'member: admin': { actor: user(), role: 'admin' },
  'the owner': { actor: user({ id: owner as AccountId }) },
  'the owner, read token': { actor: user({ id: owner as AccountId, tokenRole: 'read' }) },
  'hub admin': { actor: user({ isAdmin: true }) },
  system: { actor: { kind: 'system', name: 'weighhouse', reason: 'test' } },
}

/** yes · 404 hidden · 401 sign in · 403 forbidden */
const letter = (decision: Decision): string => {
  if (decision.allowed) return 'yes'
  if (!decision.reveal) return '404'
  return decision.reason === 'not_signed_in' ? '401' : '403'
}

//                             public: see read write admin | internal            | private
const repoTable: Readonly<Record<string, string>> = {
  anonymous: 'yes yes 401 401 | 404 404 404 404 | 404 404 404 404',
  stranger: 'yes yes 403 403 | yes yes 403 403 | 404 404 404 404',
  'stranger, read token': 'yes yes 403 403 | yes yes 403 403 | 404 404 404 404',
  'member: auditor': 'yes yes 403 403 | yes yes 403 403 | yes yes 403 403',
  'member: read': 'yes yes 403 403 | yes yes 403 403 | yes yes 403 403',
  'member: contributor': 'yes yes 403 403 | yes yes 403 403 | yes yes 403 403',
  'member: write': 'yes yes yes 403 | yes yes yes 403 | yes yes yes 403',
  'member: write, read token': 'yes yes 403 403 | yes yes 403 403 | yes yes 403 403',
  'member: maintainer': 'yes yes yes yes | yes yes yes yes | yes yes yes yes',
  'member: admin': 'yes yes yes yes | yes yes yes yes | yes yes yes yes',
  'the owner': 'yes yes yes yes | yes yes yes yes | yes yes yes yes',
  'the owner, read token': 'yes yes 403 403 | yes yes 403 403 | yes yes 403 403',
  'hub admin': 'yes yes yes yes | yes yes yes yes | yes yes yes yes',
  system: 'yes yes yes yes | yes yes yes yes | yes yes yes yes',
}

const visibilities: readonly Visibility[] = ['public', 'internal', 'private']

for (const [name, { actor, role }] of Object.entries(people)) {
  void test(`repos: ${name}`, () => {
    const found = visibilities.map((visibility) =>
      repoActions
        .map((action) =>
          letter(
            decideRepo(actor, action, { ownerId: owner, role, visibility, isDisabled: false }),
          ),
        )
        .join(' '),
    )
    assert.equal(found.join(' | '), repoTable[name])
  })
}

void test('a disabled repo gives and takes nothing, and its managers still look after it', () => {
  const row = (name: string): string => {
    const { actor, role } = people[name] ?? { actor: user() }
    const facts = { ownerId: owner, role, visibility: 'public', isDisabled: true } as const
    return repoActions.map((action) => letter(decideRepo(actor, action, facts))).join(' ')
  }
  assert.equal(row('stranger'), 'yes 403 403 403')
  assert.equal(row('member: write'), 'yes 403 403 403')
  assert.equal(row('member: admin'), 'yes 403 403 yes')
  assert.equal(row('hub admin'), 'yes 403 403 yes')
  assert.equal(row('system'), 'yes yes yes yes')
})

//                                          create manage
const namespaceTable: Readonly<Record<string, string>> = {
  anonymous: '401 401',
  stranger: '403 403',
  'stranger, read token': '403 403',
  'member: auditor': '403 403',
  'member: read': '403 403',
  'member: contributor': '403 403',
  'member: write': 'yes 403',
  'member: write, read token': '403 403',
  'member: maintainer': 'yes yes',
  'member: admin': 'yes yes',
  'the owner': 'yes yes',
  'the owner, read token': '403 403',
  'hub admin': 'yes yes',
  system: 'yes yes',
}

for (const [name, { actor, role }] of Object.entries(people)) {
  void test(`namespaces: ${name}`, () => {
    const found = namespaceActions.map((action) =>
      letter(decideNamespace(actor, action, { ownerId: owner, role })),
    )
    assert.equal(found.join(' '), namespaceTable[name])
  })
}

void test('only administrators and the system manage the hub', () => {
  const may = Object.entries(people)
    .filter(([, { actor }]) => decideHub(actor).allowed)
    .map(([name]) => name)
  assert.deepEqual(may, ['hub admin', 'system'])
})
