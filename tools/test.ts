/**
 * `npm test`: every test beside its code. `--all` adds the slow ones (`*.slow.test.ts`); `--e2e` runs the journeys in a browser instead,
 * with `--shots` keeping pictures of each page for the documentation, with `--slow` on a slow line, to find what waits too little.
 * Ends with `N passed, N failed`.
 */
import { rmSync } from 'node:fs'
import { glob, mkdir, mkdtemp, readFile, stat, statfs, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildWeb } from './web/build.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    e2e: { type: 'boolean', default: false },
    shots: { type: 'boolean', default: false },
    slow: { type: 'boolean', default: false },
  },
})

/** Words on the command line choose files by their path. */
const isWanted = (path: string): boolean =>
  (values.all || !path.endsWith('.slow.test.ts')) &&
  (positionals.length === 0 || positionals.some((word) => path.includes(word)))

const memoryBytesMin = 8 * 1024 ** 3

/** For what this run writes: in memory where there is room, since tests wait most for a disk that they do not need. */
const makeFolder = async (): Promise<string> => {
  const memory = '/dev/shm'
  const bytes = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  )
  return mkdtemp(join(bytes > memoryBytesMin ? memory : tmpdir(), 'weighhouse-tests-'))
}

const folder = await makeFolder()
process.env['TMPDIR'] = folder
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    // Ends the processes of the tests too.
    stop.abort()
    process.exit(130)
  })

// Pictures of the documentation are made on the way.
if (values.shots) process.env['E2E_SHOTS'] = '1'
if (values.slow) process.env['E2E_SLOW'] = '1'

// Tests of pages look at the app as it is now.
await buildWeb()

const files: string[] = []
const places = values.e2e ? 'e2e/**/*.test.ts' : '{packages/*/src,tools,conformance}/**/*.test.ts'
for await (const path of glob(places, {
  cwd: root,
  exclude: (name) => name === 'node_modules',
})) {
  if (isWanted(path)) files.push(join(root, path))
}

const show = (file: string | undefined): string => (file ?? '').replace(root, '')

/** How long each file took when it was last run here. */
const secondsPath = join(root, 'node_modules/.cache/test-seconds.json')

const readSeconds = async (): Promise<Record<string, number>> => {
  try {
    // A cast because this program wrote it.
    return JSON.parse(await readFile(secondsPath, 'utf8')) as Record<string, number>
  } catch {
    return {}
  }
}

const known = await readSeconds()
const bytesOf = new Map<string, number>()
for (const file of files) bytesOf.set(file, (await stat(file)).size)

// The longest first, so that none is left to run alone at the end. Where nothing is known, a long text takes long.
files.sort((a, b) => {
  const [one, other] = [known[show(a)] ?? Infinity, known[show(b)] ?? Infinity]
  return one === other ? (bytesOf.get(b) ?? 0) - (bytesOf.get(a) ?? 0) : other - one
})

let passed = 0
let failed = 0
const skips: string[] = []
const started = performance.now()

const tests = run({
  files,
  // A hub and a browser wait for each other much of the time.
  concurrency: values.e2e ? availableParallelism() + 1 : 2,
  timeout: values.e2e ? 600_000 * (values.slow ? 3 : 1) : 300_000,
  isolation: 'process',
  signal: stop.signal,
})
tests.on('test:pass', (event) => {
  if (event.details.type === 'suite') return
  if (event.skip !== undefined)
    skips.push(`${show(event.file)}: ${event.name} (${String(event.skip)})`)
  else passed += 1
})
tests.on('test:fail', (event) => {
  if (event.details.type === 'suite') return
  failed += 1
  const { cause } = event.details.error
  console.log(`\nFAIL ${show(event.file)}:${event.line ?? 0}  ${event.name}`)
  console.log(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
})
const secondsOf = new Map<string, number>()
tests.on('test:summary', ({ file, duration_ms: ms }) => {
  if (file !== undefined) secondsOf.set(show(file), ms / 1000)
})
tests.on('test:stderr', (event) => process.stderr.write(event.message))
tests.resume()
const { promise, resolve } = Promise.withResolvers<void>()
tests.on('end', resolve)
await promise

console.log(`\n${files.length} files in ${((performance.now() - started) / 1000).toFixed(0)} s`)
await mkdir(dirname(secondsPath), { recursive: true })
await writeFile(secondsPath, JSON.stringify({ ...known, ...Object.fromEntries(secondsOf) }))
const slowest = [...secondsOf].toSorted(([, a], [, b]) => b - a).slice(0, 10)
for (const [file, seconds] of slowest) console.log(`  ${seconds.toFixed(0).padStart(4)} s  ${file}`)
if (skips.length > 0) {
  console.log(`ATTENTION: ${skips.length} tests were SKIPPED`)
  for (const skip of skips) console.log(`  SKIPPED ${skip}`)
}
if (files.length === 0) {
  console.log('no test file matches')
  failed += 1
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
