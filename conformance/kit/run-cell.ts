import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cell, CellResult, Step } from './cell.ts'
import { type TestHub, whereIs, withHub } from './hub.ts'
import { readReport, type Tally } from './junit.ts'
import { plainEnv, run } from './process.ts'
import { withRecorder } from './recorder.ts'

const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] }
const TAIL = 20_000

/** Prepares the client, gives it a hub of its own and collects what it reports. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const started = Date.now()
  let version = '?'
  let tally = NOTHING
  let details = ''
  try {
    const prepared = await cell.prepare()
    version = prepared.version
    await withPlace(cell, async (hub) => {
      for (const [index, step] of prepared.steps.entries()) {
        const result = await runStep(cell, step, hub, index)
        tally = add(tally, result.tally)
        details += result.details
      }
      if (tally.failed > 0) details += whatTheHubSaid(hub.output())
    })
  } catch (error) {
    tally = add(tally, oneFailure(`cell ${cell.name}: ${firstLine(error)}`))
    details += `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
  }
  const seconds = (Date.now() - started) / 1000
  return { name: cell.name, version, tally, seconds, details }
}

/** A hub, seen through a recorder if the cell wants one. */
function withPlace<T>(cell: Cell, use: (hub: TestHub) => Promise<T>): Promise<T> {
  return withHub((hub) => {
    if (cell.recorded !== true) return use(hub)
    return withRecorder(hub.url, ({ url, control }) => {
      const env = { ...hub.env, ...whereIs(url), CONFORMANCE_RECORDER: control }
      return use({ ...hub, url, env })
    })
  })
}

async function runStep(cell: Cell, step: Step, hub: TestHub, index: number) {
  const work = join(hub.folder, `step-${index}`)
  const report = join(hub.folder, `report-${index}.xml`)
  await mkdir(work, { recursive: true })
  const { code, output, timedOut } = await run(step.command, step.args(report), {
    cwd: step.cwd,
    env: { ...plainEnv(), ...stepEnv(cell, hub, work), ...step.env },
    timeoutMs: cell.timeoutMs ?? 300_000,
  })
  const read = (await readReport(report)) ?? NOTHING
  const silent = read.failed === 0 && (code !== 0 || read.passed === 0)
  const why = timedOut ? 'ran out of time' : `ended with ${code} and ${read.passed} tests passed`
  const tally = silent ? add(read, oneFailure(`${cell.name} ${why}`)) : read
  return { tally, details: tally.failed > 0 ? `${output.slice(-TAIL * 3)}\n` : '' }
}

function stepEnv(cell: Cell, hub: TestHub, work: string): Record<string, string> {
  return {
    ...hub.env,
    CONFORMANCE_WORK: work,
    HF_HOME: join(work, 'hf-home'),
    ...cell.clientEnv,
    NO_COLOR: '1',
    NO_PROXY: '*',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
  }
}

function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
    skips: [...a.skips, ...b.skips],
  }
}

/** Its warnings and errors from the whole run, then the end of its log. */
function whatTheHubSaid(output: string): string {
  const loud = output.split('\n').filter((line) => /"level":[456]0/u.test(line))
  return `--- the hub warned ---\n${loud.join('\n')}\n--- the hub's log ends ---\n${output.slice(-TAIL)}`
}

function oneFailure(line: string): Tally {
  return { ...NOTHING, failed: 1, failures: [line] }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''
}
