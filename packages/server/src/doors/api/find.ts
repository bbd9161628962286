/** Finding files: by their names in one repo, by their bytes in all that the caller may browse. */
import { findCalls as calls } from '@weighhouse/contract/find.ts'
import { isSha256 } from '@weighhouse/formats/digest/digest.ts'
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { placeOf, renderPlace } from './place.ts'
import { serve } from './serve.ts'

const shownMax = 50

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Names before folders, short before long: what is typed is mostly the beginning of a name. */
const rank = (path: string, words: readonly string[]): number => {
  const name = nameOf(path).toLowerCase()
  const first = words[0] ?? ''
  return name.startsWith(first) ? 0 : name.includes(first) ? 1 : 2
}

const matching = (paths: readonly string[], q: string): string[] => {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return paths
    .filter((path) => words.every((word) => path.toLowerCase().includes(word)))
    .map((path) => ({ path, rank: rank(path, words) }))
    .toSorted((a, b) => a.rank - b.rank || a.path.length - b.path.length)
    .map(({ path }) => path)
}

export const registerFind = (app: FastifyInstance, door: Door): void => {
  const { hub } = door

  serve(app, door, calls.findFiles, async ({ ctx, params, query }) => {
    const { permit, revision, path } = await placeOf(hub, ctx, params, query.at)
    const all = await hub.refs.trees.listAll(permit.repo.id, revision.commit, '')
    const files = (all ?? []).filter(({ kind }) => kind === 'file').map((one) => one.path)
    const found = matching(files, query.q)
    return {
      revision: renderPlace({ revision, path }).revision,
      paths: found.slice(0, shownMax),
      total: found.length,
    }
  })

  serve(app, door, calls.findContent, async ({ ctx, params: { sha256 } }) => {
    if (!isSha256(sha256)) {
      throw new HubError('invalid', 'A SHA-256 of 64 digits from 0 to f is expected.')
    }
    const found = await hub.search.filesWith(ctx, sha256)
    return { items: found.map(({ repo, path }) => ({ type: repo.type, repo: repo.path, path })) }
  })
}
