/** `npm run check`: types, lint, format, tidy. Ends with a line of how many passed. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tidy } from './tidy/tidy.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

interface Outcome {
  readonly name: string
  readonly ok: boolean
  readonly output: string
  readonly seconds: number
}

const timed = async (
  name: string,
  work: () => Promise<{ ok: boolean; output: string }>,
): Promise<Outcome> => {
  const started = performance.now()
  const result = await work()
  return { name, ...result, seconds: (performance.now() - started) / 1000 }
}

const program = (name: string, command: string, ...args: string[]): Promise<Outcome> =>
  timed(name, async () => {
    const child = spawn(join(root, 'node_modules', '.bin', command), args, { cwd: root })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    const { promise, resolve } = Promise.withResolvers<number | null>()
    child.on('close', resolve)
    return { ok: (await promise) === 0, output }
  })

const checkTidy = (): Promise<Outcome> =>
  timed('tidy', async () => {
    const findings = await tidy(root)
    const lines = findings.map((one) => `${one.path}:${one.line}  [${one.rule}] ${one.message}`)
    return { ok: findings.length === 0, output: lines.join('\n') }
  })

const outcomes = await Promise.all([
  program('types', 'tsc', '--noEmit', '-p', '.'),
  program('lint', 'oxlint', '--type-aware', '.'),
  program('format', 'oxfmt', '--check', '.'),
  checkTidy(),
])
for (const { name, ok, output, seconds } of outcomes) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`)
  if (!ok) console.log(output)
}
const failed = outcomes.filter(({ ok }) => !ok).length
console.log(`${outcomes.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
