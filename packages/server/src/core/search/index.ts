/**
 * The search room: what repos say of themselves, and finding them by it. All it keeps is derived and may be rebuilt.
 *
 * Invariants: a list shows what the policy's filter lets through and nothing else; facts asked for by name are those of the commit asked
 * for, however far the index has come.
 */
import { parameterCount } from '@weighhouse/formats/card/parameters.ts'
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Database } from '#db/connect.ts'
import type { RepoType } from '#db/schema.ts'
import type { Consumer } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { makeLru } from '../kernel/lru.ts'
import type { Clock } from '../kernel/time.ts'
import type { BrowsePermit, Policy, RepoRef } from '../policy/index.ts'
import { defaultBranch, type Refs } from '../refs/index.ts'
import type { Repo } from '../repos/index.ts'
import { deriveFacts, type RepoFacts } from './derive.ts'
import { makeTelling } from './telling.ts'
import * as facets from './facets.sql.ts'
import * as kept from './facts.sql.ts'
import * as sql from './search.sql.ts'

export type { RepoFacts } from './derive.ts'
export type { SortKey } from './search.sql.ts'

export interface FindWish {
  readonly type: RepoType
  readonly words?: readonly string[]
  /** Only those with a gate, or only those without. */
  readonly isGated?: boolean
  readonly parameters?: sql.ParameterRange
  readonly author?: string
  readonly tags?: readonly string[]
}

/** What is found, in numbers, so that people can narrow it. */
export interface Facets {
  readonly total: number
  readonly tags: readonly { readonly tag: string; readonly count: number }[]
  readonly owners: readonly { readonly owner: string; readonly count: number }[]
  /** Of those whose number of parameters is known, whatever range was asked for: from each bound up to the next. */
  readonly parameters: readonly { readonly from: number; readonly count: number }[]
}

export interface FoundFile {
  readonly repo: RepoRef
  readonly path: string
}

export interface ListWish extends FindWish {
  readonly sort: sql.SortKey
  readonly limit: number
  /** Where the page before ended, as it was given out. */
  readonly cursor?: string
}

export interface Listed {
  readonly repo: Repo
  /** Absent until the index has seen the repo, and for whoever may not look inside. */
  readonly facts: RepoFacts | undefined
}

export interface Search {
  /** Facts of one commit: what the hub itself read there, behind a gate too. */
  facts(permit: BrowsePermit, commit: GitOid): Promise<RepoFacts>
  /** Repos the actor may see. `next` continues after the last one. Errors: `invalid` cursor. */
  list(ctx: Ctx, wish: ListWish): Promise<{ repos: Listed[]; next: string | undefined }>
  tags(ctx: Ctx, type: RepoType): Promise<{ tag: string; count: number }[]>
  /** Counts only what the actor may see, so that no number tells of the rest. */
  facets(ctx: Ctx, wish: FindWish): Promise<Facets>
  /** Files of the default branches of repos that the actor may browse, by their bytes. A hash gives no more than lists of files do. */
  filesWith(ctx: Ctx, sha256: Sha256): Promise<FoundFile[]>
  /** Keeps the index up with what happens. */
  readonly consumer: Consumer
}

export interface SearchDeps {
  readonly db: Database
  readonly policy: Policy
  readonly refs: Refs
  readonly clock: Clock
  /** A context that acts for the hub itself. */
  readonly systemCtx: Ctx
}

const rareTagMax = 2_000
const factsKept = 2_000
const tagsListedMax = 2_000
const ownersListedMax = 200
/** Repos that are looked through for one content. */
const holdersMax = 20

/** Three in each power of ten would say no more: half of one is what people tell apart. */
const parameterBounds = [3, 4, 5, 6, 7, 8, 9, 10, 11].flatMap((power) => [
  10 ** power,
  3 * 10 ** power,
])

const parseCursor = (text: string): { value: number; id: RepoId } => {
  const [value, id] = Buffer.from(text, 'base64url').toString().split(':')
  if (id === undefined || !/^[0-9a-f]{24}$/.test(id) || !Number.isSafeInteger(Number(value))) {
    throw new HubError(
      'invalid',
      'This "cursor" was not given out by this hub. Start again without one.',
    )
  }
  return { value: Number(value), id: id as RepoId }
}

const formatCursor = (value: number, id: RepoId): string =>
  Buffer.from(`${value}:${id}`).toString('base64url')

const toListed = (row: sql.ListedRow): Listed => ({
  repo: {
    id: row.id,
    type: row.type,
    path: `${row.owner_name}/${row.name}`,
    owner: row.owner_name,
    visibility: row.visibility,
    hold: row.hold ?? undefined,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    downloads: row.downloads,
    likes: row.likes,
    gate: row.gate ?? undefined,
  },
  // A cast because only this room writes the column.
  facts: row.facts === null ? undefined : (JSON.parse(row.facts) as RepoFacts),
})

export const makeSearch = ({ db, policy, refs, clock, systemCtx }: SearchDeps): Search => {
  const recent = makeLru<string, RepoFacts>(factsKept)
  const { lookerOf, insiderOf, mayTell } = makeTelling({ db, policy, clock })

  const store = async (repoId: RepoId, facts: RepoFacts): Promise<void> => {
    await db.tx(async (q) => {
      if (!(await kept.repoExists(q, repoId))) return
      const row = {
        repo_id: repoId,
        commit_oid: facts.commit,
        facts: JSON.stringify(facts),
        pipeline_tag: facts.pipelineTag ?? null,
        library_name: facts.libraryName ?? null,
        parameters: parameterCount(facts) ?? null,
        formats: JSON.stringify(facts.formats),
      }
      await kept.replaceFacts(q, row, [...new Set(facts.tags)])
    })
  }

  const factsOf = async ({ repo }: BrowsePermit, commit: GitOid): Promise<RepoFacts> => {
    const key = `${repo.id}:${commit}`
    const known = recent.get(key)
    if (known !== undefined) return known
    const row = await kept.factsRow(db.read, repo.id)
    const facts =
      row?.commit_oid === commit
        ? (JSON.parse(row.facts) as RepoFacts)
        : await deriveFacts(refs, await policy.require(systemCtx, 'repo.read', repo.id), commit)
    recent.set(key, facts, 1)
    return facts
  }

  const index = async (repoId: RepoId): Promise<void> => {
    try {
      const permit = await policy.require(systemCtx, 'repo.read', repoId)
      const main = await refs.get(permit, defaultBranch)
      if (main === undefined) return
      const row = await kept.factsRow(db.read, repoId)
      if (row?.commit_oid === main.commit) return
      await store(repoId, await factsOf(permit, main.commit))
    } catch (error) {
      // Deleted in the meantime: nothing to index.
      if (!isHubError(error, 'repo_not_found')) throw error
    }
  }

  /** The rarest tag's repos when they are few: then they, not the whole table, are looked through. */
  const narrow = async (tags: readonly string[]): Promise<RepoId[] | undefined> => {
    let fewest: RepoId[] | undefined
    for (const tag of tags) {
      const ids = await kept.idsWithTag(db.read, tag, rareTagMax + 1)
      if (ids.length <= rareTagMax && ids.length < (fewest?.length ?? Infinity)) fewest = ids
    }
    return fewest
  }

  const filterOf = (wish: FindWish, among: readonly RepoId[] | undefined): sql.RepoFilter => ({
    type: wish.type,
    words: wish.words ?? [],
    authorKey: wish.author?.toLowerCase(),
    tags: wish.tags ?? [],
    isGated: wish.isGated,
    parameters: wish.parameters,
    among,
  })

  const parametersOf = async (looker: sql.Insider, filter: sql.RepoFilter) => {
    const all = { ...filter, parameters: undefined }
    const counts = await facets.countParameters(db.read, looker, all, parameterBounds)
    return [0, ...parameterBounds].map((from, at) => ({
      from,
      count: counts.find(({ place }) => place === at)?.count ?? 0,
    }))
  }

  return {
    facts: factsOf,

    async list(ctx, wish) {
      const limit = Math.min(Math.max(1, wish.limit), limits.repoListPageMax)
      const among = await narrow(wish.tags ?? [])
      if (among?.length === 0) return { repos: [], next: undefined }
      const filter = filterOf(wish, among)
      const isInside = sql.asksInside(filter) || wish.sort === 'parameters'
      const rows = await sql.listRepos(
        db.read,
        isInside ? await insiderOf(ctx, wish.type) : { ...lookerOf(ctx), byAgreement: [] },
        {
          ...filter,
          sort: wish.sort,
          after: wish.cursor === undefined ? undefined : parseCursor(wish.cursor),
          limit: limit + 1,
        },
      )
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const hasMore = rows.length > limit && last !== undefined
      const repos: Listed[] = []
      for (const row of page) {
        const listed = toListed(row)
        repos.push((await mayTell(ctx, row)) ? listed : { ...listed, facts: undefined })
      }
      return {
        repos,
        next: hasMore ? formatCursor(last.sort_value, last.id) : undefined,
      }
    },

    async tags(ctx, type) {
      const looker = await insiderOf(ctx, type)
      return facets.countTags(db.read, looker, filterOf({ type }, undefined), tagsListedMax)
    },

    async facets(ctx, wish) {
      const among = await narrow(wish.tags ?? [])
      if (among?.length === 0) return { total: 0, tags: [], owners: [], parameters: [] }
      const looker = await insiderOf(ctx, wish.type)
      const filter = filterOf(wish, among)
      return {
        total: await facets.countRepos(db.read, looker, filter),
        tags: await facets.countTags(db.read, looker, filter, tagsListedMax),
        owners: await facets.countOwners(db.read, looker, filter, ownersListedMax),
        parameters: await parametersOf(looker, filter),
      }
    },

    async filesWith(ctx, sha256) {
      const looker = lookerOf(ctx)
      const found: FoundFile[] = []
      for (const id of await sql.reposWithContent(db.read, looker, sha256, holdersMax)) {
        try {
          const permit = await policy.require(ctx, 'repo.browse', id)
          const main = await refs.get(permit, defaultBranch)
          const files = main && (await refs.trees.listAll(id, main.commit, ''))
          const file = files?.find(
            (one) =>
              one.kind === 'file' && (one.lfs?.sha256 === sha256 || one.contentSha256 === sha256),
          )
          if (file !== undefined) found.push({ repo: permit.repo, path: file.path })
        } catch (error) {
          // Visible, and not to be looked into.
          if (!isHubError(error)) throw error
        }
      }
      return found
    },

    consumer: {
      name: 'search',
      concerns: (name) => name === 'refs_updated',
      async handle({ repoId }) {
        if (repoId !== undefined) await index(repoId as RepoId)
      },
    },
  }
}
