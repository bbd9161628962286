/** Gates: who may read a repository that asks first. */
import type { Command } from 'commander'
import type { AccessRequest, RepoAction } from '@weighhouse/server/core/hub.ts'
import type { GateKind } from '@weighhouse/server/db/schema.ts'
import type { AccountId } from '@weighhouse/server/core/kernel/ids.ts'
import { choice, typed, type RepoOptions } from './repos.ts'
import { print, type Session, table, withHouse } from './run.ts'
import { parseCount } from './words.ts'

const kinds = ['auto', 'manual', 'off'] as const
interface GateOptions extends RepoOptions {
  members?: boolean
  agreement?: string
}

const states = ['pending', 'accepted', 'rejected'] as const
type State = (typeof states)[number]

const isoOf = (atMs: number | undefined): string | undefined =>
  atMs === undefined ? undefined : new Date(atMs).toISOString()

const plain = (request: AccessRequest) => ({
  id: request.id,
  account: request.subject.name,
  kind: request.subject.kind,
  state: request.isEnded ? 'ended' : request.state,
  asked: !request.isGrant,
  createdAt: isoOf(request.createdAtMs),
  reviewedAt: isoOf(request.reviewedAtMs),
  reviewedBy: request.reviewedBy?.name,
  reason: request.reason,
  expiresAt: isoOf(request.expiresAtMs),
  termsSha256: request.termsSha256,
  fields: request.fields,
})

const lines = (requests: readonly AccessRequest[]): string[] => {
  const rows = requests
    .map(plain)
    .map(({ account, kind, state, createdAt, expiresAt }) => [
      account,
      kind,
      state,
      createdAt ?? '',
      expiresAt ?? '',
    ])
  return table([['ACCOUNT', 'KIND', 'STATE', 'SINCE', 'UNTIL'], ...rows])
}

const endOf = (until: string | undefined): { expiresAtMs?: number } => {
  if (until === undefined) return {}
  const expiresAtMs = Date.parse(until)
  if (Number.isNaN(expiresAtMs)) throw new Error(`--until is a date, found "${until}"`)
  return { expiresAtMs }
}

const permitFor = <A extends RepoAction>(
  { house, ctx }: Session,
  action: A,
  path: string,
  { type }: RepoOptions,
) => house.hub.policy.require(ctx, action, { type, path })

const accountId = async ({ house: { hub } }: Session, name: string): Promise<AccountId> => {
  const found = await hub.identity.find(name)
  if (found === undefined) throw new Error(`there is no user or organisation "${name}"`)
  return found.id
}

interface DecideOptions extends RepoOptions {
  until?: string
  reason?: string
}

const decide = async (path: string, name: string, state: State, options: DecideOptions) => {
  const request = await withHouse(options, async (session) => {
    const permit = await permitFor(session, 'repo.write', path, options)
    const which = { subjectId: await accountId(session, name) }
    const reason = options.reason === undefined ? {} : { reason: options.reason }
    const verdict = { state, ...reason, ...endOf(options.until) }
    return session.house.hub.access.decide(session.ctx, permit, which, verdict)
  })
  print(options, plain(request), [`${name} is now ${state} at ${path}.`])
}

const decisionCommands = (gate: Command): void => {
  typed(gate.command('grant <repo> <account>'))
    .description('let a user or an organisation in who has not asked')
    .option('--until <date>', 'the access ends then')
    .action(async (path: string, name: string, options: DecideOptions) => {
      const request = await withHouse(options, async (session) => {
        const permit = await permitFor(session, 'repo.write', path, options)
        const id = await accountId(session, name)
        return session.house.hub.access.grant(session.ctx, permit, id, endOf(options.until))
      })
      print(options, plain(request), [`${name} may now read ${path}.`])
    })

  typed(gate.command('accept <repo> <account>'))
    .description('accept a request, or set another end to an access')
    .option('--until <date>', 'the access ends then')
    .action((path: string, name: string, options: DecideOptions) =>
      decide(path, name, 'accepted', options),
    )

  typed(gate.command('reject <repo> <account>'))
    .description('reject a request, or take access away')
    .option('--reason <text>', 'said to whoever asked')
    .action((path: string, name: string, options: DecideOptions) =>
      decide(path, name, 'rejected', options),
    )
}

const listCommands = (gate: Command): void => {
  typed(gate.command('requests <repo>'))
    .description('list requests, newest first')
    .option('--state <state>', states.join(', '), choice(states), 'pending')
    .option('--limit <count>', 'at most so many', parseCount, 100)
    .action(async (path: string, options: RepoOptions & { state: State; limit: number }) => {
      const { requests } = await withHouse(options, async (session) => {
        const permit = await permitFor(session, 'repo.write', path, options)
        const limit = Math.min(1_000, options.limit)
        return session.house.hub.access.list(permit, { state: options.state, limit })
      })
      print(options, requests.map(plain), lines(requests))
    })

  typed(gate.command('report <repo>'))
    .description('everybody who ever asked or was let in, oldest first')
    .action(async (path: string, options: RepoOptions) => {
      const requests = await withHouse(options, async (session) => {
        const permit = await permitFor(session, 'repo.write', path, options)
        const found: AccessRequest[] = []
        for await (const one of session.house.hub.access.each(permit)) found.push(one)
        return found
      })
      print(options, requests.map(plain), lines(requests))
    })
}

export const gateCommands = (program: Command): void => {
  const gate = program.command('gate').description('access to gated repositories')

  typed(gate.command('set <repo>'))
    .argument('<kind>', kinds.join(', '), choice(kinds))
    .description('let in everybody who asks, those whom somebody lets in, or all without asking')
    .option('--members', 'members of the owning organisation who may only read need access too')
    .option('--agreement <template>', 'it opens by an agreement of this template with the owner')
    .action(async (path: string, wanted: GateKind | 'off', options: GateOptions) => {
      const set = await withHouse(options, async (session) => {
        const permit = await permitFor(session, 'repo.admin', path, options)
        const kind = wanted === 'off' ? null : wanted
        const template = options.agreement ?? null
        const { agreements, repos } = session.house.hub
        if (template !== null) await agreements.needTemplate(permit.repo, template)
        const wish = { kind, coversMembers: options.members === true, template }
        return repos.setGate(session.ctx, permit, wish)
      })
      const { kind = null, coversMembers, template = null } = set
      const value = { path, gate: kind, coversMembers, template }
      print(options, value, [`The gate of ${path} is now ${set.kind ?? 'off'}.`])
    })

  listCommands(gate)
  decisionCommands(gate)
}
