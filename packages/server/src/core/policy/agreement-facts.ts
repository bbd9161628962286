/** Gathers what is known of the agreements about a repo, for one actor at this moment. */
import { type AgreementBody, parseBody } from '@weighhouse/formats/agreement/body.ts'
import type { Database } from '#db/connect.ts'
import { type Actor } from '../kernel/actor.ts'
import type { AgreementId, RepoId } from '../kernel/ids.ts'
import { makeLru } from '../kernel/lru.ts'
import type { AgreementFacts } from './agreements.ts'
import {
  type AgreementRow,
  agreementsAbout,
  bodyOf,
  countNamed,
  donePreconditions,
  grantsTo,
} from './agreements.sql.ts'
import type { Asker } from './facts.sql.ts'

/** Bodies never change, so they are parsed once; a body counts as one, since all are bounded. */
const bodiesKept = 500

/** A text is enough to know: constraints hang at any depth, and names of operands mean nothing else. */
const asksForNames = ({ terms }: AgreementBody): boolean =>
  JSON.stringify(terms).includes('"namedUsers"')

export interface AgreementAsk {
  readonly actor: Actor
  readonly asker: Asker
  readonly repoId: RepoId
  readonly ip: string | undefined
}

export const makeAgreementKnowledge = ({ db }: { db: Database }) => {
  const bodies = makeLru<string, AgreementBody>(bodiesKept)

  const bodyFor = async ({
    id,
    in_force: version,
  }: AgreementRow): Promise<AgreementBody | undefined> => {
    const key = `${id}/${version}`
    const known = bodies.get(key)
    if (known !== undefined) return known
    const text = await bodyOf(db.read, id, version)
    if (text === undefined) return undefined
    const body = parseBody(JSON.parse(text))
    bodies.set(key, body, 1)
    return body
  }

  /** Empty where nothing is agreed, and for who is nobody. */
  return async ({ actor, asker, repoId, ip }: AgreementAsk): Promise<readonly AgreementFacts[]> => {
    if (actor.kind !== 'user') return []
    const rows = await agreementsAbout(db.read, repoId, asker)
    if (rows.length === 0) return []
    const ids: readonly AgreementId[] = [...new Set(rows.map(({ id }) => id))]
    const [grants, done] = await Promise.all([
      grantsTo(db.read, ids, asker),
      donePreconditions(db.read, ids),
    ])
    const tokenId = actor.token?.id
    const facts = rows.map(async (row): Promise<AgreementFacts | undefined> => {
      const body = await bodyFor(row)
      // A body that is not there cannot be asked, and what cannot be asked permits nothing.
      if (body === undefined) return undefined
      const mine = grants.filter(
        (grant) =>
          grant.agreement_id === row.id &&
          grant.org_id === row.org_id &&
          (grant.token_id === null || grant.token_id === tokenId),
      )
      return {
        id: row.id,
        title: row.title,
        life: row.life,
        state: row.state,
        body,
        orgId: row.org_id,
        orgType: row.org_type ?? undefined,
        grants: mine.map(({ project, purposes, environment }) => ({
          project,
          // A cast because only the agreements room writes the column.
          purposes: JSON.parse(purposes) as string[],
          environment: environment ?? undefined,
        })),
        hasAccepted: row.assent !== null && row.assent >= row.in_force,
        done: new Set(
          done.filter((one) => one.agreement_id === row.id).map((one) => one.precondition),
        ),
        namedUsers: asksForNames(body)
          ? await countNamed(db.read, { id: row.id, orgId: row.org_id }, asker.nowMs)
          : undefined,
        nowMs: Math.max(asker.nowMs, row.updated_at_ms),
        ip,
      }
    })
    return (await Promise.all(facts)).filter((one) => one !== undefined)
  }
}
