/** Bytes on their way out: links to ranges of xorbs, and every other door through which the same file is read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { batch, commit, file as textFile, header, local, offered, sha256 } from './calls.ts'
import { cas, type Grant, planOf, pull, push, rebuild, reader } from './xet-calls.ts'
import { cutEvery, fileOf, floats, makeXorb } from './xet-kit.ts'

const random = makeRandom(41)

const plain = makeXorb(cutEvery(random.bytes(300_000), 30_000))
const mixed = makeXorb([
  ...cutEvery(floats(random, 100_000), 60_000),
  ...cutEvery(Buffer.from('a line that repeats\n'.repeat(9_000)), 70_000),
  ...cutEvery(random.bytes(90_000), 8_111),
])
/** Three ranges of one xorb, and all of another. */
const weights = fileOf([
  { xorb: plain, start: 0, end: 2 },
  { xorb: mixed, start: 0, end: mixed.chunks.length },
  { xorb: plain, start: 4, end: 6 },
  { xorb: plain, start: 8, end: 10 },
])

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  await dev.repo('ann/m')
  const grant = await push(dev, 'ann/m', ann, weights)
  const { xorbs } = await planOf(dev, grant, weights.hash)
  const [{ url, ranges } = assert.fail()] = xorbs[plain.hash] ?? []
  const get = (range?: string, link = local(url)) =>
    dev.ask('GET', link, { headers: range === undefined ? {} : { range } })
  return { dev, ann, grant, link: local(url), ranges: ranges.map(({ bytes }) => bytes), get }
}

const textOf = (ranges: readonly { start: number; end: number }[]): string =>
  `bytes=${ranges.map(({ start, end }) => `${start}-${end}`).join(',')}`

const total = plain.body.length

void test('one range of a link: exactly its bytes', async () => {
  const { dev, ranges, get } = await open()
  await using _ = dev
  assert.equal(ranges.length, 3)
  for (const range of ranges) {
    const got = await get(textOf([range]))
    assert.equal(got.status, 206)
    assert.ok(got.bytes.equals(plain.body.subarray(range.start, range.end + 1)))
    assert.equal(got.headers['content-length'], String(range.end + 1 - range.start))
    assert.equal(got.headers['content-range'], `bytes ${range.start}-${range.end}/${total}`)
    assert.equal(got.headers['content-type'], 'application/octet-stream')
    assert.equal(got.headers['accept-ranges'], 'bytes')
    assert.match(got.headers['cache-control'] ?? '', /^private, max-age=\d+$/)
  }
})

const boundaryForm = /^multipart\/byteranges; boundary=([0-9a-f]{32,})$/

void test('several ranges: parts in the exact frame, for all of them and for some', async () => {
  const { dev, ranges, get } = await open()
  await using _ = dev
  const boundaries = new Set<string>()
  for (const some of [ranges, ranges.slice(1), [ranges[0], ranges[2]]]) {
    const wanted = some.filter((range) => range !== undefined)
    const got = await get(textOf(wanted))
    assert.equal(got.status, 206)
    const boundary = boundaryForm.exec(got.headers['content-type'] ?? '')?.[1] ?? assert.fail()
    boundaries.add(boundary)
    const frame = wanted.flatMap(({ start, end }) => [
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end}/${total}\r\n\r\n`,
      ),
      plain.body.subarray(start, end + 1),
    ])
    const expected = Buffer.concat([...frame, Buffer.from(`\r\n--${boundary}--\r\n`)])
    assert.ok(got.bytes.equals(expected))
    assert.equal(got.headers['content-length'], String(expected.length))
    assert.equal(got.headers['content-range'], undefined)
  }
  assert.equal(boundaries.size, 3)
})

void test('a link is for its ranges, each whole, and for nothing else', async () => {
  const { dev, link, ranges, get } = await open()
  await using _ = dev
  const [one = assert.fail(), two = assert.fail()] = ranges
  const others = [
    `bytes=${one.start}-${one.end - 1}`,
    `bytes=${one.start + 1}-${one.end}`,
    `bytes=${one.start}-${one.end + 1}`,
    `bytes=${one.end + 1}-${two.start - 1}`,
    `bytes=${one.start}-${two.end}`,
    `bytes=0-${total - 1}`,
    `${textOf([one])},${one.end + 1}-${two.start - 1}`,
  ]
  for (const range of others) assert.equal((await get(range)).status, 404, range)
  const nonsense = [
    undefined,
    '',
    'bytes=',
    'bytes=0-',
    'bytes=-5',
    'bytes=a-b',
    'bytes=5-2',
    'items=0-1',
  ]
  for (const range of nonsense) {
    const answer = await get(range)
    assert.equal(answer.status, 400, String(range))
    assert.ok(!answer.bytes.includes(plain.body.subarray(0, 32)))
  }
  // The list under the signature is the whole of it.
  const query = new URLSearchParams(link.split('?')[1])
  const ticket = query.get('ticket') ?? assert.fail()
  const path = `/xet/data/${plain.hash}`
  const other = `/xet/data/${mixed.hash}`
  const listed = query.get('r') ?? assert.fail()
  const forged = [
    `${path}?r=0-${total - 1}&ticket=${ticket}`,
    `${path}?r=${listed},${one.end + 1}-${two.start - 1}&ticket=${ticket}`,
    `${path}?r=${one.start}-${one.end}&ticket=${ticket}`,
    `${other}?r=${listed}&ticket=${ticket}`,
    `${path}?r=${listed}&ticket=${ticket.slice(0, -4)}AAAA`,
    `${path}?r=${listed}&ticket=`,
    `${path}?r=${listed}`,
    `${path}?ticket=${ticket}`,
    path,
  ]
  for (const url of forged) {
    const answer = await get(textOf([one]), url)
    assert.equal(answer.status, 404, url)
    assert.ok(!answer.bytes.includes(plain.body.subarray(0, 32)))
  }
  const head = await dev.ask('HEAD', link, { headers: { range: textOf([one]) } })
  assert.ok(head.status === 206 || head.status === 404, String(head.status))
  assert.equal(head.bytes.length, 0)
})

void test('a link that is over says 403, which makes clients ask for a new one; a forged one never does', async () => {
  const { dev, grant, link, ranges, get } = await open()
  await using _ = dev
  const range = textOf(ranges.slice(0, 1))
  dev.clock.advance(6 * 3600_000 - 1_000)
  assert.equal((await get(range)).status, 206)
  dev.clock.advance(2_000)
  assert.equal((await get(range)).status, 403)
  assert.equal((await get(range, `${link.slice(0, -4)}AAAA`)).status, 404)
  const renewed = await reader(dev, 'ann/m')
  assert.notEqual(renewed.accessToken, grant.accessToken)
  assert.ok((await pull(dev, renewed, weights.hash)).equals(weights.bytes))
})

void test('bytes that are gone are not "expired"', async () => {
  const { dev, ranges, get } = await open()
  await using _ = dev
  await dev.house.xorbs.remove(plain.hash)
  for (const some of [ranges.slice(0, 1), ranges]) {
    const answer = await get(textOf(some)).catch((error: unknown) => error)
    const status = answer instanceof Error ? 'cut' : (answer as Answer).status
    assert.ok(status !== 403 && status !== 206, String(status))
  }
  await dev.house.db.tx(async (q) => {
    await q.deleteFrom('xet_file_xorb').execute()
    await q.deleteFrom('xorb').where('hash', '=', plain.hash).execute()
  })
  assert.equal((await get(textOf(ranges))).status, 404)
})

const resolveUrl = '/ann/m/resolve/main/w.bin'

void test('HEAD and GET say where a client goes on by Xet, and the way is there', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const { headers } = await dev.ask('HEAD', resolveUrl)
  assert.equal(headers['x-xet-hash'], weights.hash)
  assert.equal(headers['x-linked-size'], String(weights.bytes.length))
  assert.equal(headers['content-length'], String(weights.bytes.length))
  assert.equal(headers['x-linked-etag'], `"${sha256(weights.bytes)}"`)
  assert.equal(headers['etag'], `"${sha256(weights.bytes)}"`)
  const link = headers['link'] ?? assert.fail()
  const form = /^<(http:\S+)>; rel="xet-auth", <(http:\S+)>; rel="xet-reconstruction-info"$/
  const [, auth = '', info = ''] = form.exec(link) ?? assert.fail(link)
  assert.match(auth, new RegExp(`/api/models/ann/m/xet-read-token/${headers['x-repo-commit']}$`))
  assert.match(info, new RegExp(`/v1/reconstructions/${weights.hash}$`))
  const grant = (await dev.ask('GET', local(auth))).json() as Grant
  assert.ok(info.startsWith(grant.casUrl))
  for (const url of [info, info.replace('/v1/', '/v2/')]) {
    assert.equal((await dev.ask('GET', local(url), { token: grant.accessToken })).status, 200)
  }
  const got = await dev.ask('GET', resolveUrl)
  for (const name of ['x-xet-hash', 'link', 'etag', 'x-linked-size', 'content-length']) {
    assert.equal(got.headers[name], headers[name], name)
  }
  const own = await dev.ask('HEAD', resolveUrl, { token: ann })
  assert.notEqual(own.headers['link'], link, 'each account goes by a URL of its own')
})

void test('JavaScript asks for the facts alone', async () => {
  const { dev } = await open()
  await using _ = dev
  const accept = 'application/vnd.xet-fileinfo+json, */*'
  const answer = await dev.ask('GET', resolveUrl, { headers: { range: 'bytes=0-0', accept } })
  assert.equal(answer.status, 200)
  assert.match(answer.headers['content-type'] ?? '', /^application\/vnd\.xet-fileinfo\+json/)
  const { headers } = await dev.ask('HEAD', resolveUrl)
  for (const name of ['x-xet-hash', 'link', 'etag', 'x-linked-size', 'x-repo-commit']) {
    assert.equal(answer.headers[name], headers[name], name)
  }
  const facts = answer.json() as Record<string, unknown>
  assert.equal(facts['hash'], weights.hash)
  assert.equal(facts['size'], weights.bytes.length)
  for (const url of [facts['refreshUrl'], facts['reconstructionUrl']]) {
    assert.ok(headers['link']?.includes(`<${String(url)}>`))
  }
})

void test('what is not held in chunks says nothing of Xet', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  await commit(dev, 'ann/m', [header(), textFile('a.txt', 'a')], { token: ann })
  const accept = 'application/vnd.xet-fileinfo+json, */*'
  const asked = { headers: { accept } }
  for (const url of ['/ann/m/resolve/main/a.txt', '/ann/m/raw/main/w.bin']) {
    const answer = await dev.ask('GET', url, asked)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['x-xet-hash'], undefined, url)
    assert.equal(answer.headers['link'], undefined, url)
    assert.doesNotMatch(answer.headers['content-type'] ?? '', /xet/)
  }
})

void test('listings name the Xet file beside the LFS one', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  await commit(dev, 'ann/m', [header(), textFile('a.txt', 'a')], { token: ann })
  const tree = await dev.ask('GET', '/api/models/ann/m/tree/main?recursive=true')
  const body = { paths: ['w.bin', 'a.txt'] }
  const infos = await dev.ask('POST', '/api/models/ann/m/paths-info/main', { body })
  for (const answer of [tree, infos]) {
    const items = answer.json() as { path: string; xetHash?: string; lfs?: { oid: string } }[]
    const of = (path: string) => items.find((item) => item.path === path) ?? assert.fail()
    assert.equal(of('w.bin').xetHash, weights.hash)
    assert.equal(of('w.bin').lfs?.oid, sha256(weights.bytes))
    assert.equal(of('a.txt').xetHash, undefined)
  }
})

void test('every door gives the same bytes, in every range', async () => {
  const { dev, ann, grant } = await open()
  await using _ = dev
  const object = { oid: sha256(weights.bytes), size: weights.bytes.length }
  const offer = offered(await batch(dev, 'ann/m', [object], { token: ann, operation: 'download' }))
  const href = local(offer.actions?.download?.href)
  for (const url of [resolveUrl, href]) {
    assert.ok((await dev.ask('GET', url)).bytes.equals(weights.bytes))
  }
  const { length } = weights.bytes
  for (let i = 0; i < 40; i += 1) {
    const first = random.below(length)
    const last = Math.min(length - 1, first + random.below(i % 2 === 0 ? 100 : length))
    const range = `bytes=${first}-${last}`
    const expected = weights.bytes.subarray(first, last + 1)
    for (const url of [resolveUrl, href]) {
      const got = await dev.ask('GET', url, { headers: { range } })
      assert.equal(got.status, 206)
      assert.equal(got.headers['content-range'], `bytes ${first}-${last}/${length}`)
      assert.ok(got.bytes.equals(expected), `${url} ${range}`)
    }
    const plan = await planOf(dev, grant, weights.hash, range)
    assert.ok((await rebuild(dev, plan, last + 1 - first)).equals(expected), range)
  }
  const head = await cas(dev, grant, 'HEAD', `/v1/files/${weights.hash}`)
  assert.deepEqual([head.status, head.headers['content-length']], [200, String(length)])
})
