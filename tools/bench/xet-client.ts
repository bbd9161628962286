/** The stock Python client with its own `hf_xet`, each time with an empty cache, and what the hub counts of its work. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { plainEnv } from '../../conformance/kit/process.ts'
import { pinnedVenv } from '../../conformance/kit/venv.ts'
import { createToken } from '@weighhouse/testkit/crash/admin.ts'
import { openBenchHub } from './hub.ts'

const run = promisify(execFile)
const requirements = fileURLToPath(
  new URL('../../conformance/hf/requirements/py-2.4.txt', import.meta.url),
)

export interface XetBench extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  readonly token: string
  /** Seconds to push a file or folder into a repo of alice. */
  upload(repo: string, source: string, path?: string): Promise<number>
  /** Seconds to pull one file into an empty folder, by Xet or by a plain GET. */
  download(repo: string, path: string, way: 'xet' | 'plain'): Promise<number>
  /** Bytes of request bodies taken so far. */
  receivedBytes(): Promise<number>
  /** Bytes of xorbs on the disk. */
  storedBytes(): number
  /** Takes the bodies of all xorbs away, behind the hub's back. */
  dropXorbs(): Promise<void>
}

export const openXetBench = async (folder: string): Promise<XetBench> => {
  const data = join(folder, 'data')
  const objects = join(data, 'xorbs', 'objects')
  const hub = await openBenchHub(data)
  const token = await createToken(data, 'alice', 'write')
  const hf = join(dirname(await pinnedVenv('py-2.4', requirements)), 'hf')

  const timed = async (
    args: (home: string) => string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<number> => {
    const home = await mkdtemp(join(tmpdir(), 'weighhouse-bench-client-'))
    const env = { ...plainEnv(), HF_ENDPOINT: hub.url, HF_TOKEN: token, HF_HOME: home, ...more }
    const started = performance.now()
    await run(hf, args(home), { env, maxBuffer: 64 * 1024 * 1024 })
    const seconds = (performance.now() - started) / 1000
    await rm(home, { recursive: true, force: true })
    return seconds
  }

  return {
    url: hub.url,
    pid: hub.pid,
    token,
    upload: (repo, source, path = '.') => timed(() => ['upload', `alice/${repo}`, source, path]),
    download: (repo, path, way) =>
      timed(
        (home) => ['download', `alice/${repo}`, path, '--local-dir', join(home, 'out')],
        way === 'plain' ? { HF_HUB_DISABLE_XET: '1' } : {},
      ),
    async receivedBytes() {
      const text = await (await fetch(`${hub.url}/metrics`)).text()
      return Number(/^weighhouse_http_received_bytes_total (\S+)/m.exec(text)?.[1] ?? 0)
    },
    storedBytes() {
      return Number(execFileSync('du', ['-sb', objects], { encoding: 'utf8' }).split('\t')[0])
    },
    async dropXorbs() {
      for (const name of await readdir(objects)) {
        for (const stored of await readdir(join(objects, name)))
          await rm(join(objects, name, stored))
      }
    },
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  }
}
