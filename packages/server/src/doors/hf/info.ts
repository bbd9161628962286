/** What a repo is, and which repos there are. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FileEntry, BrowsePermit, RepoType, Revision, SortKey } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import type { RepoId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { baseUrl, ctxOf, type Door } from '../kit/context.ts'
import { allOf, countOf, flagOf, oneOf, parseQuery, type Query } from '../kit/query.ts'
import { pathOf, queryTextOf } from '../kit/segments.ts'
import { checkExpand, expandedInfo, fullInfo, type InfoSource, slimInfo } from './repo-json.ts'
import { tailText } from './revision.ts'
import { plurals, reach, repoTypes } from './target.ts'

const queryOf = (request: FastifyRequest): Query => parseQuery(queryTextOf(request.url))

/** `expand=a&expand=b` and `expand=a,b`. */
const expandOf = (query: Query): string[] => allOf(query, 'expand').flatMap((one) => one.split(','))

/** Link to the next page: an absolute URL with every parameter of this one. */
export const nextLink = (
  door: Door,
  request: FastifyRequest,
  changes: Record<string, string>,
): string => {
  const parameters = new URLSearchParams(queryTextOf(request.url))
  for (const [key, value] of Object.entries(changes)) parameters.set(key, value)
  return `<${baseUrl(door, request)}${pathOf(request.url)}?${parameters.toString()}>; rel="next"`
}

const filesOf = async (
  { hub }: Door,
  permit: BrowsePermit,
  revision: Revision,
): Promise<FileEntry[]> => {
  const entries = await hub.refs.trees.listAll(permit.repo.id, revision.commit, '')
  return (entries ?? []).filter((entry): entry is FileEntry => entry.kind === 'file')
}

const describe = async (
  door: Door,
  permit: BrowsePermit,
  revision: Revision,
  query: Query,
): Promise<object> => {
  const { hub } = door
  const repo = await hub.repos.get(permit)
  if (repo === undefined) throw new HubError('repo_not_found', 'Repository not found')
  const wanted = expandOf(query)
  checkExpand(repo.type, wanted)
  const needsSiblings = wanted.length === 0 || wanted.includes('siblings')
  const source: InfoSource = {
    repo,
    sha: revision.commit,
    facts: await hub.search.facts(permit, revision.commit),
    siblings: needsSiblings ? await filesOf(door, permit, revision) : undefined,
    withBlobs: flagOf(query, 'blobs'),
    isOpen: permit.repo.reading.allowed,
  }
  return wanted.length > 0 ? expandedInfo(source, wanted) : fullInfo(source)
}

const sorts: Readonly<Record<string, SortKey>> = {
  createdAt: 'createdAt',
  created_at: 'createdAt',
  lastModified: 'lastModified',
  last_modified: 'lastModified',
  downloads: 'downloads',
  likes: 'likes',
  likes30d: 'likes',
  trendingScore: 'downloads',
  trending_score: 'downloads',
  num_parameters: 'parameters',
  mainSize: 'lastModified',
  id: 'createdAt',
}

const sortOf = (query: Query): SortKey => {
  const text = oneOf(query, 'sort') ?? 'trendingScore'
  const found = sorts[text]
  if (found !== undefined) return found
  throw new HubError(
    'invalid',
    `"sort" must be one of ${Object.keys(sorts).join(', ')}, found "${text}".`,
  )
}

/** Every parameter that is a tag under another name. */
const tagsOf = (query: Query): string[] => [
  ...allOf(query, 'filter').flatMap((one) => one.split(',')),
  ...allOf(query, 'pipeline_tag'),
  ...allOf(query, 'library'),
  ...allOf(query, 'datasets').map((id) => `dataset:${id}`),
  ...allOf(query, 'models').map((id) => `model:${id}`),
]

const list = async (door: Door, ctx: Ctx, type: RepoType, query: Query, pageMax: number) => {
  const author = oneOf(query, 'author')
  const cursor = oneOf(query, 'cursor')
  return door.hub.search.list(ctx, {
    type,
    words: allOf(query, 'search').filter((word) => word !== ''),
    tags: tagsOf(query).filter((tag) => tag !== ''),
    sort: sortOf(query),
    ...(oneOf(query, 'gated') === undefined ? {} : { isGated: flagOf(query, 'gated') }),
    limit: countOf(query, 'limit', pageMax, pageMax),
    ...(author === undefined ? {} : { author }),
    ...(cursor === undefined ? {} : { cursor }),
  })
}

/** Files are read per repo, so a page of lists that name them is shorter. A repo that may be seen and not read has none. */
const listedFiles = async (door: Door, ctx: Ctx, id: RepoId): Promise<FileEntry[] | undefined> => {
  try {
    const permit = await door.hub.policy.require(ctx, 'repo.browse', id)
    return await filesOf(door, permit, await door.hub.refs.resolve(permit, 'HEAD'))
  } catch (error) {
    if (isHubError(error)) return undefined
    throw error
  }
}

const registerType = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { hub } = door
  const base = `/api/${plurals[type]}`

  app.get(`${base}/:ns/:name`, async (request, reply) => {
    const { permit } = await reach(door, request, reply, type, 'repo.browse')
    return describe(door, permit, await hub.refs.resolve(permit, 'HEAD'), queryOf(request))
  })

  app.get(`${base}/:ns/:name/revision/*`, async (request, reply) => {
    const { permit } = await reach(door, request, reply, type, 'repo.browse')
    const revision = await hub.refs.resolve(permit, tailText(request, 5))
    return describe(door, permit, revision, queryOf(request))
  })

  // Ids without an owner name nothing here.
  app.get(`${base}/:name`, async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    throw new HubError('repo_not_found', 'Repository not found', {
      anonymous: ctx.actor.kind === 'anonymous',
    })
  })

  app.get(base, async (request, reply) => {
    const query = queryOf(request)
    const ctx = await ctxOf(door, request, reply)
    const wanted = expandOf(query)
    checkExpand(type, wanted)
    const isFull = flagOf(query, 'full')
    const withFiles = isFull || wanted.includes('siblings')
    const pageMax = withFiles ? limits.repoListPageWithFilesMax : limits.repoListPageMax
    const { repos, next } = await list(door, ctx, type, query, pageMax)
    if (next !== undefined) reply.header('link', nextLink(door, request, { cursor: next }))
    const items: object[] = []
    for (const { repo, facts } of repos) {
      const siblings = withFiles ? await listedFiles(door, ctx, repo.id) : undefined
      const source = { repo, sha: facts?.commit, facts, siblings, withBlobs: false }
      const isLong = isFull || flagOf(query, 'cardData') || flagOf(query, 'config')
      if (wanted.length > 0) items.push(expandedInfo(source, wanted))
      else items.push(isLong ? fullInfo(source) : slimInfo(source))
    }
    return items
  })
}

const tagKinds: readonly [prefix: string, kind: string][] = [
  ['license:', 'license'],
  ['language:', 'language'],
  ['dataset:', 'dataset'],
  ['region:', 'region'],
  ['task_categories:', 'task_categories'],
  ['size_categories:', 'size_categories'],
]

const registerTags = (app: FastifyInstance, door: Door, type: RepoType): void => {
  app.get(`/api/${plurals[type]}-tags-by-type`, async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    const wanted = oneOf(queryOf(request), 'type')
    const kinds: Record<string, object[]> = { other: [] }
    for (const [, kind] of tagKinds) kinds[kind] = []
    for (const { tag } of await door.hub.search.tags(ctx, type)) {
      const kind = tagKinds.find(([prefix]) => tag.startsWith(prefix))?.[1] ?? 'other'
      const label = tag.slice(tag.indexOf(':') + 1)
      kinds[kind]?.push({ id: tag, label, type: kind, clickable: true })
    }
    return wanted === undefined ? kinds : { [wanted]: kinds[wanted] ?? [] }
  })
}

const registerFinding = (app: FastifyInstance, door: Door): void => {
  app.get('/api/trending', async (request, reply) => {
    const query = queryOf(request)
    const ctx = await ctxOf(door, request, reply)
    const wanted = oneOf(query, 'type') ?? 'all'
    const limit = countOf(query, 'limit', 10, 20)
    const types = repoTypes.filter((type) => wanted === 'all' || wanted === type)
    const found = await Promise.all(
      types.map((type) => door.hub.search.list(ctx, { type, sort: 'downloads', limit })),
    )
    const recentlyTrending = found
      .flatMap(({ repos }) => repos)
      .toSorted((a, b) => b.repo.downloads - a.repo.downloads)
      .slice(0, limit)
      .map(({ repo, facts }) => ({
        repoType: repo.type,
        repoData: slimInfo({ repo, facts, sha: undefined, siblings: undefined, withBlobs: false }),
      }))
    return { recentlyTrending }
  })

  app.get('/api/quicksearch', async (request, reply) => {
    const query = queryOf(request)
    const ctx = await ctxOf(door, request, reply)
    const q = oneOf(query, 'q') ?? ''
    const limit = countOf(query, 'limit', 5, 20)
    const answer: Record<string, unknown> = { q, orgs: [], users: [] }
    for (const type of repoTypes.slice(0, 3)) {
      const wish = { type, words: [q], sort: 'downloads', limit } as const
      const { repos } = await door.hub.search.list(ctx, wish)
      answer[plurals[type]] = repos.map(({ repo }) => ({ _id: repo.id, id: repo.path }))
      answer[`${plurals[type]}Count`] = repos.length
    }
    return answer
  })
}

export const registerInfo = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) {
    registerType(app, door, type)
    if (type === 'model' || type === 'dataset') registerTags(app, door, type)
  }
  registerFinding(app, door)
}
