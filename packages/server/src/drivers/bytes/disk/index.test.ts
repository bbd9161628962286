import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { ByteStore } from '#core/ports/byte-store.ts'
import { byteStoreContract } from '@weighhouse/testkit/contract/byte-store.ts'
import { openDiskStore } from './index.ts'

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'weighhouse-bytes-'))

byteStoreContract('disk', async () => openDiskStore(await folder()))

const one = async function* (text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text))
}

void test('disk: objects are read-only and lie where the map says', async () => {
  const root = await folder()
  await using store = await openDiskStore(root)
  const written = await store.write('a', 0, one('weight'), 10)
  await store.promote('a', { key: written.sha256, sizeBytes: written.sizeBytes })
  const path = join(root, 'objects', written.sha256.slice(0, 2), written.sha256)
  assert.equal((await stat(path)).mode & 0o777, 0o440)
  assert.deepEqual(await readdir(join(root, 'stages')), [])
})

void test('disk: what is stored is there when the store is opened again', async () => {
  const root = await folder()
  let sha256: Sha256
  {
    await using store = await openDiskStore(root)
    const written = await store.write('a', 0, one('again'), 10)
    await store.promote('a', { key: written.sha256, sizeBytes: written.sizeBytes })
    sha256 = written.sha256
  }
  await using store = await openDiskStore(root)
  assert.equal(await store.stat(sha256), 5)
})

void test('disk: a stage name cannot leave its folder', async () => {
  await using store = await openDiskStore(await folder())
  await assert.rejects(store.write('../up', 0, one('x'), 1), /stage name/)
})

void test('disk: a place that cannot hold a store is told in the port’s words', async () => {
  const file = join(await folder(), 'file')
  await writeFile(file, '')
  await assert.rejects(openDiskStore(join(file, 'store')), { kind: 'permanent' })
})

/** Runs on a small file system of its own, which only root may make. */
const onSmallDisk = (
  title: string,
  work: (store: ByteStore, remount: (option: string) => void) => Promise<void>,
): void => {
  const skip = process.getuid?.() === 0 ? false : 'mounting needs root'
  void test(title, { skip }, async () => {
    const root = await folder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', root])
    try {
      await using store = await openDiskStore(root)
      await work(store, (option) => execFileSync('mount', ['-o', `remount,${option}`, root]))
    } finally {
      execFileSync('umount', [root])
    }
  })
}

const large = async function* (): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < 64; i += 1) yield await Promise.resolve(Buffer.alloc(1024 * 1024, i))
}

onSmallDisk('disk: a full disk is told as full, and works again when freed', async (store) => {
  await assert.rejects(store.write('big', 0, large(), 1e9), { kind: 'full' })
  await store.discard('big')
  const written = await store.write('small', 0, one('fits'), 10)
  await store.promote('small', { key: written.sha256, sizeBytes: written.sizeBytes })
  assert.equal(await store.stat(written.sha256), 4)
})

onSmallDisk(
  'disk: a read-only disk is told as permanent, and still read',
  async (store, remount) => {
    const written = await store.write('a', 0, one('kept'), 10)
    await store.promote('a', { key: written.sha256, sizeBytes: written.sizeBytes })
    remount('ro')
    await assert.rejects(store.write('b', 0, one('x'), 10), { kind: 'permanent' })
    assert.equal(await store.stat(written.sha256), 4)
  },
)
