/** The case table of access: who may do what. A rule changes here and in `decide.ts`, and nowhere else. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoleName, Visibility } from '#db/schema.ts'
import type { Actor, Permission, ScopeEntry } from '../kernel/actor.ts'
import type { AccountId, TokenId } from '../kernel/ids.ts'
import { decideHub, decideNamespace, decideOwnAccount } from './decide-accounts.ts'
import {
  decideRepo,
  type Decision,
  isLeftOpen,
  namespaceActions,
  repoActions,
  type RepoFacts,
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

/** By a fine-grained token that may do this, and nothing else. */
const scoped = (
  entries: readonly ScopeEntry[],
  changes: Partial<Extract<Actor, { kind: 'user' }>> = {},
  readsGated = false,
): Actor =>
  user({
    tokenRole: 'fineGrained',
    token: {
      id: 'd'.repeat(24) as TokenId,
      lifeMs: undefined,
      scope: { readsGated, entries },
    },
    ...changes,
  })

const repoId = 'c'.repeat(24)

const onRepo = (...permissions: readonly Permission[]): ScopeEntry[] => [
  { kind: 'repo', id: repoId, permissions },
]

const onOwner = (...permissions: readonly Permission[]): ScopeEntry[] => [
  { kind: 'account', id: owner, permissions },
]

const elsewhere: readonly ScopeEntry[] = [
  { kind: 'repo', id: 'e'.repeat(24), permissions: ['repo.manage'] },
  // An owner's id in a repo's entry, and the reverse, open nothing.
  { kind: 'repo', id: owner, permissions: ['repo.manage'] },
  { kind: 'account', id: repoId, permissions: ['repo.manage'] },
]

/** Everyone who may come: the actor, and the role in the owning organisation. */
const people: Readonly<Record<string, { actor: Actor; role?: RoleName }>> = {
  anonymous: { actor: { kind: 'anonymous' } },
  stranger: { actor: user() },
  'stranger, read token': { actor: user({ tokenRole: 'read' }) },
  'stranger, empty scope': { actor: scoped([]) },
  'member: auditor': { actor: user(), role: 'auditor' },
  'member: read': { actor: user(), role: 'read' },
  'member: contributor': { actor: user(), role: 'contributor' },
  'member: write': { actor: user(), role: 'write' },
  'member: write, read token': { actor: user({ tokenRole: 'read' }), role: 'write' },
  'member: maintainer': { actor: user(), role: 'maintainer' },
  'member: admin': { actor: user(), role: 'admin' },
  'member: admin, scope of reading': {
    actor: scoped(onOwner('repo.content.read', 'org.read')),
    role: 'admin',
  },
  'member: admin, scope elsewhere': { actor: scoped(elsewhere), role: 'admin' },
  'the owner': { actor: user({ id: owner as AccountId }) },
  'the owner, read token': { actor: user({ id: owner as AccountId, tokenRole: 'read' }) },
  'the owner, scope of writing': {
    actor: scoped(onRepo('repo.write'), { id: owner as AccountId }),
  },
  'hub admin': { actor: user({ isAdmin: true }) },
  'hub admin, empty scope': { actor: scoped([], { isAdmin: true }) },
  system: { actor: { kind: 'system', name: 'weighhouse', reason: 'test' } },
}

/** yes · 404 hidden · 401 sign in · 403 forbidden */
const letter = (decision: Decision): string => {
  if (decision.allowed) return 'yes'
  if (!decision.reveal) return '404'
  const asksToSignIn = ['not_signed_in', 'gate_not_signed_in'].includes(decision.reason)
  return asksToSignIn ? '401' : '403'
}

//                             public: see browse read write admin | internal | private
const repoTable: Readonly<Record<string, string>> = {
  anonymous: 'yes yes yes 401 401 | 404 404 404 404 404 | 404 404 404 404 404',
  stranger: 'yes yes yes 403 403 | yes yes yes 403 403 | 404 404 404 404 404',
  'stranger, read token': 'yes yes yes 403 403 | yes yes yes 403 403 | 404 404 404 404 404',
  'stranger, empty scope': 'yes yes yes 403 403 | 404 404 404 404 404 | 404 404 404 404 404',
  'member: auditor': 'yes yes yes 403 403 | yes yes yes 403 403 | yes yes yes 403 403',
  'member: read': 'yes yes yes 403 403 | yes yes yes 403 403 | yes yes yes 403 403',
  'member: contributor': 'yes yes yes 403 403 | yes yes yes 403 403 | yes yes yes 403 403',
  'member: write': 'yes yes yes yes 403 | yes yes yes yes 403 | yes yes yes yes 403',
  'member: write, read token': 'yes yes yes 403 403 | yes yes yes 403 403 | yes yes yes 403 403',
  'member: maintainer': 'yes yes yes yes yes | yes yes yes yes yes | yes yes yes yes yes',
  'member: admin': 'yes yes yes yes yes | yes yes yes yes yes | yes yes yes yes yes',
  'member: admin, scope of reading':
    'yes yes yes 403 403 | yes yes yes 403 403 | yes yes yes 403 403',
  'member: admin, scope elsewhere':
    'yes yes yes 403 403 | 404 404 404 404 404 | 404 404 404 404 404',
  'the owner': 'yes yes yes yes yes | yes yes yes yes yes | yes yes yes yes yes',
  'the owner, read token': 'yes yes yes 403 403 | yes yes yes 403 403 | yes yes yes 403 403',
  'the owner, scope of writing': 'yes yes yes yes 403 | yes yes yes yes 403 | yes yes yes yes 403',
  'hub admin': 'yes yes yes yes yes | yes yes yes yes yes | yes yes yes yes yes',
  'hub admin, empty scope': 'yes yes yes 403 403 | 404 404 404 404 404 | 404 404 404 404 404',
  system: 'yes yes yes yes yes | yes yes yes yes yes | yes yes yes yes yes',
}

const plain: RepoFacts = {
  repoId,
  ownerId: owner,
  role: undefined,
  isTokenRefused: false,
  visibility: 'public',
  isInGroup: false,
  grant: undefined,
  gate: undefined,
  agreements: [],
  hold: undefined,
}

const visibilities: readonly Visibility[] = ['public', 'internal', 'private']

for (const [name, { actor, role }] of Object.entries(people)) {
  void test(`repos: ${name}`, () => {
    const found = visibilities.map((visibility) =>
      repoActions
        .map((action) => letter(decideRepo(actor, action, { ...plain, role, visibility })))
        .join(' '),
    )
    assert.equal(found.join(' | '), repoTable[name])
  })
}

//                     takedown | quarantine | legal hold; each see browse read write admin
const holdTable: Readonly<Record<string, string>> = {
  stranger: 'yes 403 403 403 403 | yes yes 403 403 403 | yes yes 403 403 403',
  'member: write': 'yes 403 403 403 403 | yes yes 403 403 403 | yes yes 403 403 403',
  'member: admin': 'yes 403 403 403 yes | yes yes 403 403 yes | yes yes 403 403 403',
  'hub admin': 'yes 403 403 403 yes | yes yes 403 403 yes | yes yes 403 403 403',
  system: 'yes yes yes yes yes | yes yes yes yes yes | yes yes yes yes yes',
}

void test('a repo that is held gives and takes nothing, whoever asks', () => {
  for (const [name, expected] of Object.entries(holdTable)) {
    const { actor, role } = people[name] ?? { actor: user() }
    const found = (['takedown', 'quarantine', 'legal_hold'] as const).map((hold) =>
      repoActions
        .map((action) => letter(decideRepo(actor, action, { ...plain, role, hold })))
        .join(' '),
    )
    assert.equal(found.join(' | '), expected, name)
  }
})

//       conflict | unknown, which stops only what agreements give; each see browse read write admin
const upstreamTable: Readonly<Record<string, string>> = {
  anonymous: 'yes yes 403 401 401 | yes yes yes 401 401',
  stranger: 'yes yes 403 403 403 | yes yes yes 403 403',
  'member: read': 'yes yes yes 403 403 | yes yes yes 403 403',
  'member: admin': 'yes yes yes yes yes | yes yes yes yes yes',
  'member: admin, scope elsewhere': 'yes yes yes 403 403 | yes yes yes 403 403',
  'the owner': 'yes yes yes yes yes | yes yes yes yes yes',
  'hub admin': 'yes yes yes yes yes | yes yes yes yes yes',
  system: 'yes yes yes yes yes | yes yes yes yes yes',
}

void test('what a licence upstream does not let be shared is read by the owner and its people alone', () => {
  for (const [name, expected] of Object.entries(upstreamTable)) {
    const { actor, role } = people[name] ?? { actor: user() }
    const found = (['LICENSE_CONFLICT', 'LICENSE_UNKNOWN'] as const).map((stop) =>
      repoActions
        .map((action) => {
          const upstream = { stop, excludes: [] }
          return letter(decideRepo(actor, action, { ...plain, role, upstream }))
        })
        .join(' '),
    )
    assert.equal(found.join(' | '), expected, name)
  }
  const stopped = { ...plain, upstream: { stop: 'LICENSE_CONFLICT', excludes: [] } } as const
  const reasonOf = (facts: RepoFacts): unknown => {
    const decision = decideRepo(user(), 'repo.read', facts)
    return decision.allowed ? 'yes' : decision.reason
  }
  assert.equal(reasonOf(stopped), 'LICENSE_CONFLICT')
  assert.equal(reasonOf({ ...stopped, hold: 'quarantine' }), 'quarantine', 'holds come first')
  assert.equal(reasonOf({ ...stopped, visibility: 'private' }), 'not_visible', 'nothing is shown')
  assert.equal(reasonOf({ ...stopped, grant: 'read' }), 'yes', 'a grant makes one of them')
})

void test('a hold shows nobody what is hidden', () => {
  const facts = { ...plain, visibility: 'private', hold: 'takedown' } as const
  assert.equal(letter(decideRepo(user(), 'repo.read', facts)), '404')
})

//                     browse create curate audit manage bind
const namespaceTable: Readonly<Record<string, string>> = {
  anonymous: '401 401 401 401 401 401',
  stranger: '403 403 403 403 403 403',
  'stranger, read token': '403 403 403 403 403 403',
  'stranger, empty scope': '403 403 403 403 403 403',
  'member: auditor': 'yes 403 403 yes 403 403',
  'member: read': 'yes 403 403 403 403 403',
  'member: contributor': 'yes 403 403 403 403 403',
  'member: write': 'yes yes yes 403 403 403',
  'member: write, read token': 'yes 403 403 403 403 403',
  // Whoever manages repos does not thereby manage people, or could make themselves administrator.
  'member: maintainer': 'yes yes yes 403 403 403',
  'member: admin': 'yes yes yes yes yes yes',
  'member: admin, scope of reading': '403 403 403 yes 403 403',
  'member: admin, scope elsewhere': '403 403 403 403 403 403',
  'the owner': 'yes yes yes yes yes 403',
  'the owner, read token': 'yes 403 403 yes 403 403',
  'the owner, scope of writing': '403 403 403 403 403 403',
  'hub admin': 'yes yes yes yes yes 403',
  'hub admin, empty scope': '403 403 403 403 403 403',
  system: 'yes yes yes yes yes 403',
}

for (const [name, { actor, role }] of Object.entries(people)) {
  void test(`namespaces: ${name}`, () => {
    const found = namespaceActions.map((action) =>
      letter(decideNamespace(actor, action, { ...plain, role })),
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

void test('a resource group is closed to members without a grant, and open to administrators and auditors', () => {
  const row = (role: RoleName, grant?: RoleName): string => {
    const facts = { ...plain, visibility: 'private', isInGroup: true, role, grant } as const
    return repoActions.map((action) => letter(decideRepo(user(), action, facts))).join(' ')
  }
  assert.equal(row('read'), '404 404 404 404 404')
  assert.equal(row('write'), '404 404 404 404 404')
  assert.equal(row('maintainer'), '404 404 404 404 404')
  assert.equal(row('auditor'), 'yes yes yes 403 403')
  assert.equal(row('admin'), 'yes yes yes yes yes')
  assert.equal(row('read', 'write'), 'yes yes yes yes 403')
  assert.equal(row('auditor', 'maintainer'), 'yes yes yes yes yes')
})

void test('a grant opens a private repo to somebody outside, as far as its role', () => {
  const row = (grant: RoleName): string => {
    const facts = { ...plain, visibility: 'private', grant } as const
    return repoActions.map((action) => letter(decideRepo(user(), action, facts))).join(' ')
  }
  assert.equal(row('read'), 'yes yes yes 403 403')
  assert.equal(row('write'), 'yes yes yes yes 403')
  assert.equal(row('admin'), 'yes yes yes yes yes')
})

void test('a token that an organisation refuses counts for nothing there', () => {
  const facts = { ...plain, role: 'admin', grant: 'admin', isTokenRefused: true } as const
  const rowFor = (actor: Actor): string =>
    visibilities
      .map((visibility) =>
        repoActions
          .map((action) => letter(decideRepo(actor, action, { ...facts, visibility })))
          .join(' '),
      )
      .join(' | ')
  assert.equal(rowFor(user()), 'yes yes yes 403 403 | yes yes yes 403 403 | 404 404 404 404 404')
  const decision = decideRepo(user(), 'repo.write', facts)
  assert.equal(decision.allowed ? 'yes' : decision.reason, 'token_not_accepted')
  assert.equal(letter(decideNamespace(user(), 'namespace.manage', facts)), '403')
})

const gateStates = ['none', 'pending', 'rejected', 'accepted'] as const

/** What each is told who asks for a file behind a gate, by the state of their request. */
//                    none pending rejected accepted | the same where members need a request too
const gateTable: Readonly<Record<string, string>> = {
  anonymous: '401 401 401 401 | 401 401 401 401',
  stranger: '403 403 403 yes | 403 403 403 yes',
  'stranger, read token': '403 403 403 yes | 403 403 403 yes',
  'stranger, empty scope': '403 403 403 403 | 403 403 403 403',
  'member: auditor': 'yes yes yes yes | 403 403 403 yes',
  'member: read': 'yes yes yes yes | 403 403 403 yes',
  'member: contributor': 'yes yes yes yes | 403 403 403 yes',
  'member: write': 'yes yes yes yes | yes yes yes yes',
  'member: write, read token': 'yes yes yes yes | yes yes yes yes',
  'member: maintainer': 'yes yes yes yes | yes yes yes yes',
  'member: admin': 'yes yes yes yes | yes yes yes yes',
  'member: admin, scope of reading': 'yes yes yes yes | yes yes yes yes',
  'member: admin, scope elsewhere': '403 403 403 403 | 403 403 403 403',
  'the owner': 'yes yes yes yes | yes yes yes yes',
  'the owner, read token': 'yes yes yes yes | yes yes yes yes',
  'the owner, scope of writing': 'yes yes yes yes | yes yes yes yes',
  'hub admin': 'yes yes yes yes | yes yes yes yes',
  'hub admin, empty scope': '403 403 403 403 | 403 403 403 403',
  system: 'yes yes yes yes | yes yes yes yes',
}

for (const [name, { actor, role }] of Object.entries(people)) {
  void test(`gates: ${name}`, () => {
    const found = [false, true].map((coversMembers) =>
      gateStates
        .map((state) => {
          const gate = { kind: 'manual', coversMembers, state } as const
          const facts = { ...plain, role, gate }
          assert.equal(letter(decideRepo(actor, 'repo.browse', facts)), 'yes', 'names stay open')
          return letter(decideRepo(actor, 'repo.read', facts))
        })
        .join(' '),
    )
    assert.equal(found.join(' | '), gateTable[name])
  })
}

void test('a gate says where a request stands, and a scope may carry an acceptance', () => {
  const at = (state: (typeof gateStates)[number], actor: Actor): string => {
    const gate = { kind: 'auto', coversMembers: true, state } as const
    const decision = decideRepo(actor, 'repo.read', { ...plain, gate })
    return decision.allowed ? 'yes' : decision.reason
  }
  const reasons = gateStates.map((state) => at(state, user()))
  assert.deepEqual(reasons, ['gate_not_asked', 'gate_pending', 'gate_rejected', 'yes'])
  assert.equal(at('accepted', scoped([])), 'gate_token_too_small')
  assert.equal(at('accepted', scoped([], {}, true)), 'yes')
  assert.equal(at('accepted', scoped(onRepo('repo.content.read'))), 'yes')
  assert.equal(at('none', { kind: 'anonymous' }), 'gate_not_signed_in')
})

void test('a grant opens a gate that covers members, and a private gate stays hidden', () => {
  const gate = { kind: 'manual', coversMembers: true, state: 'none' } as const
  const granted = { ...plain, grant: 'read', gate } as const
  assert.equal(letter(decideRepo(user(), 'repo.read', granted)), 'yes')
  const hidden = { ...plain, visibility: 'private', gate: { ...gate, state: 'accepted' } } as const
  assert.equal(letter(decideRepo(user(), 'repo.read', hidden)), '404')
})

void test('what a gate leaves open: card, licences and attributes at the top, nothing else', () => {
  const open = ['README.md', 'LICENSE', 'LICENSE.txt', 'LICENCE.md', 'NOTICE', '.gitattributes']
  for (const path of open) assert.ok(isLeftOpen(path), path)
  const shut = ['model.safetensors', 'x/README.md', 'x/LICENSE', 'config.json', 'README.md.bin', '']
  for (const path of shut) assert.ok(!isLeftOpen(path), path)
})

void test('an account is looked after by itself, not by tokens that only read or were made for repos', () => {
  const own = (actor: Actor): string => letter(decideOwnAccount(actor))
  assert.equal(own({ kind: 'anonymous' }), '401')
  assert.equal(own(user()), 'yes')
  assert.equal(own(user({ tokenRole: 'read' })), '403')
  assert.equal(own(scoped([{ kind: 'all', id: '*', permissions: ['repo.manage'] }])), '403')
  const id = 'a'.repeat(24)
  assert.equal(own(scoped([{ kind: 'account', id, permissions: ['user.manage'] }])), 'yes')
})
