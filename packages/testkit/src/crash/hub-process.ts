import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The real program, started as its users start it. */
export const WEIGHHOUSE = fileURLToPath(new URL('../../../cli/bin/weighhouse.mjs', import.meta.url))

export interface HubOptions {
  readonly dataDir: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  readonly readyWithinMs?: number
}

export interface HubProcess {
  readonly url: string
  readonly pid: number
  readonly output: () => string
  /** SIGTERM, then SIGKILL when it takes longer than ten seconds. */
  readonly stop: () => Promise<void>
  /** SIGKILL to the whole process group: nothing gets to tidy up. */
  readonly kill: () => Promise<void>
}

const READY = /^ready (http:\/\/\S+)/mu
const KEPT_OUTPUT = 200_000
const living = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of living) signal(child, 'SIGKILL')
})
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Whoever listens too tidies up by itself.
  process.once(name, () => {
    if (process.listenerCount(name) === 0) process.exit(130)
  })
}

/** Starts the server and leaves it to the caller to wait for it (see `startHub`). */
export function launchHub(options: HubOptions): {
  readonly child: ChildProcess
  readonly ready: Promise<HubProcess>
} {
  const port = String(options.port ?? 0)
  const args = ['serve', '--data', options.dataDir, '--host', '127.0.0.1', '--port', port]
  const child = spawn(process.execPath, [WEIGHHOUSE, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...options.env },
  })
  living.add(child)
  child.once('exit', () => living.delete(child))
  return { child, ready: whenReady(child, options.readyWithinMs ?? 60_000) }
}

export function startHub(options: HubOptions): Promise<HubProcess> {
  return launchHub(options).ready
}

export async function killGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  signal(child, 'SIGKILL')
  await gone
}

function whenReady(child: ChildProcess, withinMs: number): Promise<HubProcess> {
  let text = ''
  const output = () => text
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal(child, 'SIGKILL')
      reject(new Error(`no ready line within ${withinMs} ms\n${text}`))
    }, withinMs)
    const hear = (chunk: string) => {
      text = (text + chunk).slice(-KEPT_OUTPUT)
      const url = READY.exec(text)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve({
        url,
        pid: child.pid ?? 0,
        output,
        stop: () => stopGroup(child),
        kill: () => killGroup(child),
      })
    }
    child.stdout?.setEncoding('utf8').on('data', hear)
    child.stderr?.setEncoding('utf8').on('data', hear)
    child.once('error', reject)
    child.once('exit', (code, name) => {
      clearTimeout(timer)
      reject(new Error(`server ended before it was ready (${name ?? code})\n${text}`))
    })
  })
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  signal(child, 'SIGTERM')
  const late = setTimeout(() => signal(child, 'SIGKILL'), 10_000)
  await gone
  clearTimeout(late)
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, name)
  } catch {
    child.kill(name)
  }
}
