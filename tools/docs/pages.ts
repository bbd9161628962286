/** Pages of `docs/reference` that are made from the code, so that they cannot be wrong. `npm run docs` writes them; a test compares. */
import { envNames } from '@weighhouse/server/config/env.ts'
import type { Actor } from '@weighhouse/server/core/kernel/actor.ts'
import { hubErrorCodes } from '@weighhouse/server/core/kernel/errors.ts'
import type { AccountId } from '@weighhouse/server/core/kernel/ids.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { decideNamespace } from '@weighhouse/server/core/policy/decide-accounts.ts'
import {
  decideRepo,
  type Decision,
  namespaceActions,
  repoActions,
  type RepoFacts,
} from '@weighhouse/server/core/policy/decide.ts'
import type { RoleName } from '@weighhouse/server/db/schema.ts'
import { apiStatus } from '@weighhouse/server/doors/api/errors.ts'
import { hfStatus } from '@weighhouse/server/doors/hf/errors.ts'
import { lfsStatus } from '@weighhouse/server/doors/lfs/errors.ts'
import { oauthStatus } from '@weighhouse/server/doors/oauth/errors.ts'
import { opsStatus } from '@weighhouse/server/doors/ops/errors.ts'
import { scimStatus } from '@weighhouse/server/doors/scim/errors.ts'
import { xetStatus } from '@weighhouse/server/doors/xet/errors.ts'
import { webStatus } from '@weighhouse/server/doors/web/errors.ts'
import { licencePages } from './licences.ts'
import { situationPage } from './situations.ts'
import { table } from './table.ts'

const errors = (): string => `# Errors

Every refusal has one code from a closed list; each door says it in its protocol. The sentence tells what was expected, what was found and
what to do. A hidden repository is \`repo_not_found\`: to callers without a token the Hugging Face and LFS doors answer it with 401, as the
public hub does. What is not in this table is a fault of the hub: 500, a request id, and the cause in the log alone.

${table(
  ['code', 'Hugging Face', 'LFS', 'Xet', 'operations', 'web', 'API', 'OAuth', 'SCIM'],
  hubErrorCodes.map((code) => [
    `\`${code}\``,
    hfStatus[code],
    lfsStatus[code],
    xetStatus[code],
    opsStatus[code],
    webStatus[code],
    apiStatus[code],
    oauthStatus[code],
    scimStatus[code],
  ]),
)}
`

const settings = (): string => `# Settings

Flags of \`weighhouse serve\` (\`--data\`, \`--host\`, \`--port\`, \`--public-url\`) win over the environment. A variable with our prefix that is not
in this table stops the program: a typo in a limit is an incident.

${table(
  ['variable', 'what'],
  Object.entries(envNames).map(([name, what]) => [`\`${name}\``, what]),
)}

## Bounds

${table(
  ['bound', 'value'],
  Object.entries(limits).map(([name, value]) => [`\`${name}\``, value.toLocaleString('en')]),
)}
`

const owner = 'f'.repeat(24)

const user = (changes: Partial<Extract<Actor, { kind: 'user' }>> = {}): Actor => ({
  kind: 'user',
  // A cast because any text of this form is an id.
  id: 'a'.repeat(24) as AccountId,
  name: 'ann',
  isAdmin: false,
  tokenRole: 'write',
  ...changes,
})

const roles: readonly RoleName[] = [
  'auditor',
  'read',
  'contributor',
  'write',
  'maintainer',
  'admin',
]

const people: readonly { name: string; actor: Actor; role?: RoleName }[] = [
  { name: 'nobody (no token)', actor: { kind: 'anonymous' } },
  { name: 'any account', actor: user() },
  ...roles.map((role) => ({ name: `member: ${role}`, actor: user(), role })),
  { name: 'member: admin, read token', actor: user({ tokenRole: 'read' }), role: 'admin' },
  // A cast because any text of this form is an id.
  { name: 'the owner (a user)', actor: user({ id: owner as AccountId }) },
  { name: 'administrator of the hub', actor: user({ isAdmin: true }) },
]

const plain: RepoFacts = {
  repoId: 'c'.repeat(24),
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

const say = (decision: Decision): string => {
  if (decision.allowed) return 'yes'
  if (!decision.reveal) return 'hidden'
  return decision.reason === 'not_signed_in' ? 'sign in' : 'no'
}

const access = (): string => {
  const byVisibility = (['public', 'internal', 'private'] as const).map((visibility) => {
    const rows = people.map(({ name, actor, role }) => [
      name,
      ...repoActions.map((action) =>
        say(decideRepo(actor, action, { ...plain, role, visibility })),
      ),
    ])
    const head = ['who', ...repoActions.map((action) => `\`${action}\``)]
    return `## A repository that is ${visibility}\n\n${table(head, rows)}`
  })
  const byHold = (['takedown', 'quarantine', 'legal_hold'] as const).map((hold) => {
    const rows = ['any account', 'member: admin', 'administrator of the hub'].map((name) => {
      const one = people.find((known) => known.name === name)
      if (one === undefined) throw new Error(`nobody is called "${name}"`)
      const facts = { ...plain, role: one.role, hold }
      return [name, ...repoActions.map((action) => say(decideRepo(one.actor, action, facts)))]
    })
    return `### ${hold}\n\n${table(['who', ...repoActions.map((action) => `\`${action}\``)], rows)}`
  })
  const stoppedRows = people
    .filter(({ name }) => ['nobody (no token)', 'any account', 'member: read'].includes(name))
    .map(({ name, actor, role }) => {
      const facts = { ...plain, role, upstream: { stop: 'LICENSE_CONFLICT', excludes: [] } } as const
      return [name, ...repoActions.map((action) => say(decideRepo(actor, action, facts)))]
    })
  const namespaces = people.map(({ name, actor, role }) => [
    name,
    ...namespaceActions.map((action) => say(decideNamespace(actor, action, { ...plain, role }))),
  ])
  return `# Access

Who may do what: the answers of the one function that decides, for every door. *Hidden* means that the repository is "not found"; *sign in*
that a token is asked for. A read token never writes, whoever holds it.

${byVisibility.join('\n\n')}

## A public repository that is held

An administrator of the hub places a hold and lifts it: \`weighhouse repo hold\` and \`release\`, or \`PUT …/hold\` of the API, each with a reason
for the trail. It stands above every role, grant and agreement, the owner's too.

${byHold.join('\n\n')}

## A public repository that may not be shown

What it was made from has a licence that does not let it be shared ([licences](licences.md)): from then on its owner's
people read it and nobody else.

${table(['who', ...repoActions.map((action) => `\`${action}\``)], stoppedRows)}

## A namespace

${table(['who', ...namespaceActions.map((action) => `\`${action}\``)], namespaces)}
`
}

/** Text by file name below \`docs/reference\`. */
export const pages: Readonly<Record<string, () => string>> = {
  'errors.md': errors,
  'settings.md': settings,
  'access.md': access,
  'situations.md': situationPage,
  ...licencePages,
}
