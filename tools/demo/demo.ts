/**
 * `npm run demo`: two organisations share a model through a hub of their own under an agreement, with the stock client. `--once` ends afterwards instead of
 * staying up; any mismatch ends it with a code other than 0.
 */
import { commit, createRepo, downloadFile, HubApiError, listFiles } from '@huggingface/hub'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseEvidence } from '@weighhouse/formats/agreement/evidence.ts'
import { verifyEvidence } from '@weighhouse/formats/agreement/verify.ts'
import { createToken, passwordOf } from '@weighhouse/testkit/crash/admin.ts'
import { type HubProcess, startHub } from '@weighhouse/testkit/crash/hub-process.ts'
import {
  offer,
  settle,
  signByBoth,
  untilState,
  valuesNow,
} from '@weighhouse/testkit/story/agreement.ts'
import { openParty, type PartyAtHub } from '@weighhouse/testkit/story/parties.ts'
import { makeModel, type ModelFile } from './model.ts'

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } })

const say = (line = ''): void => console.log(line)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const repo = { type: 'model', name: 'north-lab/report-triage' } as const

interface Pushed {
  readonly commit: string
  /** Bytes of chunks that went over the wire. */
  readonly sentBytes: number
}

const push = async (
  hubUrl: string,
  accessToken: string,
  title: string,
  files: readonly ModelFile[],
): Promise<Pushed> => {
  let sentBytes = 0
  const counting: typeof fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    if (url.includes('/v1/xorbs/')) {
      sentBytes += new Blob([init?.body as BlobPart]).size
    }
    return fetch(input, init)
  }
  const answer = await commit({
    repo,
    title,
    operations: files.map(({ path, bytes }) => ({
      operation: 'addOrUpdate',
      path,
      content: new Blob([new Uint8Array(bytes)]),
    })),
    useXet: true,
    fetch: counting,
    hubUrl,
    accessToken,
  })
  return { commit: answer?.commit.oid ?? '', sentBytes }
}

const pull = async (hubUrl: string, accessToken: string): Promise<ModelFile[]> => {
  const files: ModelFile[] = []
  for await (const { path, type } of listFiles({ repo, hubUrl, accessToken })) {
    if (type !== 'file' || path === '.gitattributes') continue
    const blob = await downloadFile({ repo, path, hubUrl, accessToken, xet: true })
    if (blob === null) throw new Error(`${path} is listed and cannot be downloaded`)
    files.push({ path, bytes: new Uint8Array(await blob.arrayBuffer()) })
  }
  return files
}

/** What becomes of someone who may not read the repo; this client shows only numbers, so the sentence is read as others show it. */
const tryFrom = async (hubUrl: string, accessToken: string): Promise<string> => {
  try {
    await downloadFile({ repo, path: 'config.json', hubUrl, accessToken })
    return 'was let in'
  } catch (error) {
    if (!(error instanceof HubApiError)) throw error
    if (error.statusCode === 404) return '404, as if there were none'
    const headers = { authorization: `Bearer ${accessToken}` }
    const answer = await fetch(`${hubUrl}/${repo.name}/resolve/main/config.json`, { headers })
    const sentence = answer.headers.get('x-error-message') ?? 'no reason'
    return `${error.statusCode}\n   “${sentence}”`
  }
}

/** Compares what was pulled with what was pushed, file by file; answers how many differ. */
const compare = (pushed: readonly ModelFile[], pulled: readonly ModelFile[]): number => {
  let different = 0
  for (const { path, bytes } of pushed) {
    const found = pulled.find((file) => file.path === path)
    const same = found !== undefined && sha256(found.bytes) === sha256(bytes)
    if (!same) different += 1
    const size = `${bytes.length} bytes`.padStart(14)
    say(`    ${same ? 'same' : 'DIFFERENT'}  ${sha256(bytes).slice(0, 16)}…  ${size}  ${path}`)
  }
  return different + Math.abs(pulled.length - pushed.length)
}

const people = {
  lab: {
    org: 'north-lab',
    legalName: 'North Lab e.V.',
    seat: 'DE',
    people: ['ada', 'ann', 'avi'],
  },
  hospital: {
    org: 'south-hospital',
    legalName: 'South Hospital gGmbH',
    seat: 'AT',
    people: ['ben', 'bea', 'bob'],
  },
} as const

const story = async (hub: HubProcess, dataDir: string): Promise<number> => {
  const { url } = hub
  const provider = await openParty({ url, dataDir }, people.lab)
  const consumer = await openParty({ url, dataDir }, people.hospital)
  const ada = await createToken(dataDir, 'ada', 'write')
  const ben = await createToken(dataDir, 'ben', 'read')
  say('1. Two organisations: north-lab (ada signs for it) and south-hospital (ben does).')

  await createRepo({ repo, visibility: 'private', hubUrl: url, accessToken: ada })
  const first = makeModel()
  const { commit: oid } = await push(url, ada, 'First release', first)
  say(
    `2. ada pushed ${repo.name}: ${first.length} files, ${sizeOf(first)} bytes, commit ${oid.slice(0, 12)}.`,
  )
  const before = await tryFrom(url, ben)
  say(`3. It is private. ben asks for it: ${before}.`)
  let wrong = before.startsWith('404') ? 0 : 1

  const offered = await offer({ provider, consumer, repo: repo.name })
  const talk = await settle(offered, valuesNow({ users: 20 }))
  say(
    '4. north-lab proposes a research collaboration, south-hospital counters with 20 named users,',
  )
  say(
    `   north-lab agrees. Both sign version ${talk.version}: SHA-256 ${talk.sha256.slice(0, 16)}…`,
  )
  await signByBoth(talk)
  await untilState(talk, 'active')
  const ungranted = await tryFrom(url, ben)
  say(`5. ben asks again: ${ungranted}`)
  wrong += ungranted.startsWith('403') ? 0 : 1

  await consumer.signer.client.grantAgreement({
    org: consumer.org,
    id: talk.id,
    project: 'Triage study',
    purposes: ['NonCommercialResearch'],
    to: { kind: 'org' },
  })
  wrong += compare(first, await pull(url, ben))
  say(`6. south-hospital lets its people use it for its study; ben pulls. ${verdict(wrong)}`)

  const second = makeModel({ isFineTuned: true })
  const { sentBytes } = await push(url, ada, 'Fine-tuned head', second)
  const size = sizeOf(second)
  const saved = (100 * (1 - sentBytes / size)).toFixed(1)
  say(
    `7. ada fine-tunes the head and pushes again: of ${size} bytes ${sentBytes} are sent and stored,`,
  )
  say(`   ${saved} % saved: chunks that the hub already has stay where they are.`)
  wrong += compare(second, await pull(url, ben))
  say(`   ben pulled the new version. ${verdict(wrong)}`)

  const reason = 'A report has to be looked into.'
  await provider.signer.client.suspendAgreement({ org: provider.org, id: talk.id, reason })
  const suspended = await tryFrom(url, ben)
  say(`8. north-lab suspends the agreement. ben: ${suspended}`)
  wrong += suspended.startsWith('403') ? 0 : 1
  wrong += await checkEvidence(consumer, talk)
  return wrong
}

/** What south-hospital holds in its hands, checked without the hub. */
const checkEvidence = async (
  { org, signer }: PartyAtHub,
  { id }: { id: string },
): Promise<number> => {
  const { publicKey } = await signer.client.getHubSeal()
  const answer = await signer.get(`/weighhouse/v1/orgs/${org}/agreements/${id}/evidence`)
  const { ok, checks, signatures } = await verifyEvidence(
    parseEvidence(await answer.json()),
    publicKey,
  )
  const names = signatures.map(({ legalName }) => legalName).join(' and ')
  say(`9. south-hospital exports the evidence: ${checks.length} checks, signed by ${names}.`)
  for (const one of checks.filter((found) => !found.ok)) say(`   WRONG ${one.what}: ${one.detail}`)
  return ok ? 0 : 1
}

const sizeOf = (files: readonly ModelFile[]): number =>
  files.reduce((sum, file) => sum + file.bytes.length, 0)

const verdict = (different: number): string =>
  different === 0 ? 'Every SHA-256 is the same.' : `${different} files DIFFER.`

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })

const folder = await mkdtemp(join(tmpdir(), 'weighhouse-demo-'))
const data = join(folder, 'data')
try {
  const hub = await startHub({ dataDir: data })
  try {
    say(`Weighhouse at ${hub.url}, in ${folder}`)
    say()
    const different = await story(hub, data)
    say()
    if (different > 0) process.exitCode = 1
    else if (values.once) say('1 passed, 0 failed')
    if (!values.once) {
      say(`The hub stays up: open ${hub.url} in a browser. Ctrl-C ends it and removes the folder.`)
      for (const name of ['ada', 'ben']) say(`  ${name} signs in with ${passwordOf(name)}`)
      await untilStopped()
    }
  } finally {
    await hub.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
