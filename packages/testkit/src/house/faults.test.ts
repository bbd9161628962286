/** Disks that are full, read-only or damaged: the hub says so, loses nothing, and goes on when they are well again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ByteStore, ByteStoreError } from '@weighhouse/server/core/ports/byte-store.ts'
import { makeMemoryStore } from '@weighhouse/server/drivers/bytes/memory/index.ts'
import { openDevHouse } from '../dev-house.ts'
import { commit, file, header, lfsFile, uploadLink } from './calls.ts'

type Fault = 'none' | 'full' | 'permanent' | 'transient'

/** A memory store that fails as told. */
const makeFaulty = (): { bytes: ByteStore; fail(kind: Fault): void; lose(): void } => {
  const inner = makeMemoryStore(() => 0)
  let fault: Fault = 'none'
  let isLost = false
  const refuse = (): void => {
    if (fault !== 'none') throw new ByteStoreError(fault, `The disk is ${fault}.`)
  }
  const bytes: ByteStore = {
    ...inner,
    write: async (...args) => {
      refuse()
      return inner.write(...args)
    },
    promote: async (...args) => {
      refuse()
      return inner.promote(...args)
    },
    open: async (...args) => {
      if (isLost) throw new ByteStoreError('missing', 'The bytes are not on the disk.')
      return inner.open(...args)
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
  return { bytes, fail: (kind) => void (fault = kind), lose: () => void (isLost = true) }
}

const open = async () => {
  const faulty = makeFaulty()
  const dev = await openDevHouse({ bytes: faulty.bytes })
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, token, faulty }
}

const large = Buffer.alloc(50_000, 9)

const expected: Readonly<Record<Exclude<Fault, 'none'>, number>> = {
  full: 507,
  permanent: 503,
  transient: 503,
}

for (const [kind, status] of Object.entries(expected)) {
  void test(`a disk that is ${kind}`, async () => {
    const { dev, token, faulty } = await open()
    await using _ = dev
    // A cast because entries forget the type of their keys.
    faulty.fail(kind as Fault)
    const link = (await uploadLink(dev, 'ann/m', large, token)) ?? ''
    const put = await dev.ask('PUT', link, { body: large })
    assert.equal(put.status, status)
    assert.doesNotMatch(put.text, /at .*\.ts|node:internal/, 'no stack trace leaves')
    const inline = await commit(dev, 'ann/m', [header(), file('big.txt', large)], { token })
    assert.equal(inline.status, status)
    const tree = await dev.ask('GET', '/api/models/ann/m/tree/main')
    assert.equal((tree.json() as unknown[]).length, 1, 'nothing was committed')

    faulty.fail('none')
    assert.equal(
      (await dev.ask('PUT', link, { body: large })).status,
      200,
      'the same link works again',
    )
    const done = await commit(dev, 'ann/m', [header(), lfsFile('w.bin', large)], { token })
    assert.equal(done.status, 200)
  })
}

void test('bytes that are gone are told as such, and fsck finds them', async () => {
  const { dev, token, faulty } = await open()
  await using _ = dev
  const link = (await uploadLink(dev, 'ann/m', large, token)) ?? ''
  await dev.ask('PUT', link, { body: large })
  await commit(dev, 'ann/m', [header(), lfsFile('w.bin', large)], { token })
  faulty.lose()
  const got = await dev.ask('GET', '/ann/m/resolve/main/w.bin')
  assert.equal(got.status, 503)
  assert.equal((await dev.ask('HEAD', '/ann/m/resolve/main/w.bin')).status, 200, 'names are there')
})

void test('faults of our own are told without a word of their inside', async () => {
  const { dev, token } = await open()
  await using _ = dev
  // What follows the news would wait for a database that closes under it.
  await dev.house.settle()
  await dev.house.db[Symbol.asyncDispose]()
  for (const url of ['/api/models/ann/m', '/ann/m/resolve/main/x', '/readyz']) {
    const got = await dev.ask('GET', url, { token })
    assert.ok(got.status >= 500, `${url}: ${got.status}`)
    assert.doesNotMatch(got.text, /destroyed|sqlite|at .*\.ts/i)
    assert.match(got.text, /request id|does not answer/)
  }
})
