/** Which findings keep a repo from others, and until when a steward's decisions let it through all the same. */
import type { Finding } from '@weighhouse/formats/licence/finding.ts'
import { keyOf } from '@weighhouse/formats/licence/judge.ts'
import type { Row } from '#db/schema.ts'

// Casts because only this room writes the columns.
export const findingsOf = (row: Pick<Row<'repo_licence'>, 'findings'>): readonly Finding[] =>
  JSON.parse(row.findings) as readonly Finding[]
export const coversOf = (row: Pick<Row<'licence_override'>, 'covers'>): readonly string[] =>
  JSON.parse(row.covers) as readonly string[]

export const isInForce = (
  { ended_at_ms: ended, expires_at_ms: expires }: Row<'licence_override'>,
  nowMs: number,
): boolean => ended === null && expires > nowMs

/** Until when a finding is decided about; 0 when it is not. */
export const decidedUntil = (
  one: Finding,
  overrides: readonly Row<'licence_override'>[],
  nowMs: number,
): number =>
  overrides
    .filter((row) => isInForce(row, nowMs) && coversOf(row).includes(keyOf(one)))
    .reduce((latest, row) => Math.max(latest, row.expires_at_ms), 0)

/** Certain violations stop whoever is shown it; what is not known stops those who would be given it by an agreement. */
export const isStop = ({ level }: Finding, to: 'everybody' | 'parties' = 'parties'): boolean =>
  level === 'block' || (level === 'unknown' && to === 'parties')

export const stopOf = (
  findings: readonly Finding[],
  overrides: readonly Row<'licence_override'>[],
  nowMs: number,
): Pick<Row<'repo_licence'>, 'stop' | 'stop_from_ms' | 'unknown_from_ms'> => {
  const stops = (level: Finding['level']): number[] =>
    findings.filter((one) => one.level === level).map((one) => decidedUntil(one, overrides, nowMs))
  const [blocks, unknowns] = [stops('block'), stops('unknown')]
  const unknownFrom = unknowns.length === 0 ? null : Math.min(...unknowns)
  // A violation counts more. One that is decided about leaves what is not known as it is.
  if (blocks.length > 0) {
    const from = Math.min(...blocks)
    return { stop: 'LICENSE_CONFLICT', stop_from_ms: from, unknown_from_ms: unknownFrom }
  }
  if (unknownFrom === null) return { stop: null, stop_from_ms: 0, unknown_from_ms: null }
  return { stop: 'LICENSE_UNKNOWN', stop_from_ms: unknownFrom, unknown_from_ms: null }
}
