/** Reconstruction: the plan for every range of every file is what clients rely on, and leads to the right bytes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { cas, type Grant, planOf, type PlanV2, pull, rebuild, send, writer } from './xet-calls.ts'
import { cutEvery, emptyFile, fileOf, floats, makeXorb, type XetFile } from './xet-kit.ts'

const random = makeRandom(31)

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, ann, grant: await writer(dev, 'ann/m', ann) }
}

/** Four xorbs, each packed otherwise, with chunks of one byte to many. */
const xorbs = [
  makeXorb(cutEvery(random.bytes(300_000), 7_001), 'none'),
  makeXorb(cutEvery(floats(random, 60_000), 5_002), 'bg4'),
  makeXorb(cutEvery(Buffer.from('a line that repeats\n'.repeat(9_000)), 4_003), 'lz4'),
  makeXorb([
    ...cutEvery(random.bytes(40), 1),
    Buffer.alloc(131_072),
    ...cutEvery(floats(random, 9_000), 999),
  ]),
]

/** A file of many pieces: some again, some overlapping, some backwards. */
const fragmented = (pieces: number): XetFile =>
  fileOf(
    Array.from({ length: pieces }, () => {
      const xorb = random.pick(xorbs)
      const start = random.below(xorb.chunks.length)
      const end = start + 1 + random.below(Math.min(6, xorb.chunks.length - start))
      return { xorb, start, end }
    }),
  )

interface Interval {
  readonly start: number
  readonly end: number
}

const areApart = (intervals: readonly Interval[], gap: number): boolean =>
  intervals.every((one, i) => {
    const before = intervals[i - 1]
    return one.start < one.end + gap && (before === undefined || before.end + gap < one.start)
  })

/** What clients lean on, whatever the file. */
const checkPlan = (plan: PlanV2, file: XetFile, first: number, last: number): void => {
  const sizeOf = new Map(xorbs.map((xorb) => [String(xorb.hash), xorb.chunks.map((c) => c.length)]))
  const urls = Object.values(plan.xorbs).flatMap((entries) => entries.map(({ url }) => url))
  assert.equal(new Set(urls).size, urls.length, 'every entry has a URL of its own')
  assert.deepEqual(
    new Set(Object.keys(plan.xorbs)),
    new Set(plan.terms.map(({ hash }) => hash)),
    'what is fetched is needed',
  )
  for (const [hash, entries] of Object.entries(plan.xorbs)) {
    const ranges = entries.flatMap((entry) => entry.ranges)
    assert.ok(
      areApart(
        ranges.map(({ chunks }) => chunks),
        0,
      ),
      'chunk ranges ascend and are merged',
    )
    assert.ok(
      areApart(
        ranges.map(({ bytes }) => bytes),
        1,
      ),
      'byte ranges ascend and are merged',
    )
    for (const { range } of plan.terms.filter((term) => term.hash === hash)) {
      const holders = ranges.filter(
        ({ chunks }) => chunks.start <= range.start && range.end <= chunks.end,
      )
      assert.equal(holders.length, 1, 'a term lies in exactly one range')
    }
  }
  let total = 0
  for (const { hash, range, unpacked_length: length } of plan.terms) {
    const sizes = (sizeOf.get(hash) ?? []).slice(range.start, range.end)
    assert.equal(
      length,
      sizes.reduce((sum, size) => sum + size, 0),
    )
    total += length
  }
  const firstTerm = plan.terms[0] ?? assert.fail()
  const lastTerm = plan.terms.at(-1) ?? assert.fail()
  const firstSize = sizeOf.get(firstTerm.hash)?.[firstTerm.range.start] ?? 0
  const lastSize = sizeOf.get(lastTerm.hash)?.[lastTerm.range.end - 1] ?? 0
  const wanted = Math.min(last, file.bytes.length - 1) - first + 1
  const surplus = total - plan.offset_into_first_range - wanted
  assert.ok(plan.offset_into_first_range < firstSize, 'the first chunk is needed')
  assert.ok(surplus >= 0 && surplus < lastSize, 'the last chunk is needed')
}

const checkRange = async (
  dev: DevHouse,
  grant: Grant,
  file: XetFile,
  [first, last]: readonly [number, number],
): Promise<void> => {
  const plan = await planOf(dev, grant, file.hash, `bytes=${first}-${last}`)
  checkPlan(plan, file, first, last)
  const found = await rebuild(dev, plan, Math.min(last + 1, file.bytes.length) - first)
  assert.ok(found.equals(file.bytes.subarray(first, last + 1)), `bytes ${first} to ${last}`)
}

void test('random ranges of fragmented files are the bytes, by plans that hold what they promise', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  for (let round = 0; round < 6; round += 1) {
    const file = fragmented(1 + random.below(60))
    await send(dev, grant, [file])
    const { length } = file.bytes
    assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
    await checkRange(dev, grant, file, [0, length - 1])
    for (let i = 0; i < 25; i += 1) {
      const first = random.below(length)
      await checkRange(dev, grant, file, [first, first + random.below(i % 2 === 0 ? 40 : length)])
    }
  }
})

void test('ranges at every edge of a chunk', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = fragmented(8)
  await send(dev, grant, [file])
  let at = 0
  const { length } = file.bytes
  for (const { xorb, start, end } of file.pieces) {
    at += xorb.chunks.slice(start, end).reduce((sum, chunk) => sum + chunk.length, 0)
    for (const first of [at - 1, at, at + 1]) {
      if (first < 0 || first >= length) continue
      await checkRange(dev, grant, file, [first, first])
      await checkRange(dev, grant, file, [Math.max(0, first - 2), first])
    }
  }
  for (const range of [
    [0, 0],
    [length - 1, length - 1],
    [0, 255_999_999],
  ] as const) {
    await checkRange(dev, grant, file, range)
  }
})

const askPlan = (dev: DevHouse, grant: Grant, version: string, hash: string, range?: string) =>
  cas(dev, grant, 'GET', `/${version}/reconstructions/${hash}`, {
    headers: range === undefined ? {} : { range },
  })

void test('how a range may be written, and what is past the end', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = fragmented(12)
  await send(dev, grant, [file])
  const { length } = file.bytes
  for (const version of ['v1', 'v2']) {
    for (const range of [
      `bytes=${length}-`,
      `bytes=${length}-${length + 5}`,
      'bytes=-0',
      'bytes=256000000-767999999',
      `bytes=${'9'.repeat(15)}-`,
    ]) {
      const answer = await askPlan(dev, grant, version, file.hash, range)
      assert.equal(answer.status, 416, range)
      assert.equal(answer.headers['content-range'], `bytes */${length}`)
    }
    for (const range of [
      'bytes=',
      'bytes=-',
      'bytes=a-b',
      'bytes=5-2',
      'bytes=0-1,3-4',
      'items=0-1',
      '0-1',
      `bytes=${'9'.repeat(30)}-`,
    ]) {
      const answer = await askPlan(dev, grant, version, file.hash, range)
      assert.equal(answer.status, 400, range)
      assert.match(answer.text, /The range must be/)
    }
    const whole = await askPlan(dev, grant, version, file.hash)
    assert.equal(whole.status, 200)
    assert.equal(whole.headers['cache-control'], 'private, no-store')
  }
  const tails: [range: string, from: number][] = [
    [`bytes=${length - 5}-`, length - 5],
    ['bytes=-5', length - 5],
    [`bytes=-${length + 5}`, 0],
    ['bytes=0-', 0],
  ]
  for (const [range, from] of tails) {
    const found = await rebuild(dev, await planOf(dev, grant, file.hash, range))
    assert.ok(found.equals(file.bytes.subarray(from)), range)
  }
})

void test('the empty file has an empty plan, and ends at once', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  await send(dev, grant, [emptyFile])
  for (const range of [undefined, 'bytes=0-255999999', 'bytes=0-']) {
    const { terms, xorbs: fetches } = await planOf(dev, grant, emptyFile.hash, range)
    assert.deepEqual([terms, fetches], [[], {}])
  }
  for (const range of ['bytes=1-', 'bytes=256000000-767999999']) {
    assert.equal((await askPlan(dev, grant, 'v2', emptyFile.hash, range)).status, 416)
  }
})

interface PlanV1 {
  readonly offset_into_first_range: number
  readonly terms: unknown
  readonly fetch_info: Readonly<
    Record<string, readonly { range: Interval; url: string; url_range: Interval }[]>
  >
}

const rangesOf = (fetches: PlanV2['xorbs']): object =>
  Object.entries(fetches).map(([xorb, all]) => [xorb, ...all.flatMap(({ ranges }) => ranges)])

void test('version 1 says the same, one link a range', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = fragmented(40)
  await send(dev, grant, [file])
  for (const range of [undefined, 'bytes=1000-20000', 'bytes=5000-']) {
    const answer = await askPlan(dev, grant, 'v1', file.hash, range)
    // A cast because the answer's form is the protocol's.
    const one = answer.json() as PlanV1
    const two = await planOf(dev, grant, file.hash, range)
    assert.equal(one.offset_into_first_range, two.offset_into_first_range)
    assert.deepEqual(one.terms, two.terms)
    const urls = Object.values(one.fetch_info).flatMap((entries) => entries.map(({ url }) => url))
    assert.equal(new Set(urls).size, urls.length)
    const asV2 = Object.fromEntries(
      Object.entries(one.fetch_info).map(([xorb, entries]) => [
        xorb,
        entries.map(({ range: chunks, url, url_range: bytes }) => ({
          url,
          ranges: [{ chunks, bytes }],
        })),
      ]),
    )
    assert.deepEqual(rangesOf(asV2), rangesOf(two.xorbs))
    const found = await rebuild(dev, { ...two, xorbs: asV2 })
    assert.ok(found.equals(await rebuild(dev, two)))
  }
})

void test('a file of more ranges than one link covers gets several links', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const xorb = makeXorb(cutEvery(random.bytes(30_000), 100), 'none')
  const pieces = Array.from({ length: 150 }, (_unused, i) => ({
    xorb,
    start: i * 2,
    end: i * 2 + 1,
  }))
  const file = fileOf(pieces)
  await send(dev, grant, [file])
  const plan = await planOf(dev, grant, file.hash)
  const entries = plan.xorbs[xorb.hash] ?? assert.fail()
  assert.deepEqual(
    entries.map(({ ranges }) => ranges.length),
    [64, 64, 22],
  )
  assert.equal(new Set(entries.map(({ url }) => url)).size, 3)
  assert.ok((await rebuild(dev, plan)).equals(file.bytes))
})

const withoutUrls = (plan: PlanV2): string =>
  JSON.stringify(plan, (key, value: unknown) => (key === 'url' ? null : value))

void test('asked again later, the same plan with new links', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = fragmented(30)
  await send(dev, grant, [file])
  const range = 'bytes=10000-40000'
  const before = await planOf(dev, grant, file.hash, range)
  await send(dev, grant, [fragmented(30), file])
  dev.clock.advance(1800_000)
  const after = await planOf(dev, grant, file.hash, range)
  assert.equal(withoutUrls(after), withoutUrls(before))
  assert.notDeepEqual(after, before)
})
