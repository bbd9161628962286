import type { CellResult } from './cell.ts'

/** One line per cell, then what did not pass and why. */
export function printCell(result: CellResult): void {
  const { name, version, tally, seconds, details } = result
  const verdict = tally.failed > 0 ? 'FAIL' : 'ok'
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} SKIPPED` : ''
  const counts = `${tally.passed} passed, ${tally.failed} failed${skipped}`
  const label = `${name} (${version})`.padEnd(36)
  console.log(`${verdict.padEnd(5)}${label} ${counts}  ${seconds.toFixed(1)} s`)
  if (tally.failed > 0) console.log(indent(details))
  for (const line of tally.failures) console.log(`      failed  ${line}`)
  for (const line of tally.skips) console.log(`      SKIPPED ${line}`)
}

export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export function total(results: readonly CellResult[]): Totals {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const { tally } of results) {
    sum.passed += tally.passed
    sum.failed += tally.failed
    sum.skipped += tally.skipped
  }
  return sum
}

export function totalLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function indent(text: string): string {
  return text.replaceAll(/^/gmu, '      | ')
}
