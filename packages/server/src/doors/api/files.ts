/** Folders and files of a repo, their tensors and cards: names and sizes for who may browse, bytes by a leave for each path. */
import { fileCalls as calls } from '@weighhouse/contract/files.ts'
import { commitTitle } from '@weighhouse/formats/git/commit.ts'
import type { FastifyInstance } from 'fastify'
import type { BrowsePermit, Coloured, Entry, FileEntry, Hub, Revision } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { countText } from '../kit/counted.ts'
import { makeCardReader } from './card.ts'
import { languageShown, makeColourReader } from './colours.ts'
import { readHead } from './head.ts'
import { offsetOf, placeOf, renderPlace } from './place.ts'
import { serve } from './serve.ts'
import { readTensors } from './tensors.ts'

interface Last {
  readonly commit: string
  readonly title: string
  readonly at: string
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The commit that last changed each of some entries of one folder, by path. */
const lastChanges = async (
  hub: Hub,
  permit: BrowsePermit,
  { commit }: Revision,
  paths: readonly string[],
): Promise<Map<string, Last>> => {
  const [first] = paths
  const found = new Map<string, Last>()
  if (first === undefined) return found
  const names = paths.map(nameOf)
  const changes = await hub.refs.lastChanges(permit.repo.id, commit, folderOf(first), names)
  for (const path of paths) {
    const change = changes.get(nameOf(path))
    if (change === undefined) continue
    const { message, committer } = change.commit
    const at = isoDate(committer.atMs)
    found.set(path, { commit: change.oid, title: commitTitle(message), at })
  }
  return found
}

const renderEntry = (entry: Entry, last: Last | undefined) => ({
  kind: entry.kind,
  path: entry.path,
  sizeBytes: entry.kind === 'file' ? entry.sizeBytes : null,
  oid: entry.oid,
  isLfs: entry.kind === 'file' && entry.lfs !== undefined,
  last: last ?? null,
})

const needFile = async (
  hub: Hub,
  permit: BrowsePermit,
  { commit }: Revision,
  path: string,
): Promise<FileEntry> => {
  const entry = await hub.refs.entry(permit, commit, path)
  if (entry.kind === 'file') return entry
  throw new HubError('entry_not_found', `"${path}" is a folder.`, { commit })
}

const registerTree = (app: FastifyInstance, door: Door): void => {
  const { hub } = door
  serve(app, door, calls.getTree, async ({ ctx, params, query }) => {
    const { permit, revision, path } = await placeOf(hub, ctx, params, query.at)
    const found = await hub.refs.trees.list(permit.repo.id, revision.commit, path)
    if (found === undefined) {
      throw new HubError('entry_not_found', `There is no folder "${path}" at this revision.`)
    }
    // Folders first, as people look for them; each kind in git's order.
    const all = [
      ...found.filter(({ kind }) => kind === 'directory'),
      ...found.filter(({ kind }) => kind === 'file'),
    ]
    const withLast = query.withLast === true
    const most = withLast ? limits.treePageExpandedMax : limits.treePageMax
    const from = offsetOf(query.cursor)
    const page = all.slice(from, from + most)
    const paths = page.map((entry) => entry.path)
    const last = withLast
      ? await lastChanges(hub, permit, revision, paths)
      : new Map<string, Last>()
    return {
      ...renderPlace({ revision, path }),
      entries: page.map((entry) => renderEntry(entry, last.get(entry.path))),
      total: all.length,
      totalBytes: all.reduce((sum, one) => sum + (one.kind === 'file' ? one.sizeBytes : 0), 0),
      next: from + most < all.length ? String(from + most) : null,
    }
  })
}

const renderColours = (lines: Coloured | undefined): number[][] | null =>
  lines?.map((one) => [...one]) ?? null

const registerFile = (app: FastifyInstance, door: Door): void => {
  const { hub } = door
  const readCard = makeCardReader(hub)
  const readColours = makeColourReader(hub)

  serve(app, door, calls.getFile, async ({ ctx, params, query }) => {
    const { permit, revision, path } = await placeOf(hub, ctx, params, query.at)
    const reading = hub.policy.open(permit, path)
    const file = await needFile(hub, permit, revision, path)
    const last = (await lastChanges(hub, permit, revision, [path])).get(path)
    const head = await readHead(hub, reading, file)
    if (head.text !== null) await countText(hub, ctx, reading, file)
    return {
      ...renderPlace({ revision, path }),
      sizeBytes: file.sizeBytes,
      oid: file.oid,
      sha256: file.lfs?.sha256 ?? null,
      isLfs: file.lfs !== undefined,
      language: languageShown(file) ?? null,
      ...head,
      last: last ?? null,
    }
  })

  serve(app, door, calls.getTensors, async ({ ctx, params, query }) => {
    const { permit, revision, path } = await placeOf(hub, ctx, params, query.at)
    const reading = hub.policy.open(permit, path)
    const file = await needFile(hub, permit, revision, path)
    return { ...renderPlace({ revision, path }), ...(await readTensors(hub, reading, file)) }
  })

  serve(app, door, calls.getColours, async ({ ctx, params, query }) => {
    const { permit, revision, path } = await placeOf(hub, ctx, params, query.at)
    const reading = hub.policy.open(permit, path)
    const file = await needFile(hub, permit, revision, path)
    const { lines, cells } = await readColours(reading, revision.commit, file)
    return {
      ...renderPlace({ revision, path }),
      lines: renderColours(lines),
      cells: cells.map(renderColours),
    }
  })

  serve(app, door, calls.getCard, async ({ ctx, params, query }) => {
    const place = await placeOf(hub, ctx, params, query.at)
    return { ...renderPlace(place), ...(await readCard(ctx, place, query.withColours === true)) }
  })
}

export const registerFiles = (app: FastifyInstance, door: Door): void => {
  registerTree(app, door)
  registerFile(app, door)
}
