/**
 * What is inside a repo is told to those alone who may look inside: by no field of a list, no filter, no count, no order. The owner's own
 * rules are conditions of SQL; agreements have terms, which are asked for each repo.
 */
import type { Database } from '#db/connect.ts'
import type { RepoType } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { Clock } from '../kernel/time.ts'
import type { Policy } from '../policy/index.ts'
import * as sql from './search.sql.ts'

/** Repos of which agreements are asked for one list: those beyond are found by their names alone. */
const agreedMax = 200

export const makeTelling = ({
  db,
  policy,
  clock,
}: {
  db: Database
  policy: Pick<Policy, 'abilities'>
  clock: Clock
}) => {
  const lookerOf = ({ actor }: Ctx): sql.Looker => ({ actor, nowMs: clock.nowMs() })

  const mayBrowse = async (ctx: Ctx, id: RepoId): Promise<boolean> => {
    try {
      return (await policy.abilities(ctx, id)).may.includes('repo.browse')
    } catch (error) {
      // Deleted or hidden since it was found.
      if (!isHubError(error, 'repo_not_found')) throw error
      return false
    }
  }

  return {
    lookerOf,

    /** For questions about what is inside. Few repos are anybody's by an agreement alone. */
    async insiderOf(ctx: Ctx, type: RepoType): Promise<sql.Insider> {
      const looker = lookerOf(ctx)
      if (ctx.actor.kind !== 'user') return { ...looker, byAgreement: [] }
      const byAgreement: RepoId[] = []
      for (const id of await sql.seenFromOutside(db.read, looker, type, agreedMax)) {
        if (await mayBrowse(ctx, id)) byAgreement.push(id)
      }
      return { ...looker, byAgreement }
    },

    mayTell: async (ctx: Ctx, { id, is_told: isTold }: Pick<sql.ListedRow, 'id' | 'is_told'>) =>
      Boolean(isTold) || mayBrowse(ctx, id),
  }
}
