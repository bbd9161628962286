/**
 * Bytes on a local disk: `objects/ab/<key>`, read-only, and `stages/<name>` for what is on its way.
 *
 * A write is answered after fsync; a promotion is a rename followed by an fsync of its folder. A crash leaves stages only.
 */
import type { Stats } from 'node:fs'
import {
  chmod,
  type FileHandle,
  mkdir,
  open,
  opendir,
  rename,
  rm,
  stat,
  statfs,
  utimes,
} from 'node:fs/promises'
import { join } from 'node:path'
import { isSha256, type Sha256, type XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { ByteStore, XorbStore } from '#core/ports/byte-store.ts'
import { type Digester, noDigester, sha256Digester } from './digester.ts'
import { attempt, isCode } from './errors.ts'
import { fileSource } from './file-source.ts'
import { receiveInto } from './receive.ts'

const stageForm = /^[A-Za-z0-9_-]{1,128}$/

const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const statOrUndefined = async (path: string): Promise<Stats | undefined> => {
  try {
    return await stat(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

const makeFolders = async (root: string): Promise<void> => {
  await mkdir(join(root, 'stages'), { recursive: true })
  await mkdir(join(root, 'objects'), { recursive: true })
  for (let i = 0; i < 256; i += 1) {
    await mkdir(join(root, 'objects', i.toString(16).padStart(2, '0')), { recursive: true })
  }
  await syncFolder(join(root, 'objects'))
  await syncFolder(root)
}

const digestFile = async <Digest>(
  path: string,
  digester: Digester<Digest>,
  signal?: AbortSignal,
) => {
  const handle = await open(path, 'r')
  let sizeBytes = 0
  const { size } = await handle.stat()
  // The source closes the handle.
  for await (const chunk of fileSource(handle, 0, size)) {
    signal?.throwIfAborted()
    digester.update(chunk)
    sizeBytes += chunk.length
  }
  return { sizeBytes, sha256: digester.finish() }
}

/** Keys are hashes of 64 hex digits; `isKey` tells them from whatever else lies in the folder. */
const openStore = async <Key extends string, Digest extends Sha256 | undefined>(
  root: string,
  isKey: (name: string) => name is Key,
  makeDigester: () => Digester<Digest>,
): Promise<ByteStore<Key, Digest>> => {
  await attempt(makeFolders(root))

  const stagePath = (stage: string): string => {
    if (!stageForm.test(stage)) throw new Error(`assertion failed: stage name ${stage}`)
    return join(root, 'stages', stage)
  }
  const objectFolder = (key: Key): string => join(root, 'objects', key.slice(0, 2))
  const objectPath = (key: Key): string => join(objectFolder(key), key)

  const openStage = async (path: string): Promise<FileHandle> => {
    try {
      return await open(path, 'r+')
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error
      return open(path, 'w+', 0o600)
    }
  }

  const promoteFile = async (stage: string, key: Key): Promise<void> => {
    const from = stagePath(stage)
    const to = objectPath(key)
    if ((await statOrUndefined(to)) !== undefined) {
      // The time tells the sweep that somebody has just relied on this object.
      await utimes(to, new Date(), new Date())
      await rm(from, { force: true })
      return
    }
    await chmod(from, 0o440)
    await rename(from, to)
    await syncFolder(objectFolder(key))
  }

  return {
    async write(stage, offset, source, bytesMax) {
      const handle = await attempt(openStage(stagePath(stage)))
      try {
        const result = await receiveInto(handle, offset, source, {
          bytesMax,
          digester: makeDigester(),
        })
        await attempt(handle.datasync())
        return result
      } finally {
        await handle.close()
      }
    },

    digestStage: (stage, signal) => attempt(digestFile(stagePath(stage), makeDigester(), signal)),

    promote: (stage, { key }) => attempt(promoteFile(stage, key)),

    async discard(stage) {
      await attempt(rm(stagePath(stage), { force: true }))
    },

    async stat(key) {
      return (await attempt(statOrUndefined(objectPath(key))))?.size
    },

    async open(key, range) {
      const handle = await attempt(open(objectPath(key), 'r'))
      if (range !== undefined) return fileSource(handle, range.start, range.end)
      const { size } = await attempt(handle.stat())
      return fileSource(handle, 0, size)
    },

    async remove(key) {
      await attempt(rm(objectPath(key), { force: true }))
    },

    async *list() {
      for (let i = 0; i < 256; i += 1) {
        const folder = join(root, 'objects', i.toString(16).padStart(2, '0'))
        for await (const entry of await opendir(folder)) {
          if (!isKey(entry.name)) continue
          const found = await statOrUndefined(join(folder, entry.name))
          if (found === undefined) continue
          yield { key: entry.name, sizeBytes: found.size, storedAtMs: found.mtimeMs }
        }
      }
    },

    async *listStages() {
      for await (const entry of await opendir(join(root, 'stages'))) {
        const found = await statOrUndefined(join(root, 'stages', entry.name))
        if (found !== undefined) yield { stage: entry.name, modifiedAtMs: found.mtimeMs }
      }
    },

    async freeBytes() {
      const { bavail, bsize } = await attempt(statfs(root))
      return bavail * bsize
    },

    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** Opens, and where needed makes, a store of contents under `root`. Errors: `permanent` when the folder cannot be written. */
export const openDiskStore = (root: string): Promise<ByteStore> =>
  openStore(root, isSha256, sha256Digester)

// A cast in its type because a Xet hash has the form of a SHA-256.
const isXetHash = (name: string): name is XetHash => isSha256(name)

/** The same for xorbs. */
export const openDiskXorbStore = (root: string): Promise<XorbStore> =>
  openStore(root, isXetHash, noDigester)
