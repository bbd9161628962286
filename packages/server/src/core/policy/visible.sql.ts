/**
 * The filter of lists: which repos an actor may see. Says the same as `decideRepo(actor, 'repo.see', …)`; a property test holds the two
 * together.
 */
import type { ExpressionBuilder, Expression, SqlBool } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import { unreachable } from '../kernel/errors.ts'

/** A condition on the table `repo` of the surrounding query. */
export const visibleRepos =
  (actor: Actor) =>
  (eb: ExpressionBuilder<Schema, 'repo'>): Expression<SqlBool> => {
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
