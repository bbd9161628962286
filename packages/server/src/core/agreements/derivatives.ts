/** Duties that begin when something that was made of what came under an agreement is on the hub: once for each such repo and rule. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Consumer } from '../events/index.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type Chain, folderOf, type Step } from './chain.ts'
import type { Drafts } from './draft.ts'
import { openingsOfEvent, openingStep } from './duty-rules.ts'
import { derivativeCause } from './duty-terms.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './agreements.sql.ts'
import * as duties from './duties.sql.ts'

interface Derivative {
  readonly repo: RepoId
  /** The party that got what it was made of. */
  readonly taker: AccountId
  /** When it was pushed, however late the hub looks at it. */
  readonly atMs: number
}

/** What set the series going, as duties name it: an id, since the other side need not see the repo. */
const causeOf = ({ repo }: Derivative): string => `${derivativeCause}${repo}`

const isInForce = ({ inForce, life }: Folder): boolean =>
  inForce !== undefined && (life === 'active' || life === 'suspended' || life === 'closing')

export const makeDerivatives = (
  { db, clock, ids, systemCtx }: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Consumer => {
  const { log } = systemCtx

  const stepsOf = async (
    id: AgreementId,
    folder: Folder,
    derivative: Derivative,
  ): Promise<readonly Step[]> => {
    if (folder.inForce === undefined || !isInForce(folder)) return []
    const body = await drafts.read({ id }, folder.inForce.version)
    const cause = causeOf(derivative)
    const known = await duties.seriesOf(db.read, id, limits.dutiesPerAgreementMax)
    const nowMs = clock.nowMs()
    const happened = {
      trigger: 'derivative',
      about: derivative.taker,
      atMs: derivative.atMs,
      cause,
    } as const
    const openings = openingsOfEvent(body, happened, nowMs).filter(
      ({ rule }) => !known.some((one) => one.rule === rule.id && one.cause === cause),
    )
    if (openings.length === 0) return []
    if ((await duties.countDuties(db.read, id)) >= limits.dutiesPerAgreementMax) {
      log.warn({ agreement: id, repo: derivative.repo }, 'a duty for a derivative was not opened')
      return []
    }
    const steps = openings.map((one) => openingStep({ folder, body }, one, { ids, nowMs }))
    if (openings.every(({ rule }) => rule.every === undefined)) return steps
    // Its next rounds come with the clock.
    return steps.map(({ said, beside }) => ({
      said,
      beside: async (tx, next) => ({ ...(await beside?.(tx, next)), duties_ms: nowMs }),
    }))
  }

  return {
    name: 'derivatives',
    concerns: (name) => name === 'repo_inherited',
    async handle(event) {
      if (event.name !== 'repo_inherited') return
      // Casts because ids travel as text in events.
      const repo = event.repoId as RepoId
      for (const { agreementId, takerId } of event.payload.under) {
        const id = agreementId as AgreementId
        const derivative = { repo, taker: takerId as AccountId, atMs: event.atMs }
        const row = await sql.agreementById(db.read, id)
        if (row === undefined || !isInForce(folderOf(row))) continue
        const plan = (folder: Folder) => stepsOf(id, folder, derivative)
        try {
          await chain.sayAll(systemCtx, row, { by: null, plan })
        } catch (error) {
          // One agreement that cannot be spoken of keeps no other waiting.
          if (!isHubError(error)) throw error
          log.error({ err: error, agreement: id, repo }, 'duties for a derivative were not opened')
        }
      }
    },
  }
}
