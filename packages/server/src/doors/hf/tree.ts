/** What is in a revision: trees, paths, refs, commits, differences. */
import type { FastifyInstance } from 'fastify'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { commitBody, commitTitle } from '@weighhouse/formats/git/commit.ts'
import type { Entry, BrowsePermit, RepoType, Revision } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import { isForm } from '../kit/bodies.ts'
import type { Door } from '../kit/context.ts'
import { allOf, countOf, flagOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { nextLink } from './info.ts'
import { type LastCommit, treeItem } from './repo-json.ts'
import { tailOf, tailText } from './revision.ts'
import { plurals, reach, repoTypes } from './target.ts'

/** The commit that last changed each path; looked up once for each folder they lie in. */
const lastCommits = async (
  { hub }: Door,
  permit: BrowsePermit,
  { commit }: Revision,
  entries: readonly Entry[],
): Promise<Map<string, LastCommit>> => {
  const byFolder = Map.groupBy(entries, (entry) =>
    entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/'))),
  )
  const found = new Map<string, LastCommit>()
  for (const [folder, children] of byFolder) {
    const start = folder === '' ? 0 : folder.length + 1
    const names = children.map((child) => child.path.slice(start))
    const changes = await hub.refs.lastChanges(permit.repo.id, commit, folder, names)
    for (const child of children) {
      const change = changes.get(child.path.slice(start))
      if (change === undefined) continue
      const { message, committer } = change.commit
      const date = isoDate(committer.atMs)
      found.set(child.path, { id: change.oid, title: commitTitle(message), date })
    }
  }
  return found
}

const contentsIn = (entries: readonly Entry[]): Sha256[] =>
  entries.flatMap((entry) =>
    entry.kind === 'file' && entry.lfs !== undefined ? [entry.lfs.sha256] : [],
  )

const items = async (
  door: Door,
  permit: BrowsePermit,
  revision: Revision,
  entries: readonly Entry[],
  isExpanded: boolean,
): Promise<object[]> => {
  // Behind a gate, names and sizes are shown and hashes are not.
  const isOpen = permit.repo.reading.allowed
  const shown = isOpen ? contentsIn(entries) : []
  const xetHashes = await door.hub.content.xetHashes(permit.repo.id, shown)
  const last = isExpanded ? await lastCommits(door, permit, revision, entries) : undefined
  return entries.map((entry) => {
    const sha256 = entry.kind === 'file' ? entry.lfs?.sha256 : undefined
    const xetHash = sha256 === undefined ? undefined : xetHashes.get(sha256)
    if (last === undefined) return treeItem(entry, { isOpen, xetHash })
    return treeItem(entry, { isOpen, lastCommit: last.get(entry.path) ?? null, xetHash })
  })
}

/** A listing never changes at its commit, so a page is where it begins. */
const offsetOf = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0
  const offset = Number(Buffer.from(cursor, 'base64url').toString())
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new HubError(
    'invalid',
    'This "cursor" was not given out by this hub. Start again without one.',
  )
}

const registerTree = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const base = `/api/${plurals[type]}/:ns/:name`
  const { refs } = door.hub

  app.get(`${base}/tree/*`, async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const { permit, repo } = await reach(door, request, reply, type, 'repo.browse')
    const { revision, path } = await tailOf(door.hub, permit, request, 5)
    const list = flagOf(query, 'recursive') ? refs.trees.listAll : refs.trees.list
    const entries = await list(repo.id, revision.commit, path)
    reply.header('x-repo-commit', revision.commit)
    if (entries === undefined) {
      throw new HubError('entry_not_found', 'Entry not found', { commit: revision.commit })
    }
    const isExpanded = flagOf(query, 'expand')
    const pageMax = isExpanded ? limits.treePageExpandedMax : limits.treePageMax
    const limit = Math.max(1, countOf(query, 'limit', pageMax, pageMax))
    const offset = offsetOf(oneOf(query, 'cursor'))
    const page = entries.slice(offset, offset + limit)
    if (offset + limit < entries.length) {
      const cursor = Buffer.from(String(offset + limit)).toString('base64url')
      reply.header('link', nextLink(door, request, { limit: String(limit), cursor }))
    }
    return items(door, permit, revision, page, isExpanded)
  })

  app.post(`${base}/paths-info/*`, async (request, reply) => {
    const { permit, repo } = await reach(door, request, reply, type, 'repo.browse')
    const revision = await refs.resolve(permit, tailText(request, 5))
    const { paths, isExpanded } = parsePathsBody(request.body)
    const found: Entry[] = []
    for (const path of paths) {
      const clean = path.replace(/^\/+|\/+$/g, '')
      const entry = await refs.trees.entry(repo.id, revision.commit, clean)
      if (entry !== undefined && clean !== '') found.push(entry)
    }
    return items(door, permit, revision, found, isExpanded)
  })

  app.get(`${base}/treesize/*`, async (request, reply) => {
    const { permit, repo } = await reach(door, request, reply, type, 'repo.browse')
    const { revision, path } = await tailOf(door.hub, permit, request, 5)
    const entries = await refs.trees.listAll(repo.id, revision.commit, path)
    if (entries === undefined) throw new HubError('entry_not_found', 'Entry not found')
    const size = entries.reduce((sum, one) => sum + (one.kind === 'file' ? one.sizeBytes : 0), 0)
    return { path: path === '' ? '/' : path, size }
  })
}

/** Form (Python) or JSON (JavaScript); one path or many. */
const parsePathsBody = (body: unknown): { paths: readonly string[]; isExpanded: boolean } => {
  if (isForm(body)) return bounded(allOf(body, 'paths'), flagOf(body, 'expand'))
  // A cast because the members are looked at one by one below.
  const { paths, expand } = (body ?? {}) as { paths?: unknown; expand?: unknown }
  const list: unknown[] = Array.isArray(paths) ? paths : [paths]
  if (!list.every((path): path is string => typeof path === 'string')) {
    throw new HubError('invalid', '"paths" must be a text or a list of texts.')
  }
  return bounded(list, expand === true || expand === 'true')
}

const bounded = (paths: readonly string[], isExpanded: boolean) => {
  if (paths.length <= limits.pathsInfoMax) return { paths, isExpanded }
  throw new HubError(
    'too_many',
    `At most ${limits.pathsInfoMax} paths a call, found ${paths.length}.`,
  )
}

const registerHistory = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const base = `/api/${plurals[type]}/:ns/:name`
  const { refs } = door.hub

  app.get(`${base}/refs`, async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const { permit } = await reach(door, request, reply, type, 'repo.browse')
    const all = await refs.list(permit)
    const under = (prefix: string): object[] =>
      all
        .filter((ref) => ref.name.startsWith(prefix))
        .map((ref) => ({
          name: ref.name.slice(prefix.length),
          ref: ref.name,
          targetCommit: ref.commit,
        }))
    return {
      branches: under('refs/heads/'),
      tags: under('refs/tags/'),
      converts: under('refs/convert/'),
      ...(flagOf(query, 'include_prs') ? { pullRequests: under('refs/pr/') } : {}),
    }
  })

  app.get(`${base}/commits/*`, async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const { permit } = await reach(door, request, reply, type, 'repo.browse')
    const { revision } = await tailOf(door.hub, permit, request, 5)
    const limit = Math.max(1, countOf(query, 'limit', 100, limits.commitsPageMax))
    const page = countOf(query, 'p', 0, limits.historyWalkMax)
    const isFormatted = allOf(query, 'expand').includes('formatted')
    const skip = page * limit
    const { commits, total } = await refs.history(permit, revision.commit, { skip, limit })
    reply.header('x-total-count', total)
    if (skip + limit < total) {
      const changes = { p: String(page + 1), limit: String(limit) }
      reply.header('link', nextLink(door, request, changes))
    }
    return commits.map(({ oid, commit }) => {
      const title = commitTitle(commit.message)
      const message = commitBody(commit.message)
      return {
        id: oid,
        title,
        message,
        authors: [{ user: commit.author.name, avatar: '/avatars/default.svg' }],
        date: isoDate(commit.committer.atMs),
        parents: commit.parents,
        ...(isFormatted
          ? { formatted: { title: escapeHtml(title), message: escapeHtml(message) } }
          : {}),
      }
    })
  })
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`)

export const registerTrees = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) {
    registerTree(app, door, type)
    registerHistory(app, door, type)
  }
}
