/** Random worlds of accounts and repos, for what must hold in all of them. */
import type {
  AccessRequestId,
  AccountId,
  GroupId,
  RepoId,
  TeamId,
} from '@weighhouse/server/core/kernel/ids.ts'
import { rankOf } from '@weighhouse/server/core/policy/index.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { stoppedRow } from './licence-row.ts'
import { type DevHouse, openDevHouse } from './dev-house.ts'
import type { EngineName } from './engines.ts'
import { makeRandom, type Random } from './random.ts'
import { agree, putRule } from './world-agreements.ts'
import { callersOf } from './world-callers.ts'

const roles = ['admin', 'maintainer', 'write', 'contributor', 'read', 'auditor'] as const
const visibilities = ['public', 'internal', 'private'] as const

export interface WorldRepo {
  readonly id: RepoId
  readonly path: string
  /** Agreements are about it. */
  readonly isAgreed: boolean
}

export interface World extends AsyncDisposable {
  readonly dev: DevHouse
  readonly random: Random
  readonly repos: readonly WorldRepo[]
  readonly accounts: readonly AccountId[]
  /** Everybody who may ask: nobody, the hub itself, and each user by a token. */
  readonly contexts: readonly Ctx[]
  /** Those of them that can ask at a door, with what they show there. */
  readonly callers: readonly { readonly ctx: Ctx; readonly secret: string | undefined }[]
  /** Organisations have rules for their people. */
  readonly isRuled: boolean
}

const users = ['ann', 'bea', 'cid', 'dan']
export const orgs = ['left', 'right']
const teams = ['blue', 'green']
export const dayMs = 24 * 3600_000

export type Maker = Pick<World, 'dev' | 'random'>

export const maybe = ({ random }: Maker, oneIn: number): boolean => random.below(oneIn) === 0

/** Ended, about to end, or without end. */
const expiry = ({ dev, random }: Maker): number | null =>
  random.pick([null, null, dev.clock.nowMs() + dayMs, dev.clock.nowMs() - 1])

/** Memberships, some of them over; teams with some of the users. */
const fillOrgs = async (maker: Maker, accounts: ReadonlyMap<string, AccountId>) => {
  const { dev, random } = maker
  const { house } = dev
  const groups: { id: GroupId; org: string }[] = []
  const teamIds: TeamId[] = []
  for (const org of orgs) {
    const orgId = idOf(accounts, org)
    for (const name of users) {
      if (maybe(maker, 2)) continue
      const role = random.pick(roles)
      const row = { org_id: orgId, user_id: idOf(accounts, name), role, created_at_ms: 1 }
      // Past the identity room, which would keep each organisation its administrator.
      await house.db.tx((q) =>
        q
          .insertInto('membership')
          .values(row)
          .onConflict((c) => c.columns(['org_id', 'user_id']).doUpdateSet({ role }))
          .execute(),
      )
    }
    await house.db.tx(async (q) => {
      const at = { org_id: orgId, created_at_ms: 1 }
      for (const name of teams) {
        const id = dev.id<TeamId>()
        teamIds.push(id)
        await q
          .insertInto('team')
          .values({ id, name, name_key: name, ...at })
          .execute()
        for (const user of users.filter(() => maybe(maker, 3))) {
          const row = { team_id: id, user_id: idOf(accounts, user), created_at_ms: 1 }
          await q.insertInto('team_member').values(row).execute()
        }
      }
      const id = dev.id<GroupId>()
      groups.push({ id, org })
      const group = { id, name: 'secret', name_key: 'secret', ...at }
      await q.insertInto('resource_group').values(group).execute()
      await q
        .updateTable('membership')
        .set({ expires_at_ms: expiry(maker) })
        .where('org_id', '=', orgId)
        .where('user_id', '=', idOf(accounts, random.pick(users)))
        .execute()
      if (maybe(maker, 2)) return
      const rule = {
        org_id: orgId,
        token_life_ms_max: random.pick([null, 30 * dayMs]),
        needs_token_approval: random.pick([0, 1] as const),
        needs_two_people: 0 as const,
        updated_at_ms: 1,
      }
      await q.insertInto('org_policy').values(rule).execute()
    })
  }
  return { groups, teamIds }
}

export const idOf = (accounts: ReadonlyMap<string, AccountId>, name: string): AccountId => {
  const id = accounts.get(name)
  if (id === undefined) throw new Error(`no account ${name}`)
  return id
}

type Grantee =
  | { readonly kind: 'user'; readonly id: AccountId }
  | { readonly kind: 'team'; readonly id: TeamId }

/** What is particular about a repo: held, grouped, gated, given to some, asked for by some. */
const season = async (
  maker: Maker,
  repo: Pick<WorldRepo, 'id' | 'path'>,
  {
    accounts,
    groups,
    teamIds,
  }: {
    accounts: ReadonlyMap<string, AccountId>
    groups: readonly { id: GroupId; org: string }[]
    teamIds: readonly TeamId[]
  },
) => {
  const { dev, random } = maker
  const group = groups.find(({ org }) => repo.path.startsWith(`${org}/`))
  const groupId = group !== undefined && maybe(maker, 3) ? group.id : null
  const gate = random.pick([null, null, 'auto', 'manual'] as const)
  await dev.house.db.tx(async (q) => {
    const changes = {
      hold: maybe(maker, 5) ? random.pick(['takedown', 'quarantine', 'legal_hold'] as const) : null,
      group_id: groupId,
      gate,
      gate_covers_members: random.pick([0, 1] as const),
    }
    await q.updateTable('repo').set(changes).where('id', '=', repo.id).execute()
    if (maybe(maker, 3)) {
      const stop = random.pick(['LICENSE_UNKNOWN', 'LICENSE_CONFLICT', null] as const)
      const from = random.pick([0, dev.clock.nowMs() + dayMs])
      await q
        .insertInto('repo_licence')
        .values(stoppedRow(repo, stop, from))
        .execute()
    }
    const grantees: Grantee[] = [
      ...users.map((name) => ({ kind: 'user' as const, id: idOf(accounts, name) })),
      ...teamIds.map((id) => ({ kind: 'team' as const, id })),
    ]
    for (const { kind, id } of grantees.filter(() => maybe(maker, 9))) {
      const role = random.pick(roles)
      const isOnGroup = groupId !== null && maybe(maker, 2)
      const row = {
        target_id: isOnGroup ? groupId : repo.id,
        target_kind: isOnGroup ? ('group' as const) : ('repo' as const),
        grantee_id: id,
        grantee_kind: kind,
        role,
        rank: rankOf(role),
        created_by: null,
        created_at_ms: 1,
        expires_at_ms: expiry(maker),
      }
      await q
        .insertInto('access_grant')
        .values(row)
        .onConflict((c) => c.doNothing())
        .execute()
    }
    if (gate === null) return
    for (const name of [...users, ...orgs].filter(() => maybe(maker, 2))) {
      const subject = idOf(accounts, name)
      const row = {
        id: dev.id<AccessRequestId>(),
        repo_id: repo.id,
        subject_id: subject,
        state: random.pick(['pending', 'accepted', 'accepted', 'rejected'] as const),
        is_grant: 0 as const,
        asked_by: subject,
        fields: '{}',
        terms_sha256: null,
        created_at_ms: 1,
        reviewed_at_ms: null,
        reviewed_by: null,
        reason: null,
        expires_at_ms: expiry(maker),
      }
      await q.insertInto('access_request').values(row).execute()
    }
  })
}

/**
 * Organisations with members, teams, groups and rules; repos with gates, grants and requests; tokens of every kind. One user manages the
 * hub.
 */
export const openWorld = async (
  engine: EngineName,
  seed: number,
  repoCount: number,
  { isAgreed = false, isRuled = false }: { isAgreed?: boolean; isRuled?: boolean } = {},
): Promise<World> => {
  const random = makeRandom(seed)
  const dev = await openDevHouse({ engine })
  const { hub, system } = dev
  const maker = { dev, random }
  const accounts = new Map<string, AccountId>()
  for (const name of users) await dev.user(name, { admin: name === 'dan' })
  for (const org of orgs) await dev.org(org, random.pick(users))
  for (const name of [...users, ...orgs]) {
    const account = await hub.identity.find(name)
    if (account !== undefined) accounts.set(name, account.id)
  }
  const filled = await fillOrgs(maker, accounts)
  const repos: WorldRepo[] = []
  for (let i = 0; i < repoCount; i += 1) {
    const path = `${random.pick([...users, ...orgs])}/r${i}`
    const [owner = '', name = ''] = path.split('/')
    const space = await hub.policy.requireNamespace(system, 'namespace.create', owner)
    const wish = { type: 'model', name, visibility: random.pick(visibilities) } as const
    const config = { path: 'config.json', bytes: Buffer.from('{}') }
    await hub.commits.createRepo(system, space, wish, [config])
    const { repo } = await hub.policy.require(system, 'repo.see', { type: 'model', path })
    await season(maker, { id: repo.id, path }, { accounts, ...filled })
    const agreed =
      isAgreed && (await agree(maker, { id: repo.id, path }, { accounts, users, orgs, ...filled }))
    repos.push({ id: repo.id, path, isAgreed: agreed })
  }
  if (isRuled)
    await putRule(
      maker,
      orgs.map((org) => idOf(accounts, org)),
    )
  const nobody: Ctx = { ...system, actor: { kind: 'anonymous' } }
  const known: { ctx: Ctx; secret: string | undefined }[] = []
  for (const name of users) known.push(...(await callersOf(maker, name, repos, accounts)))
  return {
    dev,
    random,
    repos,
    accounts: users.map((name) => idOf(accounts, name)),
    contexts: [nobody, system, ...known.map(({ ctx }) => ctx)],
    callers: [
      { ctx: nobody, secret: undefined },
      ...known.filter(({ secret }) => secret !== undefined),
    ],
    isRuled,
    [Symbol.asyncDispose]: () => dev[Symbol.asyncDispose](),
  }
}
