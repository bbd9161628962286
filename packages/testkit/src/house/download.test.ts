/** Bytes on their way out: ranges, conditions, clients that go away, clients that are slow. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { commit, file, header, lfsFile, sha256, upload } from './calls.ts'

const large = makeRandom(3).bytes(300_000)

const open = async () => {
  const dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  await upload(dev, 'ann/m', large, token)
  const lines = [header(), lfsFile('w.bin', large), file('t.txt', '0123456789'), file('empty', '')]
  assert.equal((await commit(dev, 'ann/m', lines, { token })).status, 200)
  return { dev, token }
}

void test('ranges of files in the database and of files on the disk', async () => {
  const { dev } = await open()
  await using _ = dev
  const ranges: [
    path: string,
    range: string,
    status: number,
    body: string,
    contentRange: string,
  ][] = [
    ['t.txt', 'bytes=0-0', 206, '0', 'bytes 0-0/10'],
    ['t.txt', 'bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['t.txt', 'bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['t.txt', 'bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['t.txt', 'bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['t.txt', 'bytes=5-99', 206, '56789', 'bytes 5-9/10'],
    ['t.txt', 'bytes=10-', 416, '', 'bytes */10'],
    ['t.txt', 'bytes=5-2', 200, '0123456789', 'undefined'],
    ['t.txt', 'bytes=0-1,3-4', 200, '0123456789', 'undefined'],
    ['t.txt', 'lines=1-2', 200, '0123456789', 'undefined'],
  ]
  for (const [path, range, status, body, contentRange] of ranges) {
    const got = await dev.ask('GET', `/ann/m/resolve/main/${path}`, { headers: { range } })
    assert.equal(got.status, status, range)
    assert.equal(String(got.headers['content-range']), contentRange, range)
    if (status !== 416) assert.equal(got.text, body, range)
  }
})

void test('HEAD tells all that GET would, without the bytes', async () => {
  const { dev } = await open()
  await using _ = dev
  for (const path of ['w.bin', 't.txt', 'empty']) {
    const url = `/ann/m/resolve/main/${path}`
    const got = await dev.ask('GET', url)
    const told = await dev.ask('HEAD', url)
    assert.equal(told.text, '')
    const names = [
      'etag',
      'content-length',
      'content-type',
      'x-repo-commit',
      'x-linked-size',
      'x-linked-etag',
      'accept-ranges',
    ]
    for (const name of names) assert.equal(told.headers[name], got.headers[name], `${path} ${name}`)
  }
})

void test('conditions', async () => {
  const { dev } = await open()
  await using _ = dev
  const url = '/ann/m/resolve/main/w.bin'
  const etag = `"${sha256(large)}"`
  const ask = (headers: Record<string, string>) => dev.ask('GET', url, { headers })
  assert.equal((await ask({ 'if-none-match': etag })).status, 304)
  assert.equal((await ask({ 'if-none-match': `"x", W/${etag}` })).status, 304)
  assert.equal((await ask({ 'if-none-match': '*' })).status, 304)
  assert.equal((await ask({ 'if-none-match': '"x"' })).status, 200)
  assert.equal((await ask({ 'if-match': '"x"' })).status, 412)
  assert.equal((await ask({ 'if-match': etag })).status, 200)
  const range = 'bytes=0-9'
  assert.equal((await ask({ range, 'if-range': etag })).status, 206)
  assert.equal((await ask({ range, 'if-range': '"x"' })).status, 200)
  assert.equal((await ask({ range, 'if-range': 'Tue, 24 Nov 2026 00:00:00 GMT' })).status, 200)
})

void test('names with every odd character come back as they went', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const names = [
    'a b.txt',
    'q?.txt',
    '50%.txt',
    'h#sh.txt',
    'ünï/çödé.txt',
    '日本.txt',
    "it's (1).txt",
    'x+y&z=1.txt',
  ]
  const lines = names.map((name) => file(name, name))
  assert.equal((await commit(dev, 'ann/m', [header(), ...lines], { token })).status, 200)
  for (const name of names) {
    const path = name
      .split('/')
      .map((part) => encodeURIComponent(part))
      .join('/')
    const got = await dev.ask('GET', `/ann/m/resolve/main/${path}`)
    assert.equal(got.status, 200, name)
    assert.equal(got.text, name)
  }
})

void test('what others wrote does nothing in a browser', async () => {
  const { dev, token } = await open()
  await using _ = dev
  await commit(dev, 'ann/m', [header(), file('x.html', '<script>alert(1)</script>')], { token })
  const got = await dev.ask('GET', '/ann/m/resolve/main/x.html')
  assert.match(got.headers['content-security-policy'] ?? '', /sandbox/)
  assert.equal(got.headers['x-content-type-options'], 'nosniff')
})

/** Files of this process that are open below the byte store. */
const openObjects = async (): Promise<number> => {
  const { readlink } = await import('node:fs/promises')
  const names = await readdir('/proc/self/fd')
  const targets = await Promise.all(
    names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
  )
  return targets.filter((target) => target.includes('/bytes/objects/')).length
}

/** Starts a download and reads nothing of it. */
const startSlow = async (port: number, path: string): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`)
  return socket
}

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 200; i += 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  assert.fail(`${what} did not come about in 5 s`)
}

const big = Buffer.alloc(24 * 1024 * 1024, 'scales')

const openBig = async () => {
  const found = await open()
  await upload(found.dev, 'ann/m', big, found.token)
  await commit(found.dev, 'ann/m', [header(), lfsFile('big.bin', big)], { token: found.token })
  const { port } = await found.dev.server.listen()
  return { ...found, port }
}

void test('a client that goes away frees everything', async () => {
  const { dev, port } = await openBig()
  await using _ = dev
  const before = await openObjects()
  const sockets = await Promise.all(
    Array.from({ length: 20 }, () => startSlow(port, '/ann/m/resolve/main/big.bin')),
  )
  await until('twenty open files', async () => (await openObjects()) === before + 20)
  for (const socket of sockets) socket.destroy()
  await until('none left open', async () => (await openObjects()) === before)
})

void test('a thousand slow readers do not starve a fast one', async () => {
  const { dev, port } = await openBig()
  await using _ = dev
  const path = '/ann/m/resolve/main/big.bin'
  const fetchOnce = async (): Promise<number> => {
    const started = performance.now()
    const got = new Uint8Array(await (await fetch(`http://127.0.0.1:${port}${path}`)).arrayBuffer())
    assert.equal(got.length, big.length)
    return performance.now() - started
  }
  await fetchOnce()
  const alone = await fetchOnce()
  const memoryBefore = process.memoryUsage().rss
  const sockets: Socket[] = []
  for (let i = 0; i < 1000; i += 1) sockets.push(await startSlow(port, path))
  await until('all of them served', async () => (await openObjects()) >= 1000)
  const among = await fetchOnce()
  const grown = process.memoryUsage().rss - memoryBefore
  for (const socket of sockets) socket.destroy()
  // Not a measure of speed: a starved reader would wait for ever.
  assert.ok(among < alone * 20 + 5_000, `${among} ms among the slow, ${alone} ms alone`)
  assert.ok(grown < 3 * 1024 ** 3, `a thousand slow readers hold ${grown} bytes`)
})
