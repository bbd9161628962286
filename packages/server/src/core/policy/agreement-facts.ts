/**
 * Gathers what is known of the agreements about a repo, for one actor at this moment. What permitted last time is asked first, of facts
 * that are read anew: a repo that a hundred agreements are about costs its reader no more than one.
 */
import { type AgreementBody, parseBody } from '@weighhouse/formats/agreement/body.ts'
import type { Database } from '#db/connect.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { makeLru } from '../kernel/lru.ts'
import type { AgreementFacts, AgreementGrantFacts, Counts } from './agreements.ts'
import {
  type AgreementRow,
  agreementsAbout,
  agreementsOfOrg,
  bodyOf,
  attestedOf,
  countedOf,
  countNamed,
  donePreconditions,
} from './agreements.sql.ts'
import type { Asker } from './facts.sql.ts'

/** Bodies never change, so they are parsed once; a body counts as one, since all are bounded. */
const bodiesKept = 500
const permittingKept = 10_000

export interface AgreementAsk {
  readonly actor: Actor
  readonly asker: Asker
  readonly repoId: RepoId
  readonly ip: string | undefined
  /** On top of what was used. */
  readonly asked?: Counts
}

interface KnownBody {
  readonly body: AgreementBody
  readonly asksForNames: boolean
  readonly counts: boolean
  readonly asksForAttestations: boolean
  readonly hasPreconditions: boolean
}

const toKnown = (body: AgreementBody): KnownBody => ({
  body,
  // A text is enough to know: constraints hang at any depth, and names of operands mean nothing else.
  asksForNames: JSON.stringify(body.terms).includes('"namedUsers"'),
  counts: /"(downloads|bytes)Total"/.test(JSON.stringify(body.terms)),
  asksForAttestations: /"(userTraining|ethicsApproval)"/.test(JSON.stringify(body.terms)),
  hasPreconditions: body.terms.permissions.some(({ preconditions }) => preconditions.length > 0),
})

/**
 * Where nothing is asked for yet, a limit that is reached still permits: what was counted today may be fetched again. One of nothing never
 * does.
 */
const withAsked = (used: Counts, asked: Counts | undefined): Counts =>
  asked === undefined
    ? { downloadsTotal: Math.max(1, used.downloadsTotal), bytesTotal: Math.max(1, used.bytesTotal) }
    : {
        downloadsTotal: used.downloadsTotal + asked.downloadsTotal,
        bytesTotal: used.bytesTotal + asked.bytesTotal,
      }

/** It ends before the day that was signed only where notice was given. */
const noticeOf = (
  { to_ms: endMs }: AgreementRow,
  { to }: AgreementBody,
): Pick<AgreementFacts, 'noticeMs'> =>
  endMs === null || (to !== null && Date.parse(to) <= endMs) ? {} : { noticeMs: endMs }

/** Rows of the same agreement and organisation, which follow each other: one for each grant, or one without. */
const byAgreement = (rows: readonly AgreementRow[]): AgreementRow[][] => {
  const groups: AgreementRow[][] = []
  for (const row of rows) {
    const last = groups.at(-1)
    const isSame = last?.[0]?.id === row.id && last[0].org_id === row.org_id
    if (isSame) last.push(row)
    else groups.push([row])
  }
  return groups
}

const grantsIn = (rows: readonly AgreementRow[]): AgreementGrantFacts[] =>
  rows.flatMap(({ project, purposes, environment }) =>
    project === null || purposes === null
      ? []
      : [
          {
            project,
            // A cast because only the agreements room writes the column.
            purposes: JSON.parse(purposes) as string[],
            environment: environment ?? undefined,
          },
        ],
  )

export const makeAgreementKnowledge = ({ db }: { db: Database }) => {
  const bodies = makeLru<string, KnownBody>(bodiesKept)
  const permitting = makeLru<string, readonly AgreementId[]>(permittingKept)

  const bodyFor = async ({
    id,
    in_force: version,
  }: AgreementRow): Promise<KnownBody | undefined> => {
    const key = `${id}/${version}`
    const kept = bodies.get(key)
    if (kept !== undefined) return kept
    const text = await bodyOf(db.read, id, version)
    if (text === undefined) return undefined
    const known = toKnown(parseBody(JSON.parse(text)))
    bodies.set(key, known, 1)
    return known
  }

  const toFacts = async (
    { asker, ip, asked }: Pick<AgreementAsk, 'asker' | 'ip' | 'asked'>,
    [row, ...more]: readonly AgreementRow[],
  ): Promise<AgreementFacts | undefined> => {
    const known = row && (await bodyFor(row))
    // A body that is not there cannot be asked, and what cannot be asked permits nothing.
    if (row === undefined || known === undefined) return undefined
    const done = known.hasPreconditions ? await donePreconditions(db.read, row.id) : []
    return {
      id: row.id,
      title: row.title,
      life: row.life,
      state: row.state,
      body: known.body,
      ...noticeOf(row, known.body),
      orgId: row.org_id,
      orgType: row.org_type ?? undefined,
      grants: grantsIn([row, ...more]),
      hasAccepted: row.assent !== null && row.assent >= row.in_force,
      done: new Set(done),
      namedUsers: known.asksForNames
        ? await countNamed(db.read, { id: row.id, orgId: row.org_id }, asker.nowMs)
        : undefined,
      attested: known.asksForAttestations
        ? await attestedOf(db.read, { id: row.id, orgId: row.org_id }, asker)
        : undefined,
      counted: known.counts
        ? withAsked(await countedOf(db.read, { id: row.id, orgId: row.org_id }), asked)
        : undefined,
      nowMs: Math.max(asker.nowMs, row.updated_at_ms),
      ip,
    }
  }

  const toAll = async (
    ask: Pick<AgreementAsk, 'asker' | 'ip'>,
    rows: readonly AgreementRow[],
  ): Promise<readonly AgreementFacts[]> => {
    const facts = await Promise.all(byAgreement(rows).map((group) => toFacts(ask, group)))
    return facts.filter((one) => one !== undefined)
  }

  const read = async (ask: AgreementAsk, id?: AgreementId): Promise<readonly AgreementFacts[]> => {
    const { actor, asker, repoId } = ask
    const tokenId = actor.kind === 'user' ? actor.token?.id : undefined
    const rows = await agreementsAbout(db.read, { repoId, tokenId }, asker, id)
    return toAll(ask, rows)
  }

  const keyOf = ({ actor, repoId }: AgreementAsk): string | undefined =>
    actor.kind === 'user' ? `${actor.token?.id ?? actor.id}/${repoId}` : undefined

  return {
    /** Every one of them. Empty where nothing is agreed, and for who is nobody. */
    all: async (ask: AgreementAsk): Promise<readonly AgreementFacts[]> =>
      keyOf(ask) === undefined ? [] : read(ask),

    /** What one organisation is given, by any of its grants; that its people accept what they have to is taken for granted. */
    ofOrg: async ({ asker, repoId, ip }: AgreementAsk, orgId: AccountId) => {
      const rows = await agreementsOfOrg(db.read, { repoId, orgId }, asker.nowMs)
      const facts = await toAll({ asker, ip }, rows)
      return facts.map((one): AgreementFacts => ({ ...one, hasAccepted: true }))
    },

    /** Those that permitted last time, as they are now. */
    likely: async (ask: AgreementAsk): Promise<readonly AgreementFacts[]> => {
      const key = keyOf(ask)
      const ids = (key === undefined ? undefined : permitting.get(key)) ?? []
      return (await Promise.all(ids.map((id) => read(ask, id)))).flat()
    },

    /** What permitted now; nothing where something was refused, since all are asked then. */
    remember(ask: AgreementAsk, ids: readonly AgreementId[]): void {
      const key = keyOf(ask)
      if (key === undefined) return
      if (ids.length === 0) permitting.delete(key)
      else permitting.set(key, ids, 1)
    },
  }
}
