/** What a consumer has: the command line of the Hub, its library for Python, and curl. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Said {
  readonly code: number
  readonly text: string
  readonly seconds: number
}

const run = async (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Said> => {
  const started = performance.now()
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
  child.stdin.end()
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  }
  await once(child, 'close')
  const seconds = (performance.now() - started) / 1000
  return { code: child.exitCode ?? -1, text: text.replaceAll(/\s+/g, ' '), seconds }
}

/** `hf …` with a cache of its own, so that nothing is answered from an earlier download. */
export const hf = async (
  hubUrl: string,
  token: string,
  ...args: readonly string[]
): Promise<Said> =>
  run(process.env['AGREEMENTS_HF'] ?? 'hf', args, {
    HF_ENDPOINT: hubUrl,
    HF_TOKEN: token,
    HF_HOME: await mkdtemp(join(tmpdir(), 'weighhouse-hf-')),
    COLUMNS: '10000',
  })

/** What the library made of a call: an answer, or its own error. */
export interface Made {
  readonly answer?: unknown
  readonly error?: string
  readonly status?: number | null
  readonly message?: string
  readonly seconds: number
}

const script = fileURLToPath(new URL('client.py', import.meta.url))

/** A command of `client.py`, with a cache of its own. */
export const library = async (
  hubUrl: string,
  token: string,
  ...args: readonly string[]
): Promise<Made> => {
  const python = process.env['AGREEMENTS_PYTHON'] ?? 'python3'
  const said = await run(python, [script, ...args], {
    HF_ENDPOINT: hubUrl,
    HF_TOKEN: token,
    HF_HOME: await mkdtemp(join(tmpdir(), 'weighhouse-hf-')),
    HF_HUB_DISABLE_PROGRESS_BARS: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
  })
  const at = said.text.indexOf('{"')
  if (said.code !== 0 || at < 0) throw new Error(`the client ended with ${said.code}: ${said.text}`)
  // A cast because only `client.py` prints it, last.
  return { ...(JSON.parse(said.text.slice(at)) as Omit<Made, 'seconds'>), seconds: said.seconds }
}

/** `curl` that takes so many bytes a second and writes them to a file. */
export const slowCurl = (
  url: string,
  token: string,
  { file, bytesPerSecond }: { file: string; bytesPerSecond: number },
): Promise<Said> => {
  const quiet = ['--silent', '--show-error', '--fail', '--location', '--output', file]
  const rate = ['--limit-rate', String(bytesPerSecond)]
  return run('curl', [...quiet, ...rate, '--header', `authorization: Bearer ${token}`, url], {})
}
