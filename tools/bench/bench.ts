/**
 * `npm run bench`: measures the hub against other servers in the same run and writes `docs/benchmarks.md`. Names on the command line choose
 * sections; the others stay as they are. Needs Debian's docker-registry, nginx, restic, apache2-utils and chromium; takes about half an hour.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { agreementCosts } from './agreements.ts'
import { heads } from './heads.ts'
import { lists } from './lists.ts'
import { memory } from './memory.ts'
import { type Finding, renderPage, renderRow } from './page.ts'
import { pages } from './pages.ts'
import { pulls } from './pulls.ts'
import { pushes } from './pushes.ts'
import { signIns } from './sign-ins.ts'
import { suspensions } from './suspensions.ts'
import { starts } from './starts.ts'
import { trees } from './trees.ts'
import { xetChanges } from './xet-change.ts'
import { xetCut } from './xet-cut.ts'
import { xetFamily } from './xet-family.ts'
import { xetPulls, xetPushes } from './xet-push.ts'

const sections: Readonly<Record<string, (folder: string) => Promise<Finding[]>>> = {
  pushes,
  pulls,
  heads,
  trees,
  memory,
  lists,
  signIns,
  agreementCosts,
  suspensions,
  starts,
  pages,
  xetCut,
  xetPushes,
  xetPulls,
  xetChanges,
  xetFamily,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => sections[name] === undefined)
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; known: ${Object.keys(sections).join(', ')}`)
  process.exit(2)
}

const page = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url))
const measured = new Map<string, Finding[]>()
for (const [name, measure] of Object.entries(sections)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`::: ${name}`)
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-bench-'))
  try {
    const found = await measure(folder)
    for (const finding of found) console.log(renderRow(finding))
    measured.set(name, found)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  // After each section, so that what was measured is not lost with what was not.
  const before = await readFile(page, 'utf8').catch(() => '')
  await writeFile(page, renderPage(before, Object.keys(sections), measured))
}
const findings = [...measured.values()].flat()
const missed = findings.filter((finding) => !finding.isMet)
console.log(
  `docs/benchmarks.md is written; ${findings.length - missed.length} bars met, ${missed.length} missed`,
)
