/**
 * What agreements cost: HEADs of a repo that a hundred of them are about, and the decision alone.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { answerOf, spanOf } from '@weighhouse/server/core/policy/agreements.ts'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import { type AgreedHub, openAgreedHub } from './agreed-repo.ts'
import { median } from './measure.ts'
import type { Finding } from './page.ts'

const run = promisify(execFile)
const requestsBefore = 10_000
const requests = 1_000
const rounds = 25
const decisions = 20_000

const rateOf = async (url: string, headers: readonly string[], count: number): Promise<number> => {
  const asked = headers.flatMap((header) => ['-H', header])
  const { stdout } = await run('ab', [
    '-i',
    '-k',
    '-q',
    '-c',
    '32',
    '-n',
    String(count),
    ...asked,
    url,
  ])
  if (stdout.includes('Non-2xx')) throw new Error(`ab met failures:\n${stdout}`)
  return Number(/Requests per second:\s+([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN)
}

/** Microseconds of one decision among facts of one agreement. */
const decideAlone = ({ body, orgId }: Pick<AgreedHub, 'body' | 'orgId'>): number => {
  const facts = {
    // A cast because only this form is an id.
    id: '0' as AgreementId,
    title: 'Bench',
    life: 'active' as const,
    state: 'active',
    body,
    span: spanOf(body),
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

const askers = {
  doctor: 'any of them permits; the one that did last is asked first, of facts read anew',
  nurse:
    'the last one alone permits; found among all at the first request, asked first from then on',
  ann: 'the owner’s own rules suffice, so no agreement is asked',
}

export const agreementCosts = async (folder: string): Promise<Finding[]> => {
  await using hub = await openAgreedHub(join(folder, 'data'))
  const rate = (name: string, token = '', count = requests): Promise<number> =>
    rateOf(
      `${hub.url}/lab/${name}/resolve/main/config.json`,
      [`Authorization: Bearer ${token}`],
      count,
    )
  const findings: Finding[] = []
  for (const [name, note] of Object.entries(askers)) {
    const token = hub.tokens[name]
    for (const repo of ['open', 'agreed']) await rate(repo, token, requestsBefore)
    // Many short pairs: the machine is not equally fast all the time.
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
  const alone = decideAlone(hub)
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
