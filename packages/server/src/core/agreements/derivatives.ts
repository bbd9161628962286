/** Remembers what is made of what came under an agreement, and has its rules looked at: duties begin once for each such repo and rule. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Consumer } from '../events/index.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { folderOf } from './chain.ts'
import type { DutyClock } from './duty-clock.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './agreements.sql.ts'
import * as duties from './duties.sql.ts'

const isInForce = ({ inForce, life }: Folder): boolean =>
  inForce !== undefined && (life === 'active' || life === 'suspended' || life === 'closing')

export const makeDerivatives = (
  { db, systemCtx }: Pick<AgreementsDeps, 'db' | 'systemCtx'>,
  { lookNow }: Pick<DutyClock, 'lookNow'>,
): Consumer => ({
  name: 'derivatives',
  concerns: (name) => name === 'repo_inherited',
  async handle(event) {
    if (event.name !== 'repo_inherited') return
    // Casts because ids travel as text in events.
    const repo = event.repoId as RepoId
    for (const { agreementId, takerId } of event.payload.under) {
      const id = agreementId as AgreementId
      const row = await sql.agreementById(db.read, id)
      if (row === undefined || !isInForce(folderOf(row))) continue
      const derivative = { agreement_id: id, repo_id: repo, taker_id: takerId as AccountId }
      await db.tx((q) => duties.putDerivative(q, { ...derivative, at_ms: event.atMs }))
      try {
        await lookNow(systemCtx, id)
      } catch (error) {
        // One agreement that cannot be spoken of keeps no other waiting.
        if (!isHubError(error)) throw error
        systemCtx.log.error(
          { err: error, agreement: id, repo },
          'duties for a derivative were not opened',
        )
      }
    }
  },
})
