/**
 * The commits room: moves a name onto a new tree. Files that come inside a commit are stored first, the tree is built, then one short
 * transaction writes trees, commit, ref and event.
 *
 * Invariants: a commit names only contents its repo is linked to; an acknowledged commit is durable; a lost race leaves unreferenced
 * objects, never a half commit.
 */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { defaultAttributes } from '@weighhouse/formats/git/attributes.ts'
import { formatCommit, type GitCommit } from '@weighhouse/formats/git/commit.ts'
import type { Database } from '#db/connect.ts'
import type { Content } from '../content/index.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { cardPath, type Lineage } from '../lineage/index.ts'
import type { Clock } from '../kernel/time.ts'
import type { NamespacePermit, Permit, Policy, ReadPermit } from '../policy/index.ts'
import {
  defaultBranch,
  type NewObject,
  newObject,
  type Refs,
  signatureOf,
  storeObjects,
} from '../refs/index.ts'
import type { NewRepo, Repo, Repos } from '../repos/index.ts'
import {
  attributesPath,
  coverUploads,
  type Plan,
  planFiles,
  type PlannedFile,
} from './attributes.ts'
import { statedBy, statedByFiles } from './card.ts'
import { type Collected, type CollectOptions, collectRepo, confirmNeeds } from './collect.ts'
import { type Copies, makeCopies } from './copies.ts'
import { editTree, type Operation, type TreeEditor } from './operations.ts'
import { makePrepare, type Prepared } from './prepare.ts'
import { refuseCard, refuseParent, refusePath, refuseSize } from './refuse.ts'

export type { Plan, PlannedFile } from './attributes.ts'
export type { Operation } from './operations.ts'
export type { Collected } from './collect.ts'

export interface CommitRequest {
  /** Full name of a branch. */
  readonly ref: string
  /** The commit the caller built on, 7 digits or more; undefined to build on whatever is there. */
  readonly parent: string | undefined
  readonly message: string
  readonly operations: AsyncIterable<Operation>
}

export interface Commits extends Copies {
  /**
   * Applies the operations in order and moves the branch. Answers the branch's commit, new or, when nothing changed, the one it had.
   * Errors: `revision_not_found`, `ref_moved` (the parent is not the head), `conflict` (others kept winning), `entry_not_found`,
   * `content_missing`, `invalid_path`, `invalid_card`, `licence_blocked`, `too_large`, `too_many`.
   */
  commit(ctx: Ctx, permit: Permit<'repo.write'>, request: CommitRequest): Promise<GitOid>
  /** Says of files about to be sent how they should come. */
  plan(
    permit: ReadPermit,
    commit: GitOid,
    wish: { files: readonly PlannedFile[]; gitAttributes?: string; gitIgnore?: string },
  ): Promise<Plan[]>
  /** A repo with its first commit: `.gitattributes` and the files given. Errors: those of `Repos.insert`, `invalid_path`, `invalid_card`, `licence_blocked`. */
  createRepo(
    ctx: Ctx,
    permit: NamespacePermit<'namespace.create'>,
    repo: NewRepo,
    files: readonly { path: string; bytes: Uint8Array }[],
  ): Promise<Repo>
  /** Replaces a branch's history by one commit with the same tree. Errors: `revision_not_found`, `ref_moved`. */
  squash(ctx: Ctx, permit: Permit<'repo.write'>, ref: string, message: string): Promise<GitOid>
  /**
   * A branch at a commit that is there. The default branch, put onto another commit, is judged as by a commit. Errors: `exists`, `invalid`,
   * `licence_blocked`.
   */
  createBranch(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    branch: { name: string; at: GitOid; overwrite: boolean },
  ): Promise<void>
  /** A branch whose only commit has no file. Errors: `exists`, `invalid`. */
  createEmptyBranch(
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    branch: { name: string; overwrite: boolean },
  ): Promise<void>
  /**
   * Takes from a repo what none of its refs leads to: links older than the grace, and the git objects of a repo whose refs have stood
   * still for as long. Takes nothing when a ref moves meanwhile. Errors: `unavailable` for a damaged repo.
   */
  collect(repoId: RepoId, how: CollectOptions): Promise<Collected>
}

export interface CommitsDeps {
  readonly db: Database
  readonly content: Content
  readonly policy: Policy
  readonly repos: Repos
  readonly refs: Refs
  readonly lineage: Lineage
  readonly clock: Clock
  readonly mailHost: string
}

const raceAttemptsMax = 8
export const makeCommits = (deps: CommitsDeps): Commits => {
  const { db, content, policy, repos, refs, lineage, clock, mailHost } = deps
  const prepare = makePrepare(deps)

  const makeCommit = (ctx: Ctx, tree: GitOid, parents: GitOid[], message: string): NewObject => {
    const signature = signatureOf(ctx.actor, clock.nowMs(), mailHost)
    const commit: GitCommit = {
      tree,
      parents,
      author: signature,
      committer: signature,
      message,
      extra: [],
    }
    return newObject('commit', formatCommit(commit))
  }

  /** Adds rules for uploads that no rule covers, so that git clients treat them alike. */
  const cover = async (
    permit: Permit<'repo.write'>,
    head: GitOid,
    prepared: Prepared,
    editor: TreeEditor,
  ): Promise<NewObject[]> => {
    if (prepared.uploads.length === 0) return []
    const isThere = (await editor.find(attributesPath)) !== undefined
    const stored = await refs.read(permit, head, attributesPath, limits.regularFileBytesMax)
    const text = isThere ? (prepared.attributes ?? stored?.toString() ?? '') : ''
    const covered = coverUploads(text, prepared.uploads)
    if (covered === undefined) return []
    const blob = newObject('blob', new TextEncoder().encode(covered))
    await editor.apply({ kind: 'set', path: attributesPath, oid: blob.oid })
    return [blob]
  }

  const headOf = async (permit: Permit<'repo.write'>, ref: string): Promise<GitOid> => {
    const found = await refs.get(permit, ref)
    if (found !== undefined) return found.commit
    const short = ref.replace(/^refs\/heads\//, '')
    throw new HubError('revision_not_found', `Invalid rev id: ${short}`, { rev: short })
  }

  const tryOnce = async (
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    request: CommitRequest,
    head: GitOid,
    prepared: Prepared,
  ): Promise<GitOid> => {
    const { repo } = permit
    const base = await refs.objects.commit(repo.id, head)
    const editor = await editTree(refs.objects, repo.id, base.tree)
    const before = await editor.find(cardPath)
    for (const operation of prepared.operations) await editor.apply(operation)
    const cards = { before, oid: await editor.find(cardPath), sent: prepared.card }
    const extra = await cover(permit, head, prepared, editor)
    const { root, objects } = editor.finish()
    if (root === base.tree) return head
    const isMain = request.ref === defaultBranch
    const stated = isMain ? await statedBy(deps, ctx, permit, cards) : undefined
    const commit = makeCommit(ctx, root, [head], request.message)
    await db.tx(async (q, after) => {
      await policy.confirm(q, permit)
      await confirmNeeds({ content, refs }, q, repo.id, prepared)
      await storeObjects(q, repo.id, [...extra, ...objects, commit])
      const to = { oid: commit.oid, commit: commit.oid }
      if (stated !== undefined) await lineage.write({ q, after, ctx }, repo.id, stated)
      await refs.move({ q, after, ctx }, repo.id, [{ name: request.ref, from: head, to }])
    })
    return commit.oid
  }

  const firstCommit = async (
    ctx: Ctx,
    repo: Repo,
    files: readonly { path: string; bytes: Uint8Array }[],
  ): Promise<{ commit: NewObject; objects: NewObject[] }> => {
    const blobs = new Map<string, NewObject>()
    const attributes = new TextEncoder().encode(defaultAttributes(repo.type))
    blobs.set(attributesPath, newObject('blob', attributes))
    for (const { path, bytes } of files) {
      refusePath(path)
      refuseSize(path, bytes.length)
      if (path === cardPath) refuseCard(bytes, repo.type)
      blobs.set(path, newObject('blob', bytes))
    }
    const editor = await editTree(refs.objects, repo.id, undefined)
    for (const [path, { oid }] of blobs) await editor.apply({ kind: 'set', path, oid })
    const { root, objects } = editor.finish()
    const commit = makeCommit(ctx, root, [], 'initial commit')
    return { commit, objects: [...blobs.values(), ...objects, commit] }
  }

  return {
    async commit(ctx, permit, request) {
      let head = await headOf(permit, request.ref)
      refuseParent(head, request.parent)
      const prepared = await prepare(ctx, permit, head, request.operations)
      for (let attempt = 1; attempt <= raceAttemptsMax; attempt += 1) {
        try {
          return await tryOnce(ctx, permit, request, head, prepared)
        } catch (error) {
          if (!isHubError(error, 'ref_moved')) throw error
        }
        // Somebody else was faster. Without a parent to insist on, build on what they made.
        head = await headOf(permit, request.ref)
        refuseParent(head, request.parent)
      }
      throw new HubError('conflict', 'Other commits to this branch kept coming first. Try again.')
    },

    plan: (permit, commit, wish) => planFiles(refs, permit, commit, wish),

    async createRepo(ctx, { namespace }, wish, files) {
      const stated = await statedByFiles(lineage, ctx, namespace.id, files)
      return db.tx(async (q, after) => {
        const repo = await repos.insert({ q, after, ctx }, namespace, wish)
        const { commit, objects } = await firstCommit(ctx, repo, files)
        await storeObjects(q, repo.id, objects)
        await lineage.write({ q, after, ctx }, repo.id, stated)
        const to = { oid: commit.oid, commit: commit.oid }
        await refs.move({ q, after, ctx }, repo.id, [{ name: defaultBranch, from: null, to }])
        return repo
      })
    },

    ...makeCopies(deps),

    async squash(ctx, permit, ref, message) {
      const { repo } = permit
      const head = await headOf(permit, ref)
      const { tree } = await refs.objects.commit(repo.id, head)
      const commit = makeCommit(ctx, tree, [], message)
      await db.tx(async (q, after) => {
        await storeObjects(q, repo.id, [commit])
        const to = { oid: commit.oid, commit: commit.oid }
        await refs.move({ q, after, ctx }, repo.id, [{ name: ref, from: head, to }])
      })
      return commit.oid
    },

    async createBranch(ctx, permit, branch) {
      const { id, ownerId } = permit.repo
      if (`refs/heads/${branch.name}` !== defaultBranch)
        return refs.createBranch(ctx, permit, branch)
      const stated = await lineage.readAt(ctx, permit, ownerId, branch.at)
      const beside = (tx: Tx): Promise<void> => lineage.write(tx, id, stated)
      return refs.createBranch(ctx, permit, { ...branch, beside })
    },

    async createEmptyBranch(ctx, permit, { name, overwrite }) {
      const editor = await editTree(refs.objects, permit.repo.id, undefined)
      const { root, objects } = editor.finish()
      const commit = makeCommit(ctx, root, [], 'initial commit')
      // Together, so that nothing is collected in between.
      const wish = { name, at: commit.oid, overwrite, objects: [...objects, commit] }
      await refs.createBranch(ctx, permit, wish)
    },

    collect: (repoId, how) => collectRepo({ db, content, refs, clock }, repoId, how),
  }
}
