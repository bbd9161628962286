/** The batch call: what to send where, and where to get what. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseSha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Permit, ReadPermit, RepoType } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { baseUrl, ctxOf, type Door } from '../kit/context.ts'
import { toldAt } from '../kit/errors.ts'
import { xetGrant, xetGrantHeaders } from '../kit/xet-grant.ts'
import { lfsStatus, lfsType } from './errors.ts'
import { contentUrl, repoPrefixes, uploadUrl } from './urls.ts'
import * as wire from './wire.ts'

interface RepoParams {
  ns: string
  name: string
}

/** The repo a route speaks of; git clients append `.git`. */
const targetOf = (request: FastifyRequest, type: RepoType) => {
  // A cast because every route here declares `:ns` and `:name`.
  const { ns, name } = request.params as RepoParams
  return { type, path: `${ns}/${name.replace(/\.git$/, '')}` }
}

const offerOf = ({ oid, size }: { oid: string; size: number }) => {
  const sha256 = parseSha256(oid)
  if (sha256 !== undefined) return { sha256, sizeBytes: size }
  throw new HubError(
    'invalid',
    `An object is named by a SHA-256 of 64 hex digits, found "${oid.slice(0, 80)}".`,
  )
}

/** Runs one object's part of the batch; its refusal is its own and fails no other. */
const each = async (
  object: { oid: string; size: number },
  base: string,
  work: () => Promise<Omit<wire.BatchObject, 'oid' | 'size'>>,
): Promise<wire.BatchObject> => {
  try {
    return { oid: object.oid, size: object.size, ...(await work()) }
  } catch (error) {
    if (!isHubError(error)) throw error
    const { text, end } = toldAt(base, error)
    const message = text + end
    return { oid: object.oid, size: object.size, error: { code: lfsStatus[error.code], message } }
  }
}

const partNumber = (index: number): string => String(index + 1).padStart(5, '0')

const uploadAction = async (
  door: Door,
  ctx: Ctx,
  permit: Permit<'repo.write'>,
  request: FastifyRequest,
  object: { oid: string; size: number },
  inParts: boolean,
): Promise<Omit<wire.BatchObject, 'oid' | 'size'>> => {
  const { hub } = door
  const reception = await hub.content.begin(ctx, permit, offerOf(object), { inParts })
  if (reception.state === 'present') return {}
  const { uploadId, parts, partBytes } = reception
  const seconds = limits.uploadTicketSeconds
  const ticket = hub.policy.ticket(permit, { act: 'upload', subject: uploadId, seconds })
  const url = (part: number | 'complete'): string =>
    uploadUrl(baseUrl(door, request), uploadId, part, ticket)
  const verify = {
    href: `${baseUrl(door, request)}/_lfs/verify/${permit.repo.id}`,
    expires_in: seconds,
  }
  if (!inParts) {
    return {
      authenticated: true,
      actions: { upload: { href: url(1), expires_in: seconds }, verify },
    }
  }
  const header: Record<string, string> = { chunk_size: String(partBytes) }
  for (let index = 0; index < parts; index += 1) header[partNumber(index)] = url(index + 1)
  const upload = { href: url('complete'), header, expires_in: seconds }
  return { authenticated: true, actions: { upload, verify } }
}

/** Uploads by the Xet protocol: the client goes on at the Xet door with the token that comes along. */
const xetAction = async (
  door: Door,
  permit: Permit<'repo.write'>,
  grant: { href: string; header: Record<string, string> },
  object: { oid: string; size: number },
): Promise<Omit<wire.BatchObject, 'oid' | 'size'>> => {
  const { sha256, sizeBytes } = offerOf(object)
  const held = await door.hub.content.sizeIn(permit, sha256)
  if (held === sizeBytes) return {}
  if (sizeBytes > limits.fileBytesMax) {
    throw new HubError('too_large', `One file may have ${limits.fileBytesMax} bytes. Split it.`)
  }
  return {
    authenticated: true,
    actions: { upload: { ...grant, expires_in: limits.xetTokenSeconds } },
  }
}

const xetGrantFor = async (
  door: Door,
  permit: Permit<'repo.write'>,
  request: FastifyRequest,
): Promise<{ href: string; header: Record<string, string> }> => {
  const grant = await xetGrant(door, request, permit, 'xet-write')
  const { type, path } = permit.repo
  return {
    href: `${baseUrl(door, request)}/api/${type}s/${path}/xet-write-token/main`,
    header: {
      ...xetGrantHeaders(grant),
      'X-Xet-Session-Id': door.hub.chance.bytes(16).toString('hex'),
    },
  }
}

const downloadAction = async (
  door: Door,
  permit: ReadPermit,
  request: FastifyRequest,
  object: { oid: string; size: number },
): Promise<Omit<wire.BatchObject, 'oid' | 'size'>> => {
  const { hub } = door
  const { sha256 } = offerOf(object)
  if ((await hub.content.sizeIn(permit, sha256)) === undefined) {
    throw new HubError('content_missing', `This repository holds no object ${sha256}.`)
  }
  const seconds = limits.downloadTicketSeconds
  const ticket = hub.policy.ticket(permit, { act: 'download', subject: sha256, seconds })
  const href = contentUrl(baseUrl(door, request), sha256, ticket)
  return { authenticated: true, actions: { download: { href, expires_in: seconds } } }
}

/** Parts are worth their overhead only where an object is too large for one request, and the client can send them. */
const wantsParts = (door: Door, body: wire.BatchBody): boolean =>
  body.transfers?.includes('multipart') === true &&
  body.objects.some(({ size }) => size > door.multipartThresholdBytes)

const register = (app: FastifyInstance, door: Door, type: RepoType, prefix: string): void => {
  const { hub } = door
  const base = `/${prefix}:ns/:name/info/lfs`

  app.post<{ Body: wire.BatchBody }>(
    `${base}/objects/batch`,
    { schema: { body: wire.batchBody } },
    async (request, reply) => {
      const { body } = request
      if (body.objects.length > limits.lfsBatchObjectsMax) {
        throw new HubError(
          'too_many',
          `At most ${limits.lfsBatchObjectsMax} objects a batch, found ${body.objects.length}.`,
        )
      }
      const ctx = await ctxOf(door, request, reply)
      reply.type(lfsType)
      const own = baseUrl(door, request)
      if (body.operation === 'download') {
        const permit = await hub.policy.require(ctx, 'repo.read', targetOf(request, type))
        const objects = []
        for (const object of body.objects) {
          objects.push(await each(object, own, () => downloadAction(door, permit, request, object)))
        }
        return { transfer: 'basic', objects, hash_algo: 'sha256' }
      }
      const permit = await hub.policy.require(ctx, 'repo.write', targetOf(request, type))
      // Whoever offers it can do it, and pays for what changed alone.
      if (body.transfers?.includes('xet') === true) {
        const grant = await xetGrantFor(door, permit, request)
        const objects = []
        for (const object of body.objects) {
          objects.push(await each(object, own, () => xetAction(door, permit, grant, object)))
        }
        return { transfer: 'xet', objects, hash_algo: 'sha256' }
      }
      const inParts = wantsParts(door, body)
      const objects = []
      for (const object of body.objects) {
        objects.push(
          await each(object, own, () => uploadAction(door, ctx, permit, request, object, inParts)),
        )
      }
      return { transfer: inParts ? 'multipart' : 'basic', objects, hash_algo: 'sha256' }
    },
  )

  app.post<{ Body: wire.VerifyBody }>(
    `${base}/objects/verify`,
    { schema: { body: wire.verifyBody } },
    async (request, reply) => {
      const ctx = await ctxOf(door, request, reply)
      const permit = await hub.policy.require(ctx, 'repo.write', targetOf(request, type))
      await verify(door, permit, request.body)
      return reply.type(lfsType).send({})
    },
  )

  // Locks are not kept; empty lists are what git-lfs takes without a word.
  app.post(`${base}/locks/verify`, async (request, reply) => {
    const ctx = await ctxOf(door, request, reply)
    await hub.policy.require(ctx, 'repo.write', targetOf(request, type))
    return reply.type(lfsType).send({ ours: [], theirs: [] })
  })
}

/** Throws unless the repo holds the object with that size. */
export const verify = async (
  { hub }: Door,
  permit: ReadPermit,
  body: wire.VerifyBody,
): Promise<void> => {
  const { sha256, sizeBytes } = offerOf(body)
  const found = await hub.content.sizeIn(permit, sha256)
  if (found === sizeBytes) return
  throw new HubError(
    'content_missing',
    found === undefined
      ? `Object ${sha256} has not arrived. Upload it again.`
      : `Object ${sha256} has ${found} bytes here, ${sizeBytes} were announced.`,
  )
}

export const registerBatch = (app: FastifyInstance, door: Door): void => {
  for (const [type, prefix] of repoPrefixes) register(app, door, type, prefix)
}
