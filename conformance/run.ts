import { parseArgs } from 'node:util'
import { agreementCells } from './agreements/cells.ts'
import { hfCells } from './hf/cells.ts'
import type { Cell, CellResult } from './kit/cell.ts'
import { printCell, total, totalLine } from './kit/report.ts'
import { runCell } from './kit/run-cell.ts'
import { scimCells } from './scim/cells.ts'
import { xetCells } from './xet/cells.ts'

const SUITES: Readonly<Record<string, readonly Cell[]>> = {
  hf: hfCells,
  xet: xetCells,
  scim: scimCells,
  agreements: agreementCells,
}

const USAGE = `usage: npm run conformance -- [suite…] [--only cell[,cell]] [--newest] [--list] [--jobs N]

suites: ${Object.keys(SUITES).join(', ')} (all of them by default)
  --only    run these cells alone
  --newest  run the newest release of each client instead of the pinned ones; only reports
  --list    print the names of the cells
  --jobs    how many cells run at the same time (2), beside those that only wait`

function chooseCells(): { cells: readonly Cell[]; jobs: number; newest: boolean; list: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      newest: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      jobs: { type: 'string', default: '2' },
    },
  })
  const suites = positionals.length > 0 ? positionals : Object.keys(SUITES)
  const all = suites.flatMap((suite) => {
    const cells = SUITES[suite]
    if (cells === undefined) throw new Error(`no suite ${suite}`)
    return cells
  })
  const only = values.only.flatMap((names) => names.split(','))
  for (const name of only) {
    if (!all.some((cell) => cell.name === name)) throw new Error(`no cell ${name}`)
  }
  const cells = all.filter(({ name, newest = false }) =>
    only.length > 0 ? only.includes(name) : newest === values.newest,
  )
  const { newest, list } = values
  return { cells, jobs: Math.max(1, Number(values.jobs) || 1), newest, list }
}

async function runAll(cells: readonly Cell[], jobs: number): Promise<CellResult[]> {
  const results: CellResult[] = []
  const work = async (queue: Cell[]) => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      const result = await runCell(cell)
      printCell(result)
      results.push(result)
    }
  }
  const busy = cells.filter(({ waits = false }) => !waits)
  const waiting = cells.filter(({ waits = false }) => waits)
  await Promise.all([work(waiting), ...Array.from({ length: jobs }, () => work(busy))])
  return results
}

async function main(): Promise<number> {
  const { cells, jobs, newest, list } = chooseCells()
  if (list) {
    for (const cell of cells) console.log(cell.name)
    return 0
  }
  const started = Date.now()
  const sum = total(await runAll(cells, jobs))
  console.log(`\n${cells.length} cells in ${((Date.now() - started) / 1000).toFixed(0)} s`)
  if (sum.skipped > 0) console.log(`ATTENTION: ${sum.skipped} tests were SKIPPED, see above`)
  if (newest) console.log('newest releases: this run only reports, it never fails')
  console.log(totalLine(sum))
  return sum.failed > 0 && !newest ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.error(USAGE)
  process.exitCode = 2
}
