/** Agreements written straight into the database, for suites that need many of them and nobody's signature. */
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { statementType } from '@weighhouse/formats/agreement/statement.ts'
import { makeEnvelope } from '@weighhouse/formats/dsse/envelope.ts'
import type {
  AccountId,
  AgreementGrantId,
  AgreementId,
  AttestationId,
  RepoId,
  TeamId,
  TokenId,
} from '@weighhouse/server/core/kernel/ids.ts'
import type { DevHouse } from './dev-house.ts'
import type { AgreementWorld } from './situations/situation.ts'

export const dayMs = 24 * 3600_000

type Tx = Parameters<Parameters<DevHouse['house']['db']['tx']>[0]>[0]

/** Who plays which part. */
export interface Cast {
  readonly repo: RepoId
  readonly giver: AccountId
  readonly taker: AccountId
  /** An organisation beside the two. */
  readonly other: AccountId
  /** To whom the taker grants, and somebody else. */
  readonly person: AccountId
  readonly someone: AccountId
  readonly team: TeamId
  /** For a grant that is bound to a token. */
  readonly token: TokenId | undefined
}

const bodyOf = (world: AgreementWorld, { cast, nowMs }: { cast: Cast; nowMs: number }) => {
  const { from = -1, to = 365, limits = [], preconditions = [], prohibitions = [] } = world
  const iso = (days: number): string =>
    `${new Date(nowMs + days * dayMs).toISOString().slice(0, 19)}Z`
  const base = { clause: '1', constraints: [], preconditions: [] }
  return parseBody({
    format: 'weighhouse.agreement.v1',
    agreement: 'situation',
    version: 1,
    supersedes: null,
    title: 'Retina',
    template: { id: 'research', version: 1 },
    language: 'en',
    parties: [
      {
        org: world.isOfOthers === true ? cast.other : cast.giver,
        name: 'lab',
        role: 'provider',
        legalName: 'Lab',
        seat: 'DE',
        keys: [],
      },
      {
        org: cast.taker,
        name: 'clinic',
        role: world.isGiver === true ? 'provider' : 'consumer',
        legalName: 'Clinic',
        seat: 'AT',
        keys: [],
      },
      ...(world.isGiver === true
        ? [
            {
              org: cast.other,
              name: 'other',
              role: 'consumer',
              legalName: 'Other',
              seat: 'FR',
              keys: [],
            },
          ]
        : []),
    ],
    scope: { repos: [{ id: cast.repo, type: 'model', path: 'lab/retina' }] },
    clauses: [{ id: '1', title: 'Use', text: 'As the terms say.', strength: 'E' }],
    terms: {
      permissions: [
        ...(world.seesNothing === true ? [] : [{ id: 'see', action: 'discover', ...base }]),
        { ...base, id: 'get', action: 'download', constraints: limits, preconditions },
      ],
      prohibitions,
      obligations: [],
    },
    from: iso(from),
    to: to === null ? null : iso(to),
    timezone: 'UTC',
    noticeDays: 30,
    derivativesOnEnd: { rule: 'survive', days: 0 },
    ownership: { results: 'creator', grantBack: null },
    precedence: 'machine',
    paperRef: null,
    governingLaw: 'Germany',
    contacts: { legal: 'a', technical: 'b', incident: 'c' },
  })
}

/** Emptied in this order. */
export const agreementTables = [
  'agreement_use',
  'agreement_usage',
  'agreement_meter',
  'agreement_attestation',
  'agreement_grant',
  'agreement_assent',
  'agreement_done',
  'agreement_repo',
  'agreement_version',
  'agreement_party',
  'agreement_statement',
  'agreement',
] as const

const grantRow = (dev: DevHouse, world: AgreementWorld, cast: Cast) => {
  const nowMs = dev.clock.nowMs()
  const kind = world.grant === 'org' ? 'org' : world.grant === 'team' ? 'team' : 'user'
  const user = world.grant === 'someone else' ? cast.someone : cast.person
  return {
    id: dev.id<AgreementGrantId>(),
    org_id: cast.taker,
    project: 'study',
    purposes: JSON.stringify(world.purposes ?? []),
    environment: world.environment ?? null,
    grantee_kind: kind,
    grantee_id: kind === 'org' ? cast.taker : kind === 'team' ? cast.team : user,
    // Not the token that is used.
    token_id: world.grant === 'another token' ? (cast.token ?? null) : null,
    from_ms: nowMs - dayMs,
    to_ms: world.grant === 'over' ? nowMs : null,
    ended_at_ms: world.grant === 'ended' ? nowMs : null,
    created_by: cast.person,
    created_at_ms: nowMs,
  } as const
}

const endOf = ({ notice }: AgreementWorld, to: string | null, nowMs: number): number | null => {
  if (notice !== undefined) return nowMs + notice * dayMs
  return to === null ? null : Date.parse(to)
}

interface At {
  readonly id: AgreementId
  readonly cast: Cast
  readonly nowMs: number
}

/** What was used so far, and what is attested of the person. */
const putCounts = async (
  dev: DevHouse,
  q: Tx,
  { used = {}, attested }: AgreementWorld,
  { id, cast, nowMs }: At,
): Promise<void> => {
  const of = { agreement_id: id, org_id: cast.taker }
  for (const [operand, count] of Object.entries(used)) {
    const meter = { ...of, operand, period: 'all', used: count, reserved: 0, version: 1 }
    await q.insertInto('agreement_meter').values(meter).execute()
  }
  if (attested === undefined) return
  const isElsewhere = attested === 'for another project'
  const row = {
    ...of,
    id: dev.id<AttestationId>(),
    kind: 'userTraining' as const,
    word: 'HumanSubjects',
    subject_kind: isElsewhere ? ('project' as const) : ('user' as const),
    subject_id: isElsewhere ? 'elsewhere' : cast.person,
    link: null,
    sha256: null,
    to_ms: attested === 'over' ? nowMs : null,
    ended_at_ms: attested === 'ended' ? nowMs : null,
    created_at_ms: 1,
  }
  await q.insertInto('agreement_attestation').values(row).execute()
}

/** As the chain has it, but for seal and hashes, which decisions do not look at. */
const putReason = async (q: Tx, { reason }: AgreementWorld, { id, cast, nowMs }: At) => {
  if (reason === undefined) return
  const payload = Buffer.from(JSON.stringify({ kind: 'suspended', data: { reason } }))
  const row = {
    agreement_id: id,
    seq: 1,
    kind: 'suspended',
    org_id: cast.giver,
    at_ms: nowMs,
    hash: id,
    envelope: JSON.stringify(makeEnvelope(statementType, payload, [])),
    command_key: null,
  }
  await q.insertInto('agreement_statement').values(row).execute()
}

/** An agreement as if all had signed it, or none. */
export const putAgreement = async (
  dev: DevHouse,
  q: Tx,
  world: AgreementWorld,
  cast: Cast,
): Promise<void> => {
  const id = dev.id<AgreementId>()
  const nowMs = dev.clock.nowMs()
  const body = bodyOf(world, { cast, nowMs })
  const { life = 'active' } = world
  const row = {
    id,
    title: body.title,
    template_id: 'research',
    begun_by: cast.giver,
    shown: 1 as const,
    state: world.state ?? life,
    life,
    in_force: life === 'none' ? null : 1,
    from_ms: Date.parse(body.from),
    to_ms: endOf(world, body.to, nowMs),
    offer_until_ms: null,
    seq: 1,
    folder: '{}',
    created_at_ms: 0,
    updated_at_ms: 0,
  }
  await q.insertInto('agreement').values(row).execute()
  for (const { org, role } of body.parties) {
    // A cast because ids travel as text in bodies.
    const party = { agreement_id: id, org_id: org as AccountId, role, phase: null }
    await q.insertInto('agreement_party').values(party).execute()
  }
  const version = {
    agreement_id: id,
    version: 1,
    author_id: cast.giver,
    sha256: id,
    created_at_ms: 0,
  }
  await q
    .insertInto('agreement_version')
    .values({ ...version, body: canonicalJson(body) })
    .execute()
  await q.insertInto('agreement_repo').values({ repo_id: cast.repo, agreement_id: id }).execute()
  if (world.grant !== undefined) {
    const grant = { ...grantRow(dev, world, cast), agreement_id: id }
    await q.insertInto('agreement_grant').values(grant).execute()
  }
  await putCounts(dev, q, world, { id, cast, nowMs })
  await putReason(q, world, { id, cast, nowMs })
  if (world.hasAccepted === true) {
    const assent = { agreement_id: id, account_id: cast.person, version: 1, at_ms: 0 }
    await q.insertInto('agreement_assent').values(assent).execute()
  }
  if (world.isDone === true) {
    const done = { agreement_id: id, precondition: 'get/compensate', at_ms: 0, by_id: cast.giver }
    await q.insertInto('agreement_done').values(done).execute()
  }
}
