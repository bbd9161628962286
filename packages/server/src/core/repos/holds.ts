/** Holds: what stands above everybody's rights in a repo, placed and lifted by the hub's administrators. `decide` says what each one stops. */
import type { Database } from '#db/connect.ts'
import type { HoldKind, RepoType } from '#db/schema.ts'
import type { Events } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import type { HubPermit, Permit } from '../policy/index.ts'
import * as sql from './repos.sql.ts'

const reasonCharsMax = 2_000

/** Null lifts the hold. The reason is for the trail, in either case. */
export interface HoldWish {
  readonly kind: HoldKind | null
  readonly reason: string
}

export interface Held {
  readonly id: RepoId
  readonly type: RepoType
  readonly path: string
  readonly hold: HoldKind
}

export interface Holds {
  /**
   * Running downloads end as they do when any right ends. What is so already stays so, without a word in the trail. Errors: `invalid` without
   * a reason of 1 to 2,000 characters; `conflict` under another hold; `repo_not_found`.
   */
  setHold(ctx: Ctx, by: HubPermit, permit: Permit<'repo.see'>, wish: HoldWish): Promise<void>
  /** All that are under one, in order of id, after the given one. */
  held(by: HubPermit, page: { after: string; limit: number }): Promise<Held[]>
}

const checked = (reason: string): string => {
  const text = reason.trim()
  if (text !== '' && text.length <= reasonCharsMax) return text
  throw new HubError(
    'invalid',
    `A hold is placed and lifted with a reason of 1 to ${reasonCharsMax} characters, found ${text.length}. It is written into the trail.`,
  )
}

export const makeHolds = ({ db, events }: { db: Database; events: Events }): Holds => ({
  held: async (_by, page) =>
    (await sql.heldRepos(db.read, page)).map(({ owner_name, name, ...row }) => ({
      ...row,
      path: `${owner_name}/${name}`,
    })),

  setHold(ctx, _by, { repo: { id, path } }, { kind, reason: wished }) {
    const reason = checked(wished)
    return db.tx(async (q, after) => {
      const row = await sql.repoById(q, id)
      if (row === undefined) throw new HubError('repo_not_found', 'Repository not found')
      const from = row.hold
      if (from === kind) return
      if (from !== null && kind !== null) {
        throw new HubError(
          'conflict',
          `${path} is under another hold (${from}), which this one would replace. Lift that first.`,
        )
      }
      await sql.setHold(q, id, kind)
      await events.append({ q, after, ctx }, 'repo_hold_changed', { from, to: kind, reason }, id)
    })
  },
})
