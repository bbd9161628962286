/** A hub to measure: the real program, with a user and a token, and the calls the benchmarks make. */
import { createToken, createUser } from '@weighhouse/testkit/crash/admin.ts'
import { type HubProcess, startHub } from '@weighhouse/testkit/crash/hub-process.ts'

export interface BenchHub extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Of who owns what is created here: alice, where nobody is named. */
  readonly token: string
  createRepo(name: string, visibility?: 'public' | 'private'): Promise<void>
  /** Where to PUT a file of this digest and size. */
  uploadUrl(name: string, sha256: string, sizeBytes: number): Promise<string>
  commit(name: string, lines: readonly object[]): Promise<void>
}

const must = async (answer: Response): Promise<Response> => {
  if (answer.ok) return answer
  throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`)
}

interface BatchAnswer {
  readonly objects: readonly { readonly actions?: { readonly upload: { readonly href: string } } }[]
}

const alice = async (dataDir: string) => {
  await createUser(dataDir, 'alice').catch(() => undefined)
  return { owner: 'alice', token: await createToken(dataDir, 'alice', 'write') }
}

export const openBenchHub = async (
  dataDir: string,
  by?: { owner: string; token: string },
): Promise<BenchHub> => {
  const { owner, token } = by ?? (await alice(dataDir))
  const env = {
    WEIGHHOUSE_LOG_LEVEL: 'warn',
    WEIGHHOUSE_LFS_MULTIPART_BYTES: String(2 ** 40),
    // What is measured is the transfer, not the work that follows it.
    WEIGHHOUSE_CHUNK_UPLOADS: 'false',
  }
  const hub: HubProcess = await startHub({ dataDir, env })
  const post = async (path: string, body: string, type: string): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    return must(await fetch(hub.url + path, { method: 'POST', headers, body }))
  }
  return {
    url: hub.url,
    pid: hub.pid,
    token,
    async createRepo(name, visibility = 'public') {
      await post('/api/repos/create', JSON.stringify({ name, visibility }), 'application/json')
    },
    async uploadUrl(name, sha256, sizeBytes) {
      const objects = [{ oid: sha256, size: sizeBytes }]
      const body = JSON.stringify({ operation: 'upload', transfers: ['basic'], objects })
      const path = `/${owner}/${name}.git/info/lfs/objects/batch`
      const answer = await post(path, body, 'application/vnd.git-lfs+json')
      // A cast because the answer's form is the protocol's.
      const href = ((await answer.json()) as BatchAnswer).objects[0]?.actions?.upload.href
      if (href === undefined) throw new Error('expected an upload link')
      return href
    },
    async commit(name, lines) {
      const all = [{ key: 'header', value: { summary: 'bench' } }, ...lines]
      const body = all.map((line) => JSON.stringify(line)).join('\n')
      await post(`/api/models/${owner}/${name}/commit/main`, body, 'application/x-ndjson')
    },
    [Symbol.asyncDispose]: () => hub.stop(),
  }
}

/** A commit line for an uploaded file. */
export const lfsLine = (path: string, sha256: string, sizeBytes: number): object => ({
  key: 'lfsFile',
  value: { path, algo: 'sha256', oid: sha256, size: sizeBytes },
})
