/** Where refs go: created, moved and deleted, each in one transaction with its event. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { refNameProblem, shortNameProblem } from '@weighhouse/formats/git/ref-name.ts'
import { formatTag } from '@weighhouse/formats/git/tag.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { RefUpdate, Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Permit } from '../policy/index.ts'
import type { RefsDeps } from './index.ts'
import { type NewObject, newObject, storeObjects } from './objects.ts'
import * as sql from './refs.sql.ts'
import { defaultBranch, unknownRevision } from './revision.ts'
import { signatureOf } from './signature.ts'
import { refuseGone } from './upkeep.ts'

/** Where a ref goes: `from` null creates it, `to` null deletes it. */
export interface RefMove {
  readonly name: string
  readonly from: GitOid | null
  readonly to: { readonly oid: GitOid; readonly commit: GitOid } | null
}

export interface Moves {
  /** Moves refs inside the caller's transaction, with their event. Errors: `ref_moved`, `exists`. */
  move(tx: Tx, repoId: RepoId, moves: readonly RefMove[]): Promise<void>
  /** `objects` are stored with it, `beside` is done in its transaction. Errors: `invalid` name, `exists` unless `overwrite`. */
  createBranch(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    branch: {
      name: string
      at: GitOid
      overwrite: boolean
      objects?: readonly NewObject[]
      beside?: (tx: Tx) => Promise<void>
    },
  ): Promise<void>
  /** Errors: `revision_not_found`; `invalid` for the default branch. */
  deleteBranch(ctx: Ctx, permit: Permit<'repo.write'>, name: string): Promise<void>
  /** An annotated tag when there is a message. Errors: `invalid` name, `exists`. */
  createTag(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    tag: { name: string; at: GitOid; message: string | undefined },
  ): Promise<void>
  /** Errors: `revision_not_found`. */
  deleteTag(ctx: Ctx, permit: Permit<'repo.write'>, name: string): Promise<void>
  /** Copies objects and the default branch of one repo to a new one, inside the caller's transaction. */
  copyAll(tx: Tx, from: RepoId, to: RepoId): Promise<void>
}

const refuseRefName = (short: string, full: string): void => {
  const problem = shortNameProblem(short) ?? refNameProblem(full)
  if (problem !== undefined) {
    throw new HubError('invalid', `Invalid reference name "${short}": ${problem}.`)
  }
}

/** One ref in one transaction. */
const applyMove = async (q: Querier, repoId: RepoId, move: RefMove, atMs: number) => {
  const { name, from, to } = move
  if (to === null) {
    if (from === null || (await sql.deleteRefAt(q, repoId, name, from))) return
    throw movedAway(name)
  }
  await refuseGone(q, repoId, [to.oid, to.commit])
  const row = { repo_id: repoId, name, oid: to.oid, commit_oid: to.commit, updated_at_ms: atMs }
  if (from !== null) {
    if (await sql.swapRef(q, row, from)) return
    throw movedAway(name)
  }
  if ((await sql.refByName(q, repoId, name)) !== undefined) {
    throw new HubError('exists', `Reference ${name} already exists`, { ref: name })
  }
  if ((await sql.countRefs(q, repoId)) >= limits.refsPerRepoMax) {
    throw new HubError(
      'too_many',
      `A repository has at most ${limits.refsPerRepoMax} refs. Delete some first.`,
    )
  }
  await sql.insertRef(q, row)
}

const movedAway = (name: string): HubError =>
  new HubError('ref_moved', `${name} has moved since it was read. Read it again and repeat.`, {
    ref: name,
  })

export const makeMoves = ({
  db,
  repos,
  events,
  clock,
  mailHost,
}: Pick<RefsDeps, 'db' | 'repos' | 'events' | 'clock' | 'mailHost'>): Moves => {
  const move: Moves['move'] = async (tx, repoId, moves) => {
    for (const one of moves) await applyMove(tx.q, repoId, one, clock.nowMs())
    await repos.touch(tx.q, repoId)
    const updates: RefUpdate[] = moves.map(({ name, from, to }) => ({
      ref: name,
      from,
      to: to?.oid ?? null,
    }))
    await events.append(tx, 'refs_updated', { updates }, repoId)
  }

  const needRef = async (repoId: RepoId, name: string, short: string): Promise<Row<'ref'>> => {
    const row = await sql.refByName(db.read, repoId, name)
    if (row === undefined) throw unknownRevision(short)
    return row
  }

  const deleteRef = async (ctx: Ctx, repoId: RepoId, name: string, short: string) => {
    const { oid } = await needRef(repoId, name, short)
    await db.tx((q, after) => move({ q, after, ctx }, repoId, [{ name, from: oid, to: null }]))
  }

  return {
    move,

    async createBranch(ctx, { repo }, { name, at, overwrite, objects: fresh = [], beside }) {
      const full = `refs/heads/${name}`
      refuseRefName(name, full)
      const found = await sql.refByName(db.read, repo.id, full)
      if (found !== undefined && !overwrite) {
        throw new HubError('exists', `Reference ${full} already exists`, { ref: full })
      }
      const from = found?.oid ?? null
      const to = { oid: at, commit: at }
      await db.tx(async (q, after) => {
        await storeObjects(q, repo.id, fresh)
        await beside?.({ q, after, ctx })
        await move({ q, after, ctx }, repo.id, [{ name: full, from, to }])
      })
    },

    async deleteBranch(ctx, { repo }, name) {
      const full = `refs/heads/${name}`
      if (full === defaultBranch) {
        throw new HubError('invalid', `Cannot delete ${full}: it is the default branch.`)
      }
      await deleteRef(ctx, repo.id, full, name)
    },

    async createTag(ctx, { repo, actor }, { name, at, message }) {
      const full = `refs/tags/${name}`
      refuseRefName(name, full)
      const tagger = signatureOf(actor, clock.nowMs(), mailHost)
      const tag =
        message === undefined || message === ''
          ? undefined
          : newObject('tag', formatTag({ object: at, kind: 'commit', name, tagger, message }))
      await db.tx(async (q, after) => {
        if (tag !== undefined) await storeObjects(q, repo.id, [tag])
        const to = { oid: tag?.oid ?? at, commit: at }
        await move({ q, after, ctx }, repo.id, [{ name: full, from: null, to }])
      })
    },

    deleteTag: (ctx, { repo }, name) => deleteRef(ctx, repo.id, `refs/tags/${name}`, name),

    async copyAll(tx, from, to) {
      await sql.copyObjects(tx.q, from, to)
      const main = await sql.refByName(tx.q, from, defaultBranch)
      if (main === undefined) return
      const target = { oid: main.oid, commit: main.commit_oid }
      await move(tx, to, [{ name: defaultBranch, from: null, to: target }])
    },
  }
}
