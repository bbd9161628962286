/**
 * The filter of lists: which repos an actor may see. Says the same as `decideRepo(actor, 'repo.see', …)`; a property test holds the two
 * together.
 */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import { unreachable } from '../kernel/errors.ts'

/** A condition on the table `repo` of the surrounding query. */
export const visibleRepos =
  (actor: Actor) =>
  <T extends keyof Schema>(outer: ExpressionBuilder<Schema, T | 'repo'>): Expression<SqlBool> => {
    // A cast because whatever else the query joins does not matter here.
    const eb = outer as ExpressionBuilder<Schema, 'repo'>
    switch (actor.kind) {
      case 'system':
        return eb('repo.visibility', 'is not', null)
      case 'anonymous':
        return eb('repo.visibility', '=', 'public')
      case 'user':
        if (actor.isAdmin) return eb('repo.visibility', 'is not', null)
        return eb.or([
          eb('repo.visibility', 'in', ['public', 'internal']),
          eb('repo.owner_id', '=', actor.id),
          eb(
            'repo.owner_id',
            'in',
            eb
              .selectFrom('membership')
              .select('membership.org_id')
              .where('membership.user_id', '=', actor.id),
          ),
        ])
      default:
        return unreachable(actor)
    }
  }

/** The same for `repo.read`: a disabled repo is seen and not read. */
export const readableRepos =
  (actor: Actor) =>
  <T extends keyof Schema>(outer: ExpressionBuilder<Schema, T | 'repo'>): Expression<SqlBool> => {
    const eb = outer as ExpressionBuilder<Schema, 'repo'>
    const seen = visibleRepos(actor)(eb)
    return actor.kind === 'system' ? seen : eb.and([seen, eb('repo.disabled_at_ms', 'is', null)])
  }
