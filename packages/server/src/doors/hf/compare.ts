/** What changed between two revisions: as a unified diff, or a line for each file. */
import type { FastifyInstance } from 'fastify'
import { createTwoFilesPatch } from 'diff'
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import type { ReadPermit, RepoType } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { type Difference, differences, editsMax, textOf } from '../kit/differences.ts'
import { flagOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { tailText } from './revision.ts'
import { plurals, reach, repoTypes } from './target.ts'

const diffBytesMax = 16 * 1024 * 1024
const noOid = '0'.repeat(40)

const rawLine = ({ status, path, before, after }: Difference): string => {
  const file = after ?? before
  const kind = file?.lfs === undefined ? 'T' : 'B'
  const modes = `:${before ? '100644' : '000000'} ${after ? '100644' : '000000'}`
  const oids = `${before?.oid ?? noOid}... ${after?.oid ?? noOid}...`
  return `${kind} ${file?.sizeBytes ?? 0}\t${modes} ${oids} ${status}\t${path}`
}

const patchOf = async (
  door: Door,
  ctx: Ctx,
  permit: ReadPermit,
  one: Difference,
): Promise<string> => {
  const head = `diff --git a/${one.path} b/${one.path}\n`
  const before = await textOf(door.hub, ctx, permit, one.before)
  const after = await textOf(door.hub, ctx, permit, one.after)
  const a = one.before ? `a/${one.path}` : '/dev/null'
  const b = one.after ? `b/${one.path}` : '/dev/null'
  if (before === undefined || after === undefined)
    return `${head}Binary files ${a} and ${b} differ\n`
  const options = { maxEditLength: editsMax, context: 3 }
  const patch = createTwoFilesPatch(a, b, before, after, '', '', options)
  if (patch === undefined) return `${head}Files ${a} and ${b} differ too much to show\n`
  return head + patch.slice(patch.indexOf('--- '))
}

const spanOf = async (
  { hub }: Door,
  permit: ReadPermit,
  text: string,
): Promise<{ from: GitOid | undefined; to: GitOid }> => {
  const [first = '', second] = text.split(/\.{2,3}/)
  const { commit } = await hub.refs.resolve(permit, second ?? first)
  if (second !== undefined)
    return { from: (await hub.refs.resolve(permit, first)).commit, to: commit }
  const { parents } = await hub.refs.commit(permit, commit)
  return { from: parents[0], to: commit }
}

const register = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { refs } = door.hub
  app.get(`/api/${plurals[type]}/:ns/:name/compare/*`, async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const { ctx, permit, repo } = await reach(door, request, reply, type, 'repo.read')
    const { from, to } = await spanOf(door, permit, tailText(request, 5))
    const before = from === undefined ? [] : await refs.trees.listAll(repo.id, from, '')
    const after = await refs.trees.listAll(repo.id, to, '')
    const found = differences(before ?? [], after ?? [])
    reply.type('text/plain; charset=utf-8')
    if (flagOf(query, 'raw')) return found.map((one) => `${rawLine(one)}\n`).join('')
    let text = ''
    for (const one of found) {
      text += await patchOf(door, ctx, permit, one)
      if (text.length > diffBytesMax) {
        throw new HubError(
          'too_large',
          `This difference has more than ${diffBytesMax} bytes. Ask with raw=true for a line per file.`,
        )
      }
    }
    return text
  })
}

export const registerCompare = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) register(app, door, type)
}
