/** Finding repos, what they are, making and changing them. */
import { repoCalls as calls } from '@weighhouse/contract/repos.ts'
import type { AnswerOf, QueryOf } from '@weighhouse/contract/call.ts'
import { parameterCount } from '@weighhouse/formats/card/parameters.ts'
import { commitTitle } from '@weighhouse/formats/git/commit.ts'
import type { FastifyInstance } from 'fastify'
import type { BrowsePermit, FileEntry, Repo, RepoAction, RepoFacts, RepoRef } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { repoIn } from './repo-name.ts'
import { dateOrNull, given, serve } from './serve.ts'

type Described = AnswerOf<typeof calls.getRepo>
type Found = QueryOf<typeof calls.countRepos>

const formats = new Set([
  'safetensors',
  'gguf',
  'onnx',
  'pytorch',
  'tf',
  'jax',
  'coreml',
  'openvino',
  'tflite',
  'keras',
  'joblib',
])

const pageMax = 100

const listOfTexts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string')

const taskOf = ({ type }: Repo, facts: RepoFacts | undefined): string | null =>
  facts?.pipelineTag ??
  (type === 'dataset' ? listOfTexts(facts?.card?.['task_categories'])[0] : undefined) ??
  null

const mayOf = (may: readonly RepoAction[]) => ({
  browse: may.includes('repo.browse'),
  read: may.includes('repo.read'),
  write: may.includes('repo.write'),
  admin: may.includes('repo.admin'),
})

const agreementOf = ({ reading }: RepoRef): Described['agreement'] => {
  if (!reading.allowed || reading.agreement === undefined) return null
  const { agreement: id, title = id, org = '' } = reading
  return { id, title, org }
}

interface Abilities {
  readonly repo: RepoRef
  readonly may: readonly RepoAction[]
}

const render = (repo: Repo, facts: RepoFacts | undefined, { repo: ref, may }: Abilities) => ({
  id: repo.id,
  type: repo.type,
  path: repo.path,
  owner: repo.owner,
  name: repo.path.slice(repo.owner.length + 1),
  visibility: repo.visibility,
  gate: repo.gate ?? null,
  hold: repo.hold ?? null,
  createdAt: isoDate(repo.createdAtMs),
  updatedAt: isoDate(repo.updatedAtMs),
  downloads: repo.downloads,
  likes: repo.likes,
  task: taskOf(repo, facts),
  library: facts?.libraryName ?? null,
  license: listOfTexts(facts?.card?.['license'])[0] ?? null,
  tags: facts?.tags ?? [],
  formats: (facts?.tags ?? []).filter((tag) => formats.has(tag)),
  languages: listOfTexts(facts?.card?.['language']),
  parameters: (facts && parameterCount(facts)) ?? null,
  filesBytes: facts?.filesBytes ?? null,
  may: mayOf(may),
  agreement: agreementOf(ref),
})

const wishOf = ({ type, q, owner, tags, gated, parametersMin, parametersMax }: Found) => ({
  type,
  words: (q ?? '').split(/\s+/).filter((word) => word !== ''),
  tags: (tags ?? '').split(',').filter((tag) => tag !== ''),
  ...given({ author: owner, isGated: gated }),
  ...(parametersMin === undefined && parametersMax === undefined
    ? {}
    : { parameters: given({ min: parametersMin, max: parametersMax }) }),
})

const registerFinding = (app: FastifyInstance, door: Door): void => {
  const { policy, search } = door.hub

  serve(app, door, calls.listRepos, async ({ ctx, query }) => {
    const { sort = 'lastModified', limit = 50, cursor } = query
    const wish = { ...wishOf(query), sort, limit: Math.min(limit, pageMax), ...given({ cursor }) }
    const { repos, next } = await search.list(ctx, wish)
    const items = []
    for (const { repo, facts } of repos) {
      try {
        const able = await policy.abilities(ctx, repo.id)
        items.push(render(repo, facts, able))
      } catch (error) {
        // Deleted or hidden since the list was read.
        if (!isHubError(error, 'repo_not_found')) throw error
      }
    }
    return { items, next: next ?? null }
  })

  serve(app, door, calls.countRepos, async ({ ctx, query }) => {
    const { total, tags, owners, parameters } = await search.facets(ctx, wishOf(query))
    return { total, tags: [...tags], owners: [...owners], parameters: [...parameters] }
  })
}

const empty = { head: undefined, facts: undefined }
const unseen = { ...empty, branches: null, tagCount: null, files: null }

/** What is inside, for those who may browse it. */
const lookInside = async ({ hub }: Door, permit: BrowsePermit) => {
  const refs = await hub.refs.list(permit)
  const main = refs.find(({ name }) => name === 'refs/heads/main')
  const counts = {
    branches: refs.filter(({ name }) => name.startsWith('refs/heads/')).length,
    tagCount: refs.filter(({ name }) => name.startsWith('refs/tags/')).length,
  }
  if (main === undefined) return { ...empty, ...counts, files: 0 }
  const { message, author, committer } = await hub.refs.commit(permit, main.commit)
  const head = {
    commit: main.commit,
    title: commitTitle(message),
    author: author.name,
    at: isoDate(committer.atMs),
  }
  const entries = (await hub.refs.trees.listAll(permit.repo.id, main.commit, '')) ?? []
  const files = entries.filter((entry): entry is FileEntry => entry.kind === 'file').length
  return { ...counts, head, files, facts: await hub.search.facts(permit, main.commit) }
}

/** The refusal that reading would meet, as it would say itself. */
const refusalOf = async (work: Promise<unknown>): Promise<Described['refusal']> => {
  try {
    await work
    return null
  } catch (error) {
    if (!isHubError(error)) throw error
    const { code, message, details } = error
    return { code, message, details: { ...details } }
  }
}

const describe = async (door: Door, ctx: Ctx, asked: Parameters<typeof repoIn>[0]) => {
  const { policy, repos, social } = door.hub
  const target = repoIn(asked)
  const able = await policy.abilities(ctx, target)
  const { repo: ref, may } = able
  const seeing = await policy.require(ctx, 'repo.see', ref.id)
  const repo = await repos.get(seeing)
  if (repo === undefined) throw new HubError('repo_not_found', 'Repository not found')
  const browsing = may.includes('repo.browse')
    ? await policy.require(ctx, 'repo.browse', ref.id)
    : undefined
  const inside = browsing === undefined ? unseen : await lookInside(door, browsing)
  const { facts } = inside
  const refusal = await refusalOf(policy.require(ctx, 'repo.read', ref.id))
  const { actor } = ctx
  return {
    ...render(repo, facts, able),
    isLiked: actor.kind === 'user' && (await social.isLikedBy(seeing, actor.id)),
    head: inside.head ?? null,
    files: inside.files,
    branches: inside.branches,
    tagCount: inside.tagCount,
    dtypes: facts?.safetensors?.parameters ?? {},
    gguf: facts?.gguf ?? null,
    card: facts?.card ?? null,
    baseModels: listOfTexts(facts?.card?.['base_model']),
    datasets: listOfTexts(facts?.card?.['datasets']),
    architectures: listOfTexts(facts?.config?.['architectures']),
    readUntil: dateOrNull(ref.untilMs),
    refusal,
  }
}

const registerOne = (app: FastifyInstance, door: Door): void => {
  const { commits, organisations, policy, repos } = door.hub

  serve(app, door, calls.getRepo, ({ ctx, params }) => describe(door, ctx, params))

  serve(app, door, calls.createRepo, async ({ ctx, body }) => {
    const namespace = await policy.requireNamespace(ctx, 'namespace.create', body.owner)
    const { type, name, visibility, license } = body
    const card =
      license === undefined ? undefined : `---\nlicense: ${JSON.stringify(license)}\n---\n`
    const files = card === undefined ? [] : [{ path: 'README.md', bytes: Buffer.from(card) }]
    const made = await commits.createRepo(ctx, namespace, { type, name, visibility }, files)
    return { type: made.type, path: made.path }
  })

  serve(app, door, calls.changeRepo, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.admin', repoIn(params))
    if (body.visibility !== undefined) await repos.setVisibility(ctx, permit, body.visibility)
    if (body.gate !== undefined) await repos.setGate(ctx, permit, { kind: body.gate })
  })

  serve(app, door, calls.moveRepo, async ({ ctx, params, body }) => {
    const permit = await policy.require(ctx, 'repo.admin', repoIn(params))
    const namespace = await policy.requireNamespace(ctx, 'namespace.create', body.toOwner)
    return { path: await repos.move(ctx, permit, { namespace, name: body.toName }) }
  })

  serve(app, door, calls.deleteRepo, async ({ ctx, params }) => {
    const permit = await policy.require(ctx, 'repo.admin', repoIn(params))
    await organisations.deleteRepo(ctx, permit)
  })
}

export const registerRepos = (app: FastifyInstance, door: Door): void => {
  registerFinding(app, door)
  registerOne(app, door)
}
