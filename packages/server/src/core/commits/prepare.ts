/** Reads the operations of a commit and stores their bytes, before the short transaction that names them. */
import type { GitOid, Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { formatPointer } from '@weighhouse/formats/lfs/pointer.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import { cardPath } from '../lineage/index.ts'
import type { Permit } from '../policy/index.ts'
import { hashObject, type NewObject, newObject, storeObjects } from '../refs/index.ts'
import { attributesPath } from './attributes.ts'
import type { SentCard } from './card.ts'
import type { CommitsDeps } from './index.ts'
import type { Operation, TreeOperation } from './operations.ts'
import { refuseCard, refusePath, refuseSize } from './refuse.ts'

const flushBytes = 4 * 1024 * 1024
const flushObjects = 500

/** Operations whose bytes are in the stores, and what the attributes must cover. */
export interface Prepared {
  readonly operations: TreeOperation[]
  readonly uploads: string[]
  /** What the repo must still be linked to when the ref moves. */
  readonly contents: Sha256[]
  /** Bytes of `.gitattributes`, when the commit itself sets it, and of the card. */
  attributes: string | undefined
  card: SentCard | undefined
}

/** All operations are read, and bytes are stored on the way, so that what is kept is small. */
export const makePrepare = ({
  db,
  content,
  refs,
}: Pick<CommitsDeps, 'db' | 'content' | 'refs'>) => {
  /** Small files go to the database, larger ones to the byte store. */
  const makeBlob = async (
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    bytes: Uint8Array,
  ): Promise<NewObject> => {
    if (bytes.length <= limits.inlineBlobBytesMax) return newObject('blob', bytes)
    const { sha256 } = await content.put(ctx, permit, bytes)
    const oid = hashObject('blob', bytes)
    return { oid, kind: 'blob', sizeBytes: bytes.length, body: null, contentSha256: sha256 }
  }

  const makePointer = async (
    permit: Permit<'repo.write'>,
    operation: Extract<Operation, { kind: 'upload' }>,
  ): Promise<NewObject> => {
    const { sha256, path } = operation
    const sizeBytes = await content.sizeIn(permit, sha256)
    if (sizeBytes === undefined) {
      throw new HubError(
        'content_missing',
        `"${path}" names content ${sha256}, which was not uploaded to this repository. Upload it first, then commit again.`,
        { path },
      )
    }
    if (operation.sizeBytes !== undefined && operation.sizeBytes !== sizeBytes) {
      throw new HubError(
        'length_mismatch',
        `"${path}" is said to have ${operation.sizeBytes} bytes, the uploaded content has ${sizeBytes}.`,
        { path },
      )
    }
    return newObject('blob', formatPointer({ sha256, sizeBytes }))
  }

  return async (
    ctx: Ctx,
    permit: Permit<'repo.write'>,
    head: GitOid,
    source: AsyncIterable<Operation>,
  ): Promise<Prepared> => {
    const prepared: Prepared = {
      operations: [],
      uploads: [],
      contents: [],
      attributes: undefined,
      card: undefined,
    }
    let waiting: NewObject[] = []
    let waitingBytes = 0
    const flush = async (): Promise<void> => {
      const objects = waiting
      waiting = []
      waitingBytes = 0
      if (objects.length > 0) await db.tx((q) => storeObjects(q, permit.repo.id, objects))
    }
    const keep = async (path: string, object: NewObject): Promise<void> => {
      prepared.operations.push({ kind: 'set', path, oid: object.oid })
      waiting.push(object)
      waitingBytes += object.body?.length ?? 0
      if (waitingBytes > flushBytes || waiting.length >= flushObjects) await flush()
    }
    for await (const operation of source) {
      if (prepared.operations.length >= limits.commitOperationsMax) {
        throw new HubError(
          'too_many',
          `One commit may hold ${limits.commitOperationsMax} operations. Split it into several.`,
        )
      }
      refusePath(operation.path)
      switch (operation.kind) {
        case 'file': {
          refuseSize(operation.path, operation.bytes.length)
          if (operation.path === cardPath) refuseCard(operation.bytes, permit.repo.type)
          if (operation.path === attributesPath) {
            prepared.attributes = new TextDecoder().decode(operation.bytes)
          }
          const blob = await makeBlob(ctx, permit, operation.bytes)
          if (blob.contentSha256 !== null) prepared.contents.push(blob.contentSha256)
          if (operation.path === cardPath) {
            prepared.card = { oid: blob.oid, text: new TextDecoder().decode(operation.bytes) }
          }
          await keep(operation.path, blob)
          break
        }
        case 'upload':
          prepared.uploads.push(operation.path)
          prepared.contents.push(operation.sha256)
          await keep(operation.path, await makePointer(permit, operation))
          break
        case 'copy': {
          const { fromPath, fromRevision } = operation
          const at =
            fromRevision === undefined ? head : (await refs.resolve(permit, fromRevision)).commit
          const entry = await refs.entry(permit, at, fromPath)
          if (entry.kind !== 'file') {
            throw new HubError('invalid', `"${fromPath}" is a folder; copy its files one by one.`)
          }
          if (entry.lfs !== undefined) prepared.uploads.push(operation.path)
          const needed = entry.lfs?.sha256 ?? entry.contentSha256
          if (needed !== undefined) prepared.contents.push(needed)
          prepared.operations.push({ kind: 'set', path: operation.path, oid: entry.oid })
          break
        }
        default:
          prepared.operations.push(operation)
      }
    }
    await flush()
    return prepared
  }
}
