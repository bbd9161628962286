/** What a party could say next of an agreement: for pages and clients that offer only what is taken. */
import { type Folder, problemOf } from './folder.ts'
import type { StatementKind } from './statement.ts'

/** What parties say by themselves, in the order of a talk. */
const acts = [
  'drafted',
  'proposed',
  'countered',
  'agreed',
  'rejected',
  'withdrawn',
  'signed',
  'suspended',
  'resumed',
  'terminated',
  'rescinded',
] as const satisfies readonly StatementKind[]
export type Act = (typeof acts)[number]

/** What a party could say now: for those who show what comes next. */
export const sayableBy = (folder: Folder, org: string): Act[] => {
  const { candidate, lastVersion } = folder
  const next = { version: lastVersion + 1, sha256: '' }
  const onTable = candidate && { version: candidate.version, sha256: candidate.sha256 }
  return acts.filter((kind) => {
    const data = kind === 'drafted' || kind === 'countered' ? next : (onTable ?? {})
    return problemOf(folder, { kind, org, data }) === undefined
  })
}
