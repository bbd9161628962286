/** Fuzzes the Xet readers at length: `node tools/run.mjs tools/fuzz-xet.ts [COUNT [SEED]]`. A failure names its seed: COUNT 1 shows it again. */
import { fuzzXet } from '../packages/formats/src/xet/fuzz-support.ts'

const [count = 100_000, seed = 1] = process.argv.slice(2).map(Number)
if (!Number.isSafeInteger(count) || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: node tools/run.mjs tools/fuzz-xet.ts [COUNT [SEED]]\n')
  process.exit(2)
}

const step = 100_000
const start = performance.now()
let slowestMs = 0
for (let done = 0; done < count; done += step) {
  const report = fuzzXet(Math.min(step, count - done), seed + done)
  slowestMs = Math.max(slowestMs, report.slowestMs)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const { rss } = process.memoryUsage()
  const taken = Object.entries(report.tried).map(
    ([name, tried]) => `${name} ${report.taken[name] ?? 0}/${tried}`,
  )
  console.log(
    `${Math.min(count, done + step)} in ${seconds} s, ${(rss / 1e6).toFixed(0)} MB; taken ${taken.join(', ')}`,
  )
}
const peakMb = (process.resourceUsage().maxRSS / 1024).toFixed(0)
console.log(`no failure; slowest input ${slowestMs.toFixed(1)} ms, peak ${peakMb} MB`)
