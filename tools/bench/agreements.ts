/**
 * What agreements cost: HEADs of a repo that a hundred of them are about, and the decision alone. The rows are written straight into the
 * database.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import { answerOf } from '@weighhouse/server/core/policy/agreements.ts'
import type { AgreementGrantId, AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import { openHouse } from '@weighhouse/server/house.ts'
import { createToken } from '@weighhouse/testkit/crash/admin.ts'
import { openBenchHub } from './hub.ts'
import { median } from './measure.ts'
import type { Finding } from './page.ts'

const run = promisify(execFile)
const agreements = 100
const requests = 3_000
const rounds = 3
const decisions = 20_000

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

/**
 * A public repo; a private one that a doctor reads by any of a hundred agreements, and a nurse by the last one alone. Answers
 * the body of one.
 */
const fill = async (dataDir: string) => {
  await using house = await openHouse(makeConfig({ data: dataDir }, {}))
  const { hub, db } = house
  const ctx = house.systemCtx('bench')
  const permit = hub.policy.requireHub(ctx)
  for (const name of ['ann', 'doctor', 'nurse'])
    await hub.identity.createUser(ctx, permit, { name })
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
  const { repo } = await hub.policy.require(ctx, 'repo.admin', {
    type: 'model',
    path: 'lab/agreed',
  })
  const org = { lab: lab.id, clinic: clinic.id }
  const grant = {
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
  await db.tx(async (q) => {
    for (let i = 0; i < agreements; i += 1) {
      // Casts because only this form is an id.
      const id = i.toString(16).padStart(24, '0') as AgreementId
      const text = canonicalJson(bodyOf(id, org, repo.id))
      await q
        .insertInto('agreement')
        .values({
          id,
          title: `Bench ${i}`,
          template_id: 'research',
          begun_by: lab.id,
          state: 'active',
          life: 'active',
          in_force: 1,
          from_ms: 0,
          to_ms: Date.UTC(2100, 0),
          offer_until_ms: null,
          seq: 1,
          folder: '{}',
          created_at_ms: 0,
          updated_at_ms: 0,
        })
        .execute()
      await q
        .insertInto('agreement_party')
        .values([
          { agreement_id: id, org_id: lab.id, role: 'provider' },
          { agreement_id: id, org_id: clinic.id, role: 'consumer' },
        ])
        .execute()
      await q
        .insertInto('agreement_version')
        .values({
          agreement_id: id,
          version: 1,
          author_id: lab.id,
          sha256: '0',
          body: text,
          created_at_ms: 0,
        })
        .execute()
      await q.insertInto('agreement_repo').values({ repo_id: repo.id, agreement_id: id }).execute()
      await q
        .insertInto('agreement_grant')
        .values({
          id: id as unknown as AgreementGrantId,
          ...grant,
          agreement_id: id,
          grantee_id: doctor.id,
        })
        .execute()
      await q
        .insertInto('agreement_grant')
        .values({
          id: `f${id.slice(1)}` as unknown as AgreementGrantId,
          ...grant,
          agreement_id: id,
          purposes: i === agreements - 1 ? grant.purposes : '["Commercial"]',
          grantee_id: nurse.id,
        })
        .execute()
    }
  })
  return { body: bodyOf('0', org, repo.id), orgId: clinic.id }
}

const rateOf = async (url: string, headers: readonly string[] = []): Promise<number> => {
  const asked = headers.flatMap((header) => ['-H', header])
  const { stdout } = await run('ab', [
    '-i',
    '-k',
    '-q',
    '-c',
    '32',
    '-n',
    String(requests),
    ...asked,
    url,
  ])
  if (stdout.includes('Non-2xx')) throw new Error(`ab met failures:\n${stdout}`)
  return Number(/Requests per second:\s+([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN)
}

/** Microseconds of one decision among facts of one agreement. */
const decideAlone = ({ body, orgId }: Awaited<ReturnType<typeof fill>>): number => {
  const facts = {
    // A cast because only this form is an id.
    id: '0' as AgreementId,
    title: 'Bench',
    life: 'active' as const,
    state: 'active',
    body,
    orgId,
    orgType: 'Academic',
    grants: [{ project: 'bench', purposes: ['NonCommercialResearch'], environment: undefined }],
    hasAccepted: false,
    done: new Set<string>(),
    namedUsers: undefined,
    counted: undefined,
    attested: undefined,
    nowMs: Date.UTC(2026, 10),
    ip: '192.0.2.1',
  }
  const times: number[] = []
  for (let i = 0; i < decisions; i += 1) {
    const started = performance.now()
    if (answerOf([facts], 'download')?.allowed !== true) throw new Error('expected a permit')
    times.push((performance.now() - started) * 1000)
  }
  return median(times)
}

const pushOne = async (url: string, name: string, token: string): Promise<void> => {
  const lines = [
    { key: 'header', value: { summary: 'bench' } },
    { key: 'file', value: { path: 'config.json', content: 'e30=', encoding: 'base64' } },
  ]
  const answer = await fetch(`${url}/api/models/lab/${name}/commit/main`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  })
  if (!answer.ok) throw new Error(`the commit answered ${answer.status}`)
}

const askers = {
  doctor: 'any of them permits; the one that did last is asked first, of facts read anew',
  nurse:
    'the last one alone permits; found among all at the first request, asked first from then on',
  ann: 'the owner’s own rules suffice, so no agreement is asked',
}

export const agreementCosts = async (folder: string): Promise<Finding[]> => {
  const dataDir = join(folder, 'data')
  const filled = await fill(dataDir)
  const tokens: Record<string, string> = {}
  for (const name of Object.keys(askers)) tokens[name] = await createToken(dataDir, name, 'write')
  await using hub = await openBenchHub(dataDir)
  for (const name of ['open', 'agreed']) await pushOne(hub.url, name, tokens['ann'] ?? '')
  const rate = (name: string, token?: string): Promise<number> =>
    rateOf(
      `${hub.url}/lab/${name}/resolve/main/config.json`,
      token === undefined ? [] : [`Authorization: Bearer ${token}`],
    )
  const findings: Finding[] = []
  for (const [name, note] of Object.entries(askers)) {
    const token = tokens[name]
    await rate('open', token)
    await rate('agreed', token)
    const pairs: { open: number; agreed: number }[] = []
    for (let round = 0; round < rounds; round += 1) {
      pairs.push({ open: await rate('open', token), agreed: await rate('agreed', token) })
    }
    const ratio = median(pairs.map(({ open, agreed }) => agreed / open))
    findings.push({
      what: `HEAD resolve under 100 active agreements, by ${name}’s token`,
      found: `${Math.round(median(pairs.map(({ agreed }) => agreed)))}/s, ${ratio.toFixed(2)}×`,
      reference: `${Math.round(median(pairs.map(({ open }) => open)))}/s of a public one, by the same token`,
      bar: '≥ 0.8×',
      isMet: ratio >= 0.8,
      note,
    })
  }
  const alone = decideAlone(filled)
  return [
    ...findings,
    {
      what: 'the decision among loaded facts',
      found: `${alone.toFixed(1)} µs median`,
      reference: '',
      bar: '≤ 50 µs',
      isMet: alone <= 50,
      note: 'one agreement with three limits',
    },
  ]
}
