/** Copies inside the hub: of repos, and of single contents. What came under agreements stays where their terms let it be. */
import { createHash } from 'node:crypto'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { HubError } from '../kernel/errors.ts'
import { pagesOf } from '../kernel/pages.ts'
import type { NamespacePermit, Permit, ReadPermit } from '../policy/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { Given, NewRepo, Repo } from '../repos/index.ts'
import { defaultBranch } from '../refs/index.ts'
import type { CommitsDeps } from './index.ts'

/** All that a copy of a repo hands over. */
export interface Whole {
  /** Another one whenever the repo's names lead elsewhere. */
  readonly name: string
  readonly files: number
  readonly sizeBytes: number
}

export interface Copies {
  /**
   * A new repo with the default branch, its history and contents. Errors: `exists`, `invalid`, `quota_exceeded`, `licence_blocked`;
   * `conflict` when the rules of its origin change meanwhile.
   */
  duplicate(
    ctx: Ctx,
    from: ReadPermit,
    permit: NamespacePermit<'namespace.create'>,
    repo: Omit<NewRepo, 'type'>,
  ): Promise<Repo>
  /** Each file that a name leads to, and each content that only history leads to, once. */
  whole(from: ReadPermit): Promise<Whole>
  /**
   * Gives a repo a content of another one. What came under an agreement goes as a whole repo only, which remembers it, unless the other one
   * is under the same. Errors: `content_missing`, `quota_exceeded`, `licence_blocked`.
   */
  share(from: ReadPermit, to: Permit<'repo.write'>, sha256: Sha256): Promise<void>
}

const contentsPage = 1_000

const givenOf = ({ repo: { id, reading } }: ReadPermit): Given => ({ ids: [id], reading })

export const makeCopies = ({ db, content, policy, repos, refs, lineage }: CommitsDeps): Copies => ({
  async duplicate(ctx, from, { namespace }, wish) {
    const main = await refs.get(from, defaultBranch)
    const stated = await lineage.readAt(ctx, from, namespace.id, main?.commit)
    return db.tx(async (q, after) => {
      const tx = { q, after, ctx }
      await policy.confirm(q, from)
      await lineage.refuseGiving(q, givenOf(from), [namespace.id])
      const repo = await repos.insert(tx, namespace, { ...wish, type: from.repo.type })
      await content.shareAll(q, from.repo.id, { id: repo.id, ownerId: namespace.id })
      await refs.copyAll(tx, from.repo.id, repo.id)
      await lineage.noteCopy(tx, repo.id, from.repo)
      await lineage.write(tx, repo.id, stated)
      return repo
    })
  },

  async whole(from) {
    const tips = await refs.list(from)
    const sizes = new Map<string, number>()
    for (const { commit } of tips) {
      const entries = (await refs.trees.listAll(from.repo.id, commit, '')) ?? []
      for (const one of entries) {
        if (one.kind === 'file') sizes.set(one.lfs?.sha256 ?? one.oid, one.sizeBytes)
      }
    }
    const pages = pagesOf(
      (page) => content.list(from, page),
      ({ sha256 }) => sha256,
      contentsPage,
    )
    for await (const page of pages) {
      for (const { sha256, sizeBytes } of page) sizes.set(sha256, sizeBytes)
    }
    const sizeBytes = [...sizes.values()].reduce((sum, one) => sum + one, 0)
    const tipsText = tips.map(({ name, commit }) => `${name} ${commit}\n`).join('')
    const name = createHash('sha256').update(tipsText).digest('hex')
    return { name, files: sizes.size, sizeBytes }
  },

  async share(from, to, sha256) {
    const over = await lineage.agreementsOver(db.read, givenOf(from))
    if (over.length > 0) {
      const kept = new Set(await lineage.agreementsOver(db.read, { ids: [to.repo.id] }))
      if (!over.every((id) => kept.has(id))) {
        throw new HubError(
          'licence_blocked',
          `What is in ${from.repo.path} came under an agreement, whose terms a single file would lose on its way to ${to.repo.path}. Duplicate the repository: a copy keeps them.`,
          { rule: 'INHERITED' },
        )
      }
    }
    await content.share(from, to, sha256)
  },
})
