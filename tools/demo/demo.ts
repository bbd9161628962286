/**
 * `npm run demo`: two organisations share a model through a hub of their own, with the stock client. `--once` ends afterwards instead of
 * staying up; any mismatch ends it with a code other than 0.
 */
import { commit, createRepo, downloadFile, HubApiError, listFiles } from '@huggingface/hub'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createOrg, createToken, createUser } from '@weighhouse/testkit/crash/admin.ts'
import { type HubProcess, startHub } from '@weighhouse/testkit/crash/hub-process.ts'
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

/** What becomes of someone who may not see the repo. */
const tryFrom = async (hubUrl: string, accessToken: string): Promise<string> => {
  try {
    await downloadFile({ repo, path: 'config.json', hubUrl, accessToken })
    return 'was let in'
  } catch (error) {
    if (error instanceof HubApiError) return `${error.statusCode}, as if there were none`
    throw error
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

const story = async (hub: HubProcess, data: string): Promise<number> => {
  const { url } = hub
  await createUser(data, 'ada')
  await createUser(data, 'ben')
  await createOrg(data, 'north-lab', 'ada')
  await createOrg(data, 'south-hospital', 'ben')
  const ada = await createToken(data, 'ada', 'write')
  const ben = await createToken(data, 'ben', 'read')
  say('1. Two organisations: north-lab (ada) and south-hospital (ben).')

  await createRepo({ repo, visibility: 'private', hubUrl: url, accessToken: ada })
  const first = makeModel()
  const { commit: oid } = await push(url, ada, 'First release', first)
  say(
    `2. ada pushed ${repo.name}: ${first.length} files, ${sizeOf(first)} bytes, commit ${oid.slice(0, 12)}.`,
  )
  say(`3. It is private. ben asks for it: ${await tryFrom(url, ben)}.`)

  await share(url, ada)
  say('4. ada shares it with everybody who has an account here.')

  let different = compare(first, await pull(url, ben))
  say(`5. ben pulled it. ${verdict(different)}`)

  const second = makeModel({ isFineTuned: true })
  const { sentBytes } = await push(url, ada, 'Fine-tuned head', second)
  const size = sizeOf(second)
  const saved = (100 * (1 - sentBytes / size)).toFixed(1)
  say(
    `6. ada fine-tunes the head and pushes again: of ${size} bytes ${sentBytes} are sent and stored,`,
  )
  say(`   ${saved} % saved: chunks that the hub already has stay where they are.`)
  different += compare(second, await pull(url, ben))
  say(`7. ben pulled the new version. ${verdict(different)}`)
  return different
}

const sizeOf = (files: readonly ModelFile[]): number =>
  files.reduce((sum, file) => sum + file.bytes.length, 0)

const verdict = (different: number): string =>
  different === 0 ? 'Every SHA-256 is the same.' : `${different} files DIFFER.`

/** Opens the repo to every account of the hub. */
const share = async (hubUrl: string, accessToken: string): Promise<void> => {
  const answer = await fetch(`${hubUrl}/api/models/${repo.name}/settings`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ visibility: 'internal' }),
  })
  if (!answer.ok) throw new Error(`sharing failed: ${answer.status} ${await answer.text()}`)
}

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
      await untilStopped()
    }
  } finally {
    await hub.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
