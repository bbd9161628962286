/**
 * The lineage room: under which licence a repo is, what it was made from, and what follows from both. It judges and writes facts; whom they
 * stop is decided in the policy room, and what may become visible by the guard, in the transaction that would make it so.
 *
 * Invariants: a card is judged in the transaction that moves the name to it; a parent counts as here only for who sees it; every walk is
 * bounded, and what is beyond the bound counts as forbidden; judging again what has not changed changes nothing.
 */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { licenceTableVersion } from '@weighhouse/formats/licence/table-data.ts'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { RepoType } from '#db/schema.ts'
import type { Consumer, Events, Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId, IdMaker, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { Policy, ReadPermit } from '../policy/index.ts'
import { defaultBranch, type Refs } from '../refs/index.ts'
import type { Given, Repos, ShareGuard } from '../repos/index.ts'
import { type Decisions, makeDecisions } from './decisions.ts'
import { agreementsOver } from './guard.ts'
import * as sql from './lineage.sql.ts'
import { readStated, type Stated } from './stated.ts'
import { makeViews, type Views } from './view.ts'
import { makeWriting } from './write.ts'

export type { LicenceDecision } from './decisions.ts'
export { makeShareGuard } from './guard.ts'
export type { Stated } from './stated.ts'
export type { LicenceView, LineageView } from './view.ts'

/** The file that says what a repo is. */
export const cardPath = 'README.md'

export interface Lineage extends Views, Decisions {
  /** What a card states, read before the transaction. `oid`: the card's blob; without one there is no card. */
  read(
    ctx: Ctx,
    ownerId: AccountId,
    card: { oid: GitOid | undefined; text: string },
  ): Promise<Stated>
  /** The same of a commit, for whoever may read it there. */
  readAt(
    ctx: Ctx,
    permit: ReadPermit,
    ownerId: AccountId,
    commit: GitOid | undefined,
  ): Promise<Stated>
  /** Writes and judges it, in the transaction that moves the default branch. Errors: `licence_blocked`, and then the branch stays. */
  write(tx: Tx, repoId: RepoId, stated: Stated): Promise<void>
  /** Notes that a new repo is a copy of another one, before its card is written. */
  noteCopy(tx: Tx, copy: RepoId, of: { id: RepoId; type: RepoType; path: string }): Promise<void>
  /** Asked before a copy is made. Errors: `licence_blocked`. */
  readonly refuseGiving: ShareGuard['refuseGiving']
  /** Agreements that what is given is under: its reader's own, and those that came along with what it was made from. */
  agreementsOver(q: Querier, what: Given): Promise<AgreementId[]>
  /** Judges again what was judged by another version of the licence table. Answers how many. */
  judgeOutdated(signal: AbortSignal): Promise<number>
  /** Keeps judgements up with what happens to ancestors, and with names that moved in other ways than by a commit. */
  readonly consumer: Consumer
}

export interface LineageDeps {
  readonly db: Database
  readonly events: Events
  readonly policy: Policy
  readonly repos: Pick<Repos, 'whereabouts' | 'raiseEpoch'>
  readonly refs: Refs
  readonly shareGuard: ShareGuard
  readonly clock: Clock
  readonly ids: IdMaker
  /** A context that acts for the hub itself. */
  readonly systemCtx: Ctx
}

const pageLimit = 500

export const makeLineage = (deps: LineageDeps): Lineage => {
  const { db, policy, refs, systemCtx } = deps
  const writing = makeWriting(deps)

  const read: Lineage['read'] = ({ actor }, ownerId, card) =>
    readStated(policy, { actor, ownerId }, card)

  const cardOid = async (repoId: RepoId, commit: GitOid | undefined) => {
    const entry =
      commit === undefined ? undefined : await refs.trees.entry(repoId, commit, cardPath)
    return entry?.kind === 'file' ? entry.oid : undefined
  }

  const readAt: Lineage['readAt'] = async (ctx, permit, ownerId, commit) => {
    const oid = await cardOid(permit.repo.id, commit)
    const bytes =
      commit === undefined || oid === undefined
        ? undefined
        : await refs.read(permit, commit, cardPath, limits.cardBytesMax)
    return read(ctx, ownerId, { oid, text: bytes?.toString() ?? '' })
  }

  /** Reads the card where the branch stands, unless that card was read. */
  const catchUp = async (repoId: RepoId): Promise<void> => {
    const permit = await policy.require(systemCtx, 'repo.read', repoId)
    const main = await refs.get(permit, defaultBranch)
    const oid = await cardOid(repoId, main?.commit)
    const row = await sql.licenceOf(db.read, repoId)
    if ((row?.card_oid ?? undefined) === oid) return
    const stated = await readAt(systemCtx, permit, permit.repo.ownerId, main?.commit)
    await db.tx((q, after) =>
      writing.write({ q, after, ctx: systemCtx }, repoId, stated, { isRefused: false }),
    )
  }

  const again = (repoId: RepoId): Promise<void> =>
    db.tx((q, after) => writing.judgeAgain({ q, after, ctx: systemCtx }, repoId))

  /** Deleted or collected in the meantime: there is nothing to judge any more. */
  const unlessGone = async (repoId: RepoId, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isHubError(error)) throw error
      systemCtx.log.info({ err: error, repo: repoId }, 'a repo was not judged')
    }
  }

  /** Children only: each that changes tells of it, and its own follow. A circle ends when nothing changes any more. */
  const judgeChildren = async (repoId: RepoId): Promise<void> => {
    let after = ''
    for (let count = 0; count < limits.lineageChildrenMax;) {
      const children = await sql.childrenOf(db.read, repoId, { after, limit: pageLimit })
      for (const child of children) await again(child)
      count += children.length
      after = children.at(-1) ?? after
      if (children.length < pageLimit) return
    }
    systemCtx.log.warn({ repo: repoId }, 'more repos were made from this than are judged again')
  }

  /** What others were made from is remembered; the rest goes. */
  const forget = async (repoId: RepoId): Promise<void> => {
    await db.tx(async (q) => {
      const children = await sql.childrenOf(q, repoId, { after: '', limit: 1 })
      if (children.length === 0) await sql.forget(q, repoId)
    })
  }

  return {
    ...makeViews(deps),
    ...makeDecisions(deps, writing),
    read,
    readAt,
    write: (tx, repoId, stated) => writing.write(tx, repoId, stated, { isRefused: true }),

    refuseGiving: deps.shareGuard.refuseGiving,
    agreementsOver,

    noteCopy: (tx, copy, { id, type, path }) =>
      sql.insertTie(tx.q, {
        child_id: copy,
        position: 0,
        origin: 'hub',
        type,
        name: path,
        parent_id: id,
        relation: 'copy',
        licence: null,
        revision: null,
      }),

    async judgeOutdated(signal) {
      let count = 0
      let after = ''
      for (;;) {
        const page = { after, limit: pageLimit }
        const ids = await sql.judgedBefore(db.read, licenceTableVersion, page)
        for (const id of ids) {
          signal.throwIfAborted()
          await unlessGone(id, async () => {
            await catchUp(id)
            await again(id)
          })
        }
        count += ids.length
        const last = ids.at(-1)
        if (last === undefined) return count
        after = last
      }
    },

    consumer: {
      name: 'lineage',
      concerns: (name) =>
        name === 'refs_updated' ||
        name === 'licence_judged' ||
        name === 'repo_moved' ||
        name === 'repo_deleted',
      async handle({ name, repoId: id }) {
        if (id === undefined) return
        const repoId = id as RepoId
        await unlessGone(repoId, async () => {
          if (name === 'refs_updated') await catchUp(repoId)
          if (name === 'licence_judged') await judgeChildren(repoId)
          if (name === 'repo_moved') await again(repoId)
          if (name === 'repo_deleted') await forget(repoId)
        })
      },
    },
  }
}
