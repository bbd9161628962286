/** What every byte store must do, whatever it is made of. A driver runs it from its own test. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import {
  type ByteStore,
  ByteStoreError,
  type StoredObject,
  type WriteResult,
} from '@weighhouse/server/core/ports/byte-store.ts'

// A cast because SHA-256 in hex is just that.
const sha = (bytes: Uint8Array): Sha256 =>
  createHash('sha256').update(bytes).digest('hex') as Sha256

const text = (value: string): Buffer => Buffer.from(value)

const stream = async function* (...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}

const broken = async function* (first: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(first)
  throw new Error('the client went away')
}

const drain = async (source: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks) // bounded: test data
}

const isKind = (kind: ByteStoreError['kind']) => (error: unknown) =>
  error instanceof ByteStoreError && error.kind === kind

const many = 1_000_000

const asObject = ({ sha256, sizeBytes }: WriteResult): StoredObject => ({ key: sha256, sizeBytes })

/** `open` makes an empty store; each test has one of its own. */
export const byteStoreContract = (name: string, open: () => Promise<ByteStore>): void => {
  const check = (title: string, work: (store: ByteStore) => Promise<void>): void => {
    void test(`${name}: ${title}`, async () => {
      await using store = await open()
      await work(store)
    })
  }
  const put = async (store: ByteStore, bytes: Uint8Array): Promise<Sha256> => {
    const stage = `s-${sha(bytes).slice(0, 20)}`
    const { sha256, sizeBytes } = await store.write(stage, 0, stream(bytes), many)
    await store.promote(stage, { key: sha256, sizeBytes })
    return sha256
  }

  check('what is written is digested, promoted and read back', async (store) => {
    const bytes = text('hello, scales')
    const written = await store.write('a', 0, stream(bytes.subarray(0, 3), bytes.subarray(3)), 100)
    assert.deepEqual(written, { sizeBytes: bytes.length, sha256: sha(bytes) })
    assert.equal(await store.stat(written.sha256), undefined, 'a stage is no object')
    await store.promote('a', asObject(written))
    assert.equal(await store.stat(written.sha256), bytes.length)
    assert.deepEqual(await drain(await store.open(written.sha256)), bytes)
  })

  check('an empty object is an object', async (store) => {
    const sha256 = await put(store, text(''))
    assert.equal(await store.stat(sha256), 0)
    assert.deepEqual(await drain(await store.open(sha256)), text(''))
    assert.deepEqual(await drain(await store.open(sha256, { start: 0, end: 0 })), text(''))
  })

  check('ranges are half-open', async (store) => {
    const bytes = text('0123456789')
    const sha256 = await put(store, bytes)
    for (const [start, end] of [
      [0, 1],
      [0, 10],
      [3, 7],
      [9, 10],
      [5, 5],
    ] as const) {
      const found = await drain(await store.open(sha256, { start, end }))
      assert.deepEqual(found, bytes.subarray(start, end), `${start}-${end}`)
    }
  })

  check('parts may come in any order, and again', async (store) => {
    const bytes = text('abcdefghij')
    await store.write('p', 6, stream(bytes.subarray(6)), 4)
    await store.write('p', 0, stream(text('XXXXXX')), 6)
    await store.write('p', 0, stream(bytes.subarray(0, 6)), 6)
    const whole = await store.digestStage('p')
    assert.deepEqual(whole, { sizeBytes: 10, sha256: sha(bytes) })
    await store.promote('p', asObject(whole))
    assert.deepEqual(await drain(await store.open(whole.sha256)), bytes)
  })

  check('one byte too many is refused', async (store) => {
    const source = stream(text('12345'), text('6'))
    await assert.rejects(store.write('big', 0, source, 5), isKind('precondition'))
  })

  check('a source that breaks is told, and the stage may be written again', async (store) => {
    await assert.rejects(store.write('b', 0, broken(text('ab')), 10), /went away/)
    const written = await store.write('b', 0, stream(text('abc')), 10)
    await store.promote('b', asObject(written))
    assert.deepEqual(await drain(await store.open(written.sha256)), text('abc'))
  })

  check('promoting twice succeeds, promoting nothing does not', async (store) => {
    const bytes = text('twice')
    const object = { key: sha(bytes), sizeBytes: bytes.length }
    await assert.rejects(store.promote('none', object), isKind('missing'))
    await put(store, bytes)
    await store.promote('gone', object)
    await put(store, bytes)
    assert.equal(await store.stat(object.key), bytes.length)
  })

  check('what is missing is told before the first byte', async (store) => {
    const sha256 = sha(text('never stored'))
    await assert.rejects(store.open(sha256), isKind('missing'))
    await assert.rejects(store.open(sha256, { start: 1, end: 2 }), isKind('missing'))
    await assert.rejects(store.digestStage('never'), isKind('missing'))
    assert.equal(await store.stat(sha256), undefined)
  })

  check('removing and discarding are repeatable', async (store) => {
    const sha256 = await put(store, text('soon gone'))
    await store.remove(sha256)
    await store.remove(sha256)
    assert.equal(await store.stat(sha256), undefined)
    await store.write('d', 0, stream(text('x')), 1)
    await store.discard('d')
    await store.discard('d')
    await assert.rejects(store.digestStage('d'), isKind('missing'))
  })

  check('lists show objects and stages, each in its own', async (store) => {
    const sha256 = await put(store, text('listed'))
    await store.write('waiting', 0, stream(text('w')), 1)
    const objects = []
    for await (const { key: found, sizeBytes } of store.list()) objects.push([found, sizeBytes])
    const stages = []
    for await (const { stage } of store.listStages()) stages.push(stage)
    assert.deepEqual(objects, [[sha256, 6]])
    assert.deepEqual(stages, ['waiting'])
  })

  check('many readers and a writer do not disturb one another', async (store) => {
    const bytes = Buffer.alloc(3_000_000, 'weigh')
    const sha256 = await (async () => {
      const written = await store.write('m', 0, stream(bytes), bytes.length)
      await store.promote('m', asObject(written))
      return written.sha256
    })()
    const readers = Array.from({ length: 8 }, async () => drain(await store.open(sha256)))
    await put(store, text('meanwhile'))
    for (const found of await Promise.all(readers)) assert.equal(sha(found), sha256)
  })

  check('a reader who leaves early leaves nothing open', async (store) => {
    const sha256 = await put(store, Buffer.alloc(900_000, 1))
    const reader = await store.open(sha256)
    for await (const _ of reader) break
    assert.deepEqual(await reader.next(), { done: true, value: undefined })
    const unread = await store.open(sha256)
    await unread.return()
    assert.deepEqual(await unread.next(), { done: true, value: undefined })
  })

  check('free space is a number or unknown', async (store) => {
    const free = await store.freeBytes()
    assert.ok(free === undefined || free > 0)
  })
}
