/**
 * Gathers what is known of the agreements about a repo, for one actor at this moment. What permitted last time is asked first, of facts
 * that are read anew: a repo that a hundred agreements are about costs its reader no more than one.
 */
import { type AgreementBody, parseBody } from '@weighhouse/formats/agreement/body.ts'
import type { Database } from '#db/connect.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { makeLru } from '../kernel/lru.ts'
import {
  type AgreementFacts,
  type AgreementGrantFacts,
  type Counts,
  type Span,
  spanOf,
} from './agreements.ts'
import { type AgreementRow, agreementsAbout, agreementsOfOrg, bodyOf } from './agreements.sql.ts'
import type { Asker } from './conditions.sql.ts'
import { attestedOf, countedOf, countNamed, donePreconditions } from './terms.sql.ts'

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

/** What a body's terms ask beyond itself. */
interface Questions {
  readonly forNames: boolean
  readonly forCounts: boolean
  readonly forAttestations: boolean
  readonly forPreconditions: boolean
}

interface KnownBody {
  readonly version: number
  readonly body: AgreementBody
  readonly span: Span
  /** Undefined where they ask for nothing. */
  readonly asks: Questions | undefined
}

const questionsOf = ({ terms }: AgreementBody): Questions | undefined => {
  // A text is enough to know: constraints hang at any depth, and names of operands mean nothing else.
  const text = JSON.stringify(terms)
  const asks = {
    forNames: text.includes('"namedUsers"'),
    forCounts: /"(downloads|bytes)Total"/.test(text),
    forAttestations: /"(userTraining|ethicsApproval)"/.test(text),
    forPreconditions: terms.permissions.some(({ preconditions }) => preconditions.length > 0),
  }
  return Object.values(asks).includes(true) ? asks : undefined
}

const toKnown = (body: AgreementBody, version: number): KnownBody => ({
  version,
  body,
  span: spanOf(body),
  asks: questionsOf(body),
})

/** What the terms ask for, found. */
type Found = Pick<AgreementFacts, 'done' | 'namedUsers' | 'attested' | 'counted'>

const nothingAsked: Found = {
  done: new Set(),
  namedUsers: undefined,
  attested: undefined,
  counted: undefined,
}

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
const noticeOf = ({ to_ms: endMs }: AgreementRow, { span }: KnownBody): number | undefined =>
  endMs === null || endMs >= (span.endMs ?? Infinity) ? undefined : endMs

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
  const bodies = makeLru<AgreementId, KnownBody>(bodiesKept)
  const permitting = makeLru<string, AgreementId>(permittingKept)

  const readBody = async ({
    id,
    in_force: version,
  }: AgreementRow): Promise<KnownBody | undefined> => {
    const text = await bodyOf(db.read, id, version)
    if (text === undefined) return undefined
    const known = toKnown(parseBody(JSON.parse(text)), version)
    bodies.set(id, known, 1)
    return known
  }

  const find = async (
    { asker, asked }: Pick<AgreementAsk, 'asker' | 'asked'>,
    { id, org_id: orgId }: AgreementRow,
    asks: Questions,
  ): Promise<Found> => ({
    done: new Set(asks.forPreconditions ? await donePreconditions(db.read, id) : []),
    namedUsers: asks.forNames ? await countNamed(db.read, { id, orgId }, asker.nowMs) : undefined,
    attested: asks.forAttestations ? await attestedOf(db.read, { id, orgId }, asker) : undefined,
    counted: asks.forCounts ? withAsked(await countedOf(db.read, { id, orgId }), asked) : undefined,
  })

  const toFacts = async (
    ask: Pick<AgreementAsk, 'asker' | 'ip' | 'asked'>,
    rows: readonly AgreementRow[],
  ): Promise<AgreementFacts | undefined> => {
    const [row] = rows
    if (row === undefined) return undefined
    const kept = bodies.get(row.id)
    const known = kept?.version === row.in_force ? kept : await readBody(row)
    // A body that is not there cannot be asked, and what cannot be asked permits nothing.
    if (known === undefined) return undefined
    // A clock that is set back before what was said last brings nothing back.
    const nowMs = Math.max(ask.asker.nowMs, row.updated_at_ms)
    const then = { ...ask, asker: { ...ask.asker, nowMs } }
    const found = known.asks === undefined ? nothingAsked : await find(then, row, known.asks)
    return {
      id: row.id,
      title: row.title,
      life: row.life,
      state: row.state,
      body: known.body,
      span: known.span,
      noticeMs: noticeOf(row, known),
      orgId: row.org_id,
      orgType: row.org_type ?? undefined,
      grants: grantsIn(rows),
      hasAccepted: row.assent !== null && row.assent >= row.in_force,
      done: found.done,
      namedUsers: found.namedUsers,
      attested: found.attested,
      counted: found.counted,
      nowMs,
      ip: ask.ip,
    }
  }

  const toAll = async (
    ask: Pick<AgreementAsk, 'asker' | 'ip' | 'asked'>,
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

    /** The one that permitted last time, as it is now. */
    likely: async (ask: AgreementAsk): Promise<readonly AgreementFacts[]> => {
      const key = keyOf(ask)
      const id = key === undefined ? undefined : permitting.get(key)
      return id === undefined ? [] : read(ask, id)
    },

    /** What permitted now; nothing where something was refused, since all are asked then. */
    remember(ask: AgreementAsk, id: AgreementId | undefined): void {
      const key = keyOf(ask)
      if (key === undefined) return
      if (id === undefined) permitting.delete(key)
      else permitting.set(key, id, 1)
    },
  }
}
