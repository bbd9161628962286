/** Whom an actor looks after: what may be told of people and agreements that are not its own. */
import type { Database } from '#db/connect.ts'
import type { Actor } from '../kernel/actor.ts'
import { decideNamespace } from './decide-accounts.ts'
import type { RepoFacts } from './decide.ts'
import { lookedAfter } from './explain.sql.ts'
import type { Knowledge } from './knowledge.ts'

/** Ids of the organisations that the actor may audit: by its role, and by what its credential reaches. */
export type Looking = (actor: Actor) => Promise<ReadonlySet<string>>

export const makeLooking =
  ({ db, knowledge }: { db: Database; knowledge: Knowledge }): Looking =>
  async (actor) => {
    const found = new Set<string>()
    for (const row of await lookedAfter(db.read, knowledge.askerOf(actor))) {
      const isTokenRefused = await knowledge.isRefused(actor, row.id, row)
      const facts = { ownerId: row.id, role: row.role, isTokenRefused }
      if (decideNamespace(actor, 'namespace.audit', facts).allowed) found.add(row.id)
    }
    return found
  }

/** What somebody's other organisations have agreed on, or let their people take, is no business of who asks about them. */
export const toldOf = (facts: RepoFacts, isTold: (orgId: string) => boolean): RepoFacts => {
  const { ruled, ...own } = facts
  const agreements = own.agreements.filter(({ orgId }) => isTold(orgId))
  if (ruled === undefined) return { ...own, agreements }
  const rules = ruled.rules.filter(({ orgId }) => isTold(orgId))
  return { ...own, agreements, ruled: { ...ruled, rules } }
}
