/** Makes a situation true: one repo of a lab, and rows about it that are written anew for each. */
import type {
  AccessRequestId,
  AccountId,
  RepoId,
  TeamId,
  TokenId,
} from '@weighhouse/server/core/kernel/ids.ts'
import { agreementTables, type Cast, dayMs, putAgreement } from '../agreement-rows.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import type { EngineName } from '../engines.ts'
import { commit, file, header, lfsFile } from '../house/calls.ts'
import { send, writer } from '../house/xet-calls.ts'
import { packed, type XetFile } from '../house/xet-kit.ts'
import { stoppedRow } from '../licence-row.ts'
import { makeRandom } from '../random.ts'
import type { Asker } from './asking.ts'
import { takeTickets } from './doors.ts'
import type { Situation, Who, World } from './situation.ts'

const repo = 'lab/retina'

type Tx = Parameters<Parameters<DevHouse['house']['db']['tx']>[0]>[0]

interface Names {
  readonly lab: AccountId
  readonly clinic: AccountId
  readonly other: AccountId
  readonly dora: AccountId
  readonly mel: AccountId
  readonly team: TeamId
  readonly repo: RepoId
}

export interface Stage extends AsyncDisposable {
  readonly dev: DevHouse
  /** Makes the situation true and answers who asks. */
  set(situation: Pick<Situation, 'who' | 'world'>): Promise<Asker>
}

const putRequest = async (
  dev: DevHouse,
  q: Tx,
  subject: AccountId,
  { repoId, state }: { repoId: RepoId; state: NonNullable<World['request']> },
): Promise<void> => {
  const nowMs = dev.clock.nowMs()
  const row = {
    id: dev.id<AccessRequestId>(),
    repo_id: repoId,
    subject_id: subject,
    state: state === 'over' ? ('accepted' as const) : state,
    is_grant: 0 as const,
    asked_by: subject,
    fields: '{}',
    terms_sha256: null,
    created_at_ms: 1,
    reviewed_at_ms: null,
    reviewed_by: null,
    reason: null,
    expires_at_ms: state === 'over' ? nowMs : null,
    for_org_id: null,
    agreement_id: null,
  }
  await q.insertInto('access_request').values(row).execute()
}

const putLicence = async (dev: DevHouse, q: Tx, world: World, { repo: id }: Names) => {
  await q.deleteFrom('repo_licence').where('repo_id', '=', id).execute()
  const { licence } = world
  if (licence === undefined) return
  const nowMs = dev.clock.nowMs()
  const fromMs = { found: nowMs, decided: nowMs + dayMs }
  const { conflict, unknown, excludes } = licence
  const row = {
    ...stoppedRow({ id, path: repo }, null, 0),
    stop: conflict === undefined ? null : ('LICENSE_CONFLICT' as const),
    stop_from_ms: conflict === undefined ? 0 : fromMs[conflict],
    unknown_from_ms: unknown === undefined ? null : fromMs[unknown],
    excludes: excludes ?? null,
  }
  await q.insertInto('repo_licence').values(row).execute()
}

const putWorld = async (
  dev: DevHouse,
  world: World,
  at: { names: Names; asker: AccountId | undefined; token: TokenId | undefined },
): Promise<void> => {
  const { names, asker } = at
  const cast: Cast = {
    repo: names.repo,
    giver: names.lab,
    taker: names.clinic,
    other: names.other,
    person: names.dora,
    someone: names.mel,
    team: names.team,
    token: at.token,
  }
  await dev.house.db.tx(async (q) => {
    for (const table of agreementTables) await q.deleteFrom(table).execute()
    for (const table of ['access_request', 'org_rule'] as const) await q.deleteFrom(table).execute()
    const changes = {
      visibility: world.visibility ?? 'private',
      hold: world.hold ?? null,
      gate: world.gate ?? null,
      gate_covers_members: world.gateCoversMembers === true ? (1 as const) : (0 as const),
    }
    await putLicence(dev, q, world, names)
    await q.updateTable('repo').set(changes).where('id', '=', names.repo).execute()
    await q
      .updateTable('membership')
      .set({ expires_at_ms: world.hasLeft === true ? dev.clock.nowMs() : null })
      .where('org_id', '=', names.clinic)
      .where('user_id', '=', names.dora)
      .execute()
    for (const agreement of world.agreements ?? []) await putAgreement(dev, q, agreement, cast)
    if (world.request !== undefined && asker !== undefined) {
      await putRequest(dev, q, asker, { repoId: names.repo, state: world.request })
    }
    if (world.orgRequest !== undefined) {
      await putRequest(dev, q, names.clinic, { repoId: names.repo, state: world.orgRequest })
    }
    // A cast because these are the keys of the type.
    const rules = Object.entries(world.rules ?? {}) as ['formats_denied', readonly string[]][]
    for (const [kind, words] of rules) {
      const row = { org_id: names.clinic, kind, words: JSON.stringify(words) }
      await q.insertInto('org_rule').values(row).execute()
    }
  })
}

const people = ['ann', 'mel', 'cem', 'dora', 'eve'] as const

const makeNames = async (dev: DevHouse): Promise<Names> => {
  for (const name of people) await dev.user(name)
  await dev.user('root', { admin: true })
  await dev.org('lab', 'ann')
  await dev.org('clinic', 'cem')
  await dev.org('other', 'cem')
  const idOf = async (name: string): Promise<AccountId> => {
    const found = await dev.hub.identity.find(name)
    if (found === undefined) throw new Error(`no account ${name}`)
    return found.id
  }
  const { policy, identity } = dev.hub
  const heading = (org: string) => policy.requireNamespace(dev.system, 'namespace.manage', org)
  await identity.addMember(dev.system, await heading('lab'), 'mel', 'read')
  await identity.addMember(dev.system, await heading('clinic'), 'dora', 'read')
  await identity.createService(dev.system, await heading('clinic'), 'robot', 'Robot')
  await dev.repo(repo, { visibility: 'public' })
  const permit = await policy.require(dev.system, 'repo.see', { type: 'model', path: repo })
  const team = dev.id<TeamId>()
  const [lab, clinic, other, dora, mel] = await Promise.all(
    ['lab', 'clinic', 'other', 'dora', 'mel'].map(idOf),
  )
  if (!lab || !clinic || !other || !dora || !mel) throw new Error('expected five accounts')
  await dev.house.db.tx(async (q) => {
    const row = { id: team, org_id: clinic, name: 'blue', name_key: 'blue', created_at_ms: 1 }
    await q.insertInto('team').values(row).execute()
    const member = { team_id: team, user_id: dora, created_at_ms: 1 }
    await q.insertInto('team_member').values(member).execute()
    const party = {
      org_id: lab,
      legal_name: 'Lab',
      seat: 'DE',
      org_type: 'Academic',
      updated_at_ms: 1,
    } as const
    await q.insertInto('party').values(party).execute()
  })
  return { lab, clinic, other, dora, mel, team, repo: permit.repo.id }
}

/** Weights as one tensor of bytes. */
const safetensors = (data: Buffer): Buffer => {
  const tensor = { dtype: 'U8', shape: [data.length], data_offsets: [0, data.length] }
  const head = Buffer.from(JSON.stringify({ w: tensor }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(head.length))
  return Buffer.concat([length, head, data])
}

/** The lab's repo, with weights that came by Xet; tokens of everybody, and tickets that they took while it was public. */
export const openStage = async (engine: EngineName): Promise<Stage> => {
  const dev = await openDevHouse({ engine })
  const names = await makeNames(dev)
  const weights: XetFile = packed(safetensors(makeRandom(7).bytes(60_000)))
  const ann = await dev.token('ann', 'write')
  await send(dev, await writer(dev, repo, ann), [weights])
  const lines = [header(), lfsFile('w.safetensors', weights.bytes), file('note.txt', 'same')]
  const pushed = await commit(dev, repo, lines, { token: ann })
  if (pushed.status !== 200) throw new Error(`a commit: ${pushed.status} ${pushed.text}`)
  await dev.house.settle()
  const askers = new Map<Who, { asker: Asker; id: AccountId | undefined }>()
  for (const who of ['nobody', 'eve', 'dora', 'robot', 'mel', 'ann', 'root'] as const) {
    const token = who === 'nobody' ? undefined : await dev.token(who, 'write')
    const base = { dev, repo, weights, token }
    const account = who === 'nobody' ? undefined : await dev.hub.identity.find(who)
    askers.set(who, { asker: { ...base, tickets: await takeTickets(base) }, id: account?.id })
  }
  const second = await dev.hub.identity.authenticate(await dev.token('dora', 'write'))
  return {
    dev,
    async set({ who, world }) {
      const found = askers.get(who)
      if (found === undefined) throw new Error(`nobody is called "${who}"`)
      await putWorld(dev, world, { names, asker: found.id, token: second?.actor.token?.id })
      return found.asker
    },
    [Symbol.asyncDispose]: () => dev[Symbol.asyncDispose](),
  }
}
