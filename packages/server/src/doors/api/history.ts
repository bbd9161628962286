/** Branches, tags, commits, what they changed, and new ones made in the browser. */
import { fileCalls as calls } from '@weighhouse/contract/files.ts'
import type { BodyOf } from '@weighhouse/contract/call.ts'
import { type GitOid, isSha256 } from '@weighhouse/formats/digest/digest.ts'
import { commitBody, commitTitle, type GitCommit } from '@weighhouse/formats/git/commit.ts'
import { structuredPatch } from 'diff'
import type { FastifyInstance } from 'fastify'
import type { BrowsePermit, Hub, Operation, ReadPermit, Ref } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { type Difference, differences, editsMax, textOf } from '../kit/differences.ts'
import { offsetOf, placeOf } from './place.ts'
import { repoIn } from './repo-name.ts'
import { serve } from './serve.ts'

const commitsPage = 50
const refsShownMax = 500
const filesShownMax = 500
/** Of all texts of one answer together. */
const diffCharsMax = 2 * 1024 * 1024

const renderCommit = (id: string, { message, author, committer, parents }: GitCommit) => ({
  id,
  title: commitTitle(message),
  message: commitBody(message),
  author: author.name,
  at: isoDate(committer.atMs),
  parents: [...parents],
})

const renderRefs = async (hub: Hub, permit: BrowsePermit, refs: readonly Ref[], prefix: string) => {
  const shown = []
  for (const ref of refs.filter(({ name }) => name.startsWith(prefix)).slice(0, refsShownMax)) {
    const { committer, message } = await hub.refs.commit(permit, ref.commit)
    shown.push({
      name: ref.name.slice(prefix.length),
      ref: ref.name,
      commit: ref.commit,
      updatedAt: isoDate(committer.atMs),
      title: commitTitle(message),
    })
  }
  return shown
}

const registerRefs = (app: FastifyInstance, door: Door): void => {
  const { hub } = door
  const { policy, refs } = hub

  serve(app, door, calls.listRefs, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.browse', repoIn(params))
    const all = await refs.list(permit)
    return {
      branches: await renderRefs(hub, permit, all, 'refs/heads/'),
      tags: await renderRefs(hub, permit, all, 'refs/tags/'),
    }
  })

  serve(app, door, calls.createBranch, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    const { commit } = await refs.resolve(permit, body.from)
    await refs.createBranch(ctx, permit, { name: body.branch, at: commit, overwrite: false })
  })

  serve(app, door, calls.deleteBranch, async ({ ctx, params, query }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    await refs.deleteBranch(ctx, permit, query.branch)
  })

  serve(app, door, calls.createTag, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    const { commit } = await refs.resolve(permit, body.from)
    await refs.createTag(ctx, permit, { name: body.tag, at: commit, message: body.message })
  })

  serve(app, door, calls.deleteTag, async ({ ctx, params, query }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    await refs.deleteTag(ctx, permit, query.tag)
  })
}

interface Reading {
  readonly ctx: Ctx
  readonly permit: ReadPermit
}

/** The hunks of a text that changed, or why there are none. `left` is how many characters the answer may still take. */
const hunksOf = async (hub: Hub, reading: Reading, one: Difference, left: number) => {
  const none = (reason: string) => ({ hunks: null, reason })
  if (left <= 0) return none('The other files of this commit fill the page.')
  if (one.before?.lfs !== undefined || one.after?.lfs !== undefined) {
    return none('Large files are compared by size and hash, not by text.')
  }
  const before = await textOf(hub, reading.ctx, reading.permit, one.before)
  const after = await textOf(hub, reading.ctx, reading.permit, one.after)
  if (before === undefined || after === undefined) return none('This is no text, or a long one.')
  const options = { maxEditLength: editsMax, context: 3 }
  const patch = structuredPatch(one.path, one.path, before, after, '', '', options)
  if (patch === undefined) return none('The two differ too much to show.')
  return { hunks: patch.hunks, reason: null }
}

const words = { A: 'added', M: 'changed', D: 'deleted' } as const

const render = async (hub: Hub, reading: Reading, all: readonly Difference[]) => {
  const shown = []
  let left = diffCharsMax
  for (const one of all.slice(0, filesShownMax)) {
    const { hunks, reason } = await hunksOf(hub, reading, one, left)
    for (const { lines } of hunks ?? []) for (const line of lines) left -= line.length
    shown.push({
      status: words[one.status],
      path: one.path,
      beforeBytes: one.before?.sizeBytes ?? null,
      afterBytes: one.after?.sizeBytes ?? null,
      hunks,
      reason,
    })
  }
  return shown
}

const registerCommits = (app: FastifyInstance, door: Door): void => {
  const { hub } = door
  const { policy, refs } = hub

  serve(app, door, calls.listCommits, async ({ ctx, params, query }) => {
    const { permit, revision } = await placeOf(hub, ctx, params, query.at)
    const skip = offsetOf(query.cursor)
    const page = { skip, limit: commitsPage }
    const { commits, total } = await refs.history(permit, revision.commit, page)
    const next = skip + commitsPage < total ? String(skip + commitsPage) : null
    return { items: commits.map(({ oid, commit }) => renderCommit(oid, commit)), next, total }
  })

  serve(app, door, calls.getChanges, async ({ ctx, params, query }) => {
    const permit = await policy.require(ctx, 'repo.read', repoIn(params))
    const { commit: to } = await refs.resolve(permit, query.to)
    const commit = await refs.commit(permit, to)
    const from: GitOid | undefined =
      query.from === undefined ? commit.parents[0] : (await refs.resolve(permit, query.from)).commit
    const { id } = permit.repo
    const before = from === undefined ? [] : await refs.trees.listAll(id, from, '')
    const after = await refs.trees.listAll(id, to, '')
    const all = differences(before ?? [], after ?? [])
    const files = await render(hub, { ctx, permit }, all)
    return { commit: renderCommit(to, commit), from: from ?? null, files, total: all.length }
  })
}

type Wanted = BodyOf<typeof calls.commitFiles>['operations'][number]

const operationOf = ({ kind, path, text, sha256, sizeBytes }: Wanted): Operation => {
  switch (kind) {
    case 'text':
      if (text === undefined) throw new HubError('invalid', `"${path}" has no text.`)
      return { kind: 'file', path, bytes: Buffer.from(text) }
    case 'upload':
      if (sha256 === undefined || !isSha256(sha256)) {
        throw new HubError('invalid', `"${path}" needs the SHA-256 of what was uploaded.`)
      }
      return { kind: 'upload', path, sha256, sizeBytes }
    default:
      return { kind, path }
  }
}

async function* each(wanted: readonly Wanted[]): AsyncIterable<Operation> {
  for (const one of wanted) yield operationOf(one)
}

const registerWriting = (app: FastifyInstance, door: Door): void => {
  const { policy, commits } = door.hub
  serve(app, door, calls.commitFiles, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.write', repoIn(params))
    const { branch, parent, title, description = '' } = body
    const commit = await commits.commit(ctx, permit, {
      ref: `refs/heads/${branch}`,
      parent,
      message: description === '' ? title : `${title}\n\n${description}`,
      operations: each(body.operations),
    })
    return { commit }
  })
}

export const registerHistory = (app: FastifyInstance, door: Door): void => {
  registerRefs(app, door)
  registerCommits(app, door)
  registerWriting(app, door)
}
