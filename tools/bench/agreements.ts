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

/** A public repo, and a private one that a doctor reads by any of a hundred agreements. Answers the body of one. */
const fill = async (dataDir: string) => {
  await using house = await openHouse(makeConfig({ data: dataDir }, {}))
  const { hub, db } = house
  const ctx = house.systemCtx('bench')
  const permit = hub.policy.requireHub(ctx)
  for (const name of ['ann', 'doctor']) await hub.identity.createUser(ctx, permit, { name })
  const lab = await hub.identity.createOrg(ctx, permit, 'lab', 'ann')
  const clinic = await hub.identity.createOrg(ctx, permit, 'clinic', 'doctor')
  const doctor = await hub.identity.need('doctor', 'user')
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
          agreement_id: id,
          org_id: clinic.id,
          project: 'bench',
          purposes: '["NonCommercialResearch"]',
          environment: null,
          grantee_id: doctor.id,
          grantee_kind: 'user',
          token_id: null,
          from_ms: 0,
          to_ms: null,
          ended_at_ms: null,
          created_by: doctor.id,
          created_at_ms: 0,
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
    id: '0',
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

export const agreementCosts = async (folder: string): Promise<Finding[]> => {
  const dataDir = join(folder, 'data')
  const filled = await fill(dataDir)
  const token = await createToken(dataDir, 'doctor', 'read')
  const owner = await createToken(dataDir, 'ann', 'write')
  await using hub = await openBenchHub(dataDir)
  for (const name of ['open', 'agreed']) {
    const lines = [
      { key: 'header', value: { summary: 'bench' } },
      { key: 'file', value: { path: 'config.json', content: 'e30=', encoding: 'base64' } },
    ]
    const answer = await fetch(`${hub.url}/api/models/lab/${name}/commit/main`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
    })
    if (!answer.ok) throw new Error(`the commit answered ${answer.status}`)
  }
  const urlOf = (name: string): string => `${hub.url}/lab/${name}/resolve/main/config.json`
  const headers = [`Authorization: Bearer ${token}`]
  await rateOf(urlOf('open'))
  await rateOf(urlOf('agreed'), headers)
  const open: number[] = []
  const agreed: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    open.push(await rateOf(urlOf('open')))
    agreed.push(await rateOf(urlOf('agreed'), headers))
  }
  const ratio = median(agreed.map((rate, i) => rate / (open[i] ?? Number.NaN)))
  const alone = decideAlone(filled)
  return [
    {
      what: 'HEAD resolve under 100 active agreements, by a token',
      found: `${Math.round(median(agreed))}/s, ${ratio.toFixed(2)}×`,
      reference: `${Math.round(median(open))}/s of a public one`,
      bar: '≥ 0.8×',
      isMet: ratio >= 0.8,
      note: 'all of them are the asker’s: each is read and evaluated at every request',
    },
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
