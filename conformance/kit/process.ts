import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

export interface RunResult {
  readonly code: number
  /** Both streams, in the order in which they came. */
  readonly output: string
  readonly timedOut: boolean
}

const PROXY = /^(?:https?|all|no)_proxy$/iu
const CLIENT = /^(?:HF_|HUGGING|TRANSFORMERS_|PYTEST_|PYTHONPATH$|NODE_OPTIONS$|NODE_TEST)/u

/** What a client inherits: no proxy and no setting of an earlier Hugging Face session. */
export function plainEnv(): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !PROXY.test(name) && !CLIENT.test(name)) env[name] = value
  }
  return env
}

const living = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of living) killWithChildren(child)
})

/** A test runner leaves the clients it has started behind, unless they go with it. */
function killWithChildren(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

/** Runs a command to its end; a non-zero code is an answer, not an exception. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that all of it can be ended.
    detached: process.platform !== 'win32',
  })
  living.add(child)
  let output = ''
  const hear = (chunk: string) => (output += chunk)
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    killWithChildren(child)
  }, options.timeoutMs ?? 600_000)
  try {
    await once(child, 'close')
  } finally {
    clearTimeout(timer)
    living.delete(child)
  }
  return { code: child.exitCode ?? -1, output, timedOut }
}

export async function mustRun(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await run(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${output}`)
  return output
}
