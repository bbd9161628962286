/** What the benches of agreements run on: a hub with a public repo, and a private one that a hundred agreements are about. */
import { type AgreementBody, parseBody } from '@weighhouse/formats/agreement/body.ts'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import type {
  AccountId,
  AgreementGrantId,
  AgreementId,
  RepoId,
} from '@weighhouse/server/core/kernel/ids.ts'
import type { Querier } from '@weighhouse/server/db/flavor.ts'
import { openHouse } from '@weighhouse/server/house.ts'
import { createToken } from '@weighhouse/testkit/crash/admin.ts'
import { type BenchHub, openBenchHub } from './hub.ts'

const agreements = 100

/** Who asks: `ann` owns the repos, `doctor` may read by any of the agreements, `nurse` by the last one alone. */
export const agreedAskers = ['ann', 'doctor', 'nurse'] as const

const bodyOf = (id: string, org: { lab: string; clinic: string }, repoId: string) =>
  parseBody({
    format: 'weighhouse.agreement.v1',
    agreement: id,
    version: 1,
    supersedes: null,
    title: 'Bench',
    template: { id: 'research', version: 1 },
    language: 'en',
    parties: [
      { org: org.lab, name: 'lab', role: 'provider', legalName: 'Lab', seat: 'DE', keys: [] },
      {
        org: org.clinic,
        name: 'clinic',
        role: 'consumer',
        legalName: 'Clinic',
        seat: 'AT',
        keys: [],
      },
    ],
    scope: { repos: [{ id: repoId, type: 'model', path: 'lab/agreed' }] },
    clauses: [{ id: '1', title: 'Use', text: 'For research.', strength: 'E' }],
    terms: {
      permissions: [
        { id: 'see', clause: '1', action: 'discover', constraints: [], preconditions: [] },
        {
          id: 'get',
          clause: '1',
          action: 'download',
          constraints: [
            { operand: 'dateTime', operator: 'lt', value: '2100-01-01T00:00:00Z' },
            { operand: 'purpose', operator: 'isA', value: 'NonCommercialResearch' },
            { operand: 'spatial', operator: 'isAnyOf', value: ['EU'] },
          ],
          preconditions: [],
        },
      ],
      prohibitions: [{ id: 'no', clause: '1', action: 'distribute', constraints: [] }],
      obligations: [],
    },
    from: '2020-01-01T00:00:00Z',
    to: '2100-01-01T00:00:00Z',
    timezone: 'UTC',
    noticeDays: 30,
    derivativesOnEnd: { rule: 'survive', days: 0 },
    ownership: { results: 'creator', grantBack: null },
    precedence: 'machine',
    paperRef: null,
    governingLaw: 'Germany',
    contacts: { legal: 'a@b', technical: 'a@b', incident: 'a@b' },
  })

interface Parties {
  readonly lab: { readonly id: AccountId }
  readonly clinic: { readonly id: AccountId }
  readonly doctor: { readonly id: AccountId }
  readonly nurse: { readonly id: AccountId }
}

/** One agreement between the two, in force, with all that it lets the doctor do. What it lets the nurse do is for what the repo is not. */
const writeAgreement = async (
  q: Querier,
  { lab, clinic, doctor, nurse }: Parties,
  { i, repoId }: { i: number; repoId: RepoId },
): Promise<void> => {
  // Casts because only this form is an id.
  const id = i.toString(16).padStart(24, '0') as AgreementId
  const grant = {
    agreement_id: id,
    org_id: clinic.id,
    project: 'bench',
    purposes: '["NonCommercialResearch"]',
    environment: null,
    grantee_kind: 'user' as const,
    token_id: null,
    from_ms: 0,
    to_ms: null,
    ended_at_ms: null,
    created_by: doctor.id,
    created_at_ms: 0,
  }
  const agreement = {
    id,
    title: `Bench ${i}`,
    template_id: 'research',
    begun_by: lab.id,
    shown: 1 as const,
    state: 'active' as const,
    life: 'active' as const,
    in_force: 1,
    from_ms: 0,
    to_ms: Date.UTC(2100, 0),
    offer_until_ms: null,
    seq: 1,
    folder: '{}',
    created_at_ms: 0,
    updated_at_ms: 0,
  }
  const version = {
    agreement_id: id,
    version: 1,
    author_id: lab.id,
    sha256: '0',
    body: canonicalJson(bodyOf(id, { lab: lab.id, clinic: clinic.id }, repoId)),
    created_at_ms: 0,
  }
  const isLast = i === agreements - 1
  await q.insertInto('agreement').values(agreement).execute()
  await q
    .insertInto('agreement_party')
    .values([
      { agreement_id: id, org_id: lab.id, role: 'provider' },
      { agreement_id: id, org_id: clinic.id, role: 'consumer' },
    ])
    .execute()
  await q.insertInto('agreement_version').values(version).execute()
  await q.insertInto('agreement_repo').values({ repo_id: repoId, agreement_id: id }).execute()
  await q
    .insertInto('agreement_grant')
    .values([
      { ...grant, id: id as unknown as AgreementGrantId, grantee_id: doctor.id },
      {
        ...grant,
        id: `f${id.slice(1)}` as unknown as AgreementGrantId,
        purposes: isLast ? grant.purposes : '["Commercial"]',
        grantee_id: nurse.id,
      },
    ])
    .execute()
}

/**
 * A public repo; a private one that a doctor reads by any of a hundred agreements, and a nurse by the last one alone. Answers the body of
 * one.
 */
const fill = async (dataDir: string) => {
  await using house = await openHouse(makeConfig({ data: dataDir }, {}))
  const { hub, db } = house
  const ctx = house.systemCtx('bench')
  const permit = hub.policy.requireHub(ctx)
  for (const name of agreedAskers) await hub.identity.createUser(ctx, permit, { name })
  const lab = await hub.identity.createOrg(ctx, permit, 'lab', 'ann')
  const clinic = await hub.identity.createOrg(ctx, permit, 'clinic', 'doctor')
  const clinicPeople = await hub.policy.requireNamespace(ctx, 'namespace.manage', 'clinic')
  await hub.identity.addMember(ctx, clinicPeople, 'nurse', 'read')
  const doctor = await hub.identity.need('doctor', 'user')
  const nurse = await hub.identity.need('nurse', 'user')
  for (const [name, visibility] of [
    ['open', 'public'],
    ['agreed', 'private'],
  ] as const) {
    const space = await hub.policy.requireNamespace(ctx, 'namespace.create', 'lab')
    await hub.commits.createRepo(ctx, space, { type: 'model', name, visibility }, [])
  }
  const target = { type: 'model', path: 'lab/agreed' } as const
  const { repo } = await hub.policy.require(ctx, 'repo.admin', target)
  const parties = { lab, clinic, doctor, nurse }
  await db.tx(async (q) => {
    for (let i = 0; i < agreements; i += 1) await writeAgreement(q, parties, { i, repoId: repo.id })
  })
  const body = bodyOf('0', { lab: lab.id, clinic: clinic.id }, repo.id)
  return { body, orgId: clinic.id }
}

export interface AgreedHub extends BenchHub {
  /** By name of the asker. */
  readonly tokens: Readonly<Record<string, string>>
  /** Of one agreement, and the organisation that it gives to. */
  readonly body: AgreementBody
  readonly orgId: AccountId
}

/** The hub with both repos, `lab/open` and `lab/agreed`, each with one small file. */
export const openAgreedHub = async (dataDir: string): Promise<AgreedHub> => {
  const filled = await fill(dataDir)
  const tokens: Record<string, string> = {}
  for (const name of agreedAskers) tokens[name] = await createToken(dataDir, name, 'write')
  const hub = await openBenchHub(dataDir, { owner: 'lab', token: tokens['ann'] ?? '' })
  const file = { path: 'config.json', content: 'e30=', encoding: 'base64' }
  for (const name of ['open', 'agreed']) await hub.commit(name, [{ key: 'file', value: file }])
  return { ...hub, tokens, ...filled }
}
