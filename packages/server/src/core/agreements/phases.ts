/** Keeps where an agreement stands for each party, so that lists need not fold every agreement. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import { type Phase, phaseFor, phases } from '@weighhouse/formats/agreement/phase.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { pagesOf } from '../kernel/pages.ts'
import * as lists from './lists.sql.ts'

const phasesOf = (folder: Folder): { phase: Phase; orgs: AccountId[] }[] => {
  const all = folder.parties.map(({ org }) => ({ org, phase: phaseFor(folder, org) }))
  return phases.flatMap((phase) => {
    // A cast because ids travel as text in folders.
    const orgs = all.flatMap((one) => (one.phase === phase ? [one.org as AccountId] : []))
    return orgs.length === 0 ? [] : [{ phase, orgs }]
  })
}

/** After a statement; most of what is said moves it nowhere. */
export const movePhases = async (
  q: Querier,
  before: Folder | undefined,
  next: Folder,
): Promise<void> => {
  const now = phasesOf(next)
  if (before !== undefined && JSON.stringify(phasesOf(before)) === JSON.stringify(now)) return
  // A cast because ids travel as text in folders.
  const id = next.agreement as AgreementId
  for (const one of now) await lists.setPhase(q, id, { ...one, onlyUnknown: false })
}

const pageMax = 200

/** Works it out for agreements of a program that did not keep it. What was said since they were read is known already, and stays. */
export const catchUp = async (
  db: Database,
  folderOf: (row: Row<'agreement'>) => Folder,
): Promise<void> => {
  const pages = pagesOf(
    (page) => lists.unphased(db.read, page),
    ({ id }) => id,
    pageMax,
  )
  for await (const rows of pages) {
    for (const row of rows) {
      const found = phasesOf(folderOf(row))
      await db.tx(async (q) => {
        for (const one of found) await lists.setPhase(q, row.id, { ...one, onlyUnknown: true })
      })
    }
  }
}
