/** What is shown of licences and lineage: to the owner's people what is wrong and how to mend it, to others what holds. */
import type { Finding, Proposal, Verdict } from '@weighhouse/formats/licence/finding.ts'
import { type Judgement, keyOf } from '@weighhouse/formats/licence/judge.ts'
import { type EffectiveTerms, freeTerms } from '@weighhouse/formats/licence/terms.ts'
import type { RepoType } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { assert } from '../kernel/errors.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { BrowsePermit } from '../policy/index.ts'
import { proposalOf } from './guard.ts'
import type { LineageDeps } from './index.ts'
import { expressionOf, judgeRepo, tieRow } from './judging.ts'
import * as sql from './lineage.sql.ts'
import { readStated } from './stated.ts'
import { decidedUntil, findingsOf } from './stops.ts'

export interface ShownFinding extends Finding {
  readonly key: string
  /** Until when a steward has decided about it. */
  readonly decidedUntilMs: number | undefined
}

export interface LicenceView {
  /** As SPDX spells it; undefined when the card says nothing clear. */
  readonly expression: string | undefined
  readonly verdict: Verdict
  readonly terms: EffectiveTerms
  /** For those who may change the repo; others get none. */
  readonly findings: readonly ShownFinding[]
  readonly proposal: Proposal
}

export interface Relative {
  readonly type: RepoType
  /** `owner/name`. */
  readonly name: string
  /** Of the lower to the upper one. */
  readonly relation: string
  /** 1 for a parent or a child. */
  readonly depth: number
  /** Is it on this hub, where the viewer sees it? One that is hidden and one that is elsewhere look alike. */
  readonly isHere: boolean
}

export interface LineageView {
  readonly ancestors: readonly Relative[]
  readonly descendants: readonly Relative[]
  /** Descendants that the viewer does not see. */
  readonly hiddenDescendants: number
  /** There are more than are shown. */
  readonly isCut: boolean
}

export interface Shown {
  readonly type: RepoType
  /** `owner/name`. */
  readonly path: string
}

/** A card that is not committed, of a repo that need not be there. */
export interface Draft {
  readonly id?: RepoId
  readonly ownerId: AccountId
  readonly path: string
  readonly card: string
}

export interface Views {
  licence(ctx: Ctx, permit: BrowsePermit): Promise<LicenceView>
  /** What would be said if this card were committed. Nothing is written. */
  check(ctx: Ctx, draft: Draft): Promise<Judgement & { expression: string | undefined }>
  lineage(ctx: Ctx, permit: BrowsePermit): Promise<LineageView>
  /** Those of these repos that somebody sees, by id: at most a page of them. */
  shown(ctx: Ctx, ids: readonly RepoId[]): Promise<ReadonlyMap<string, Shown>>
}

const relativesMax = 500
const depthMax = 16

const nothing: LicenceView = {
  expression: undefined,
  verdict: 'ask',
  terms: freeTerms,
  findings: [],
  proposal: {},
}

/** Names of those whose licence is not known may be of repos that others do not see. */
const shownTerms = (terms: EffectiveTerms, isTheirs: boolean): EffectiveTerms =>
  isTheirs ? terms : { ...terms, unknown: [] }

export const makeViews = ({ db, policy, clock }: LineageDeps): Views => {
  type Eyes = Parameters<typeof sql.visibleAmong>[1]

  const upwards = async (eyes: Eyes, root: RepoId) => {
    const found: Relative[] = []
    const seen = new Set<RepoId>([root])
    let level: readonly RepoId[] = [root]
    for (let depth = 1; depth <= depthMax && level.length > 0; depth += 1) {
      const ties = await sql.tiesOf(db.read, level)
      const ids = ties.flatMap(({ parent_id: id }) => id ?? [])
      const here = new Map((await sql.visibleAmong(db.read, eyes, ids)).map((one) => [one.id, one]))
      for (const { type, name, relation, parent_id: id } of ties) {
        const one = id === null ? undefined : here.get(id)
        found.push({ type, name: one?.path ?? name, relation, depth, isHere: one !== undefined })
      }
      if (found.length > relativesMax) return { found: found.slice(0, relativesMax), isCut: true }
      level = [...here.keys()].filter((id) => !seen.has(id))
      level.forEach((id) => seen.add(id))
    }
    return { found, isCut: level.length > 0 }
  }

  const downwards = async (eyes: Eyes, root: RepoId) => {
    const found: Relative[] = []
    let hidden = 0
    const seen = new Set<RepoId>([root])
    let level: readonly RepoId[] = [root]
    for (let depth = 1; depth <= depthMax && level.length > 0; depth += 1) {
      const next: RepoId[] = []
      for (const parent of level) {
        const page = { after: '', limit: relativesMax + 1 }
        const children = await sql.childrenOf(db.read, parent, page)
        const fresh = (await sql.standing(db.read, children)).filter((id) => !seen.has(id))
        fresh.forEach((id) => seen.add(id))
        if (seen.size > relativesMax) return { found, hidden, isCut: true }
        const shown = await sql.visibleAmong(db.read, eyes, fresh)
        hidden += fresh.length - shown.length
        const ties = await sql.tiesOf(db.read, fresh)
        for (const { id, type, path } of shown) {
          const tie = ties.find((one) => one.child_id === id && one.parent_id === parent)
          const relation = tie?.relation ?? ''
          found.push({ type, name: path, relation, depth, isHere: true })
        }
        next.push(...fresh)
      }
      level = next
    }
    return { found, hidden, isCut: level.length > 0 }
  }

  return {
    async licence(ctx, { repo }) {
      const row = await sql.licenceOf(db.read, repo.id)
      if (row === undefined) return nothing
      const writing = await policy.explain(ctx.actor, 'repo.write', repo.id)
      const isTheirs = writing?.decision.allowed === true
      const nowMs = clock.nowMs()
      const overrides = await sql.overridesOf(db.read, repo.id, limits.licenceOverridesPerRepoMax)
      return {
        expression: row.expression ?? undefined,
        verdict: row.verdict,
        // A cast because only this room writes the column.
        terms: shownTerms(JSON.parse(row.terms) as EffectiveTerms, isTheirs),
        findings: isTheirs
          ? findingsOf(row).map((one) => ({
              ...one,
              key: keyOf(one),
              decidedUntilMs: decidedUntil(one, overrides, nowMs) || undefined,
            }))
          : [],
        proposal: isTheirs ? proposalOf(row) : {},
      }
    },

    async check({ actor }, { id, ownerId, path, card }) {
      const stated = await readStated(policy, { actor, ownerId }, { oid: undefined, text: card })
      const stored = id === undefined ? [] : await sql.tiesOf(db.read, [id])
      const copied = stored.filter(({ origin }) => origin === 'hub')
      const ties = stated.ties.map(tieRow)
      const judgement = await judgeRepo(db.read, { id, ownerId, path }, { ...stated, ties, copied })
      return { ...judgement, expression: expressionOf(stated.keys) }
    },

    async shown({ actor }, ids) {
      assert(ids.length <= limits.apiPageMax, 'ids of one page')
      const found = await sql.visibleAmong(db.read, { actor, nowMs: clock.nowMs() }, ids)
      return new Map(found.map(({ id, type, path }) => [id, { type, path }]))
    },

    async lineage({ actor }, { repo }) {
      const eyes = { actor, nowMs: clock.nowMs() }
      const up = await upwards(eyes, repo.id)
      const down = await downwards(eyes, repo.id)
      return {
        ancestors: up.found,
        descendants: down.found,
        hiddenDescendants: down.hidden,
        isCut: up.isCut || down.isCut,
      }
    },
  }
}
