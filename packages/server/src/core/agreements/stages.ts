/** Keeps where an agreement stands for each party, so that lists need not fold every agreement. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import { type Stage, stageFor, stages } from '@weighhouse/formats/agreement/stage.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import * as lists from './lists.sql.ts'

const stagesOf = (folder: Folder): { stage: Stage; orgs: AccountId[] }[] => {
  const all = folder.parties.map(({ org }) => ({ org, stage: stageFor(folder, org) }))
  return stages.flatMap((stage) => {
    // A cast because ids travel as text in folders.
    const orgs = all.flatMap((one) => (one.stage === stage ? [one.org as AccountId] : []))
    return orgs.length === 0 ? [] : [{ stage, orgs }]
  })
}

/** After a statement; most of what is said moves it nowhere. */
export const moveStages = async (
  q: Querier,
  before: Folder | undefined,
  next: Folder,
): Promise<void> => {
  const now = stagesOf(next)
  if (before !== undefined && JSON.stringify(stagesOf(before)) === JSON.stringify(now)) return
  // A cast because ids travel as text in folders.
  const id = next.agreement as AgreementId
  for (const one of now) await lists.setStage(q, id, { ...one, onlyUnknown: false })
}

const pageMax = 200

/** Works it out for agreements of a program that did not keep it. What was said since they were read is known already, and stays. */
export const catchUp = async (
  db: Database,
  folderOf: (row: Row<'agreement'>) => Folder,
): Promise<void> => {
  for (let after = ''; ;) {
    const rows = await lists.unstaged(db.read, { after, limit: pageMax })
    for (const row of rows) {
      const found = stagesOf(folderOf(row))
      await db.tx(async (q) => {
        for (const one of found) await lists.setStage(q, row.id, { ...one, onlyUnknown: true })
      })
    }
    if (rows.length < pageMax) return
    after = rows.at(-1)?.id ?? after
  }
}
