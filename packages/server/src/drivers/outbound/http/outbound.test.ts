/** The way out: what it refuses, and what it bounds. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { OutboundError, type OutboundProblem, type OutboundRequest } from '#core/ports/outbound.ts'
import { isPublic } from './addresses.ts'
import { openOutbound } from './index.ts'

const outbound = openOutbound({ stallMs: 200, answerMs: 1_000 })

const openServer = async (answer: RequestListener) => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A cast because a TCP listener's address is an object.
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const to = (url: URL, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  url,
  method: 'GET',
  bytesMax: 1_000,
  mayBePrivate: true,
  ...more,
})

const refuses = (request: OutboundRequest, problem: OutboundProblem): Promise<void> =>
  assert.rejects(outbound.send(request), (error) => {
    assert.ok(error instanceof OutboundError, String(error))
    assert.equal(error.problem, problem, error.message)
    return true
  })

void test('sends and answers', async () => {
  await using server = await openServer((request, reply) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      reply.writeHead(418, { 'x-said': request.headers['x-say'] ?? '' }).end(body.toUpperCase())
    })
  })
  const form = { method: 'POST', body: 'grüße', headers: { 'x-say': 'hello' } } as const
  const answer = await outbound.send(to(server.url, form))
  assert.equal(answer.status, 418)
  assert.equal(answer.headers['x-said'], 'hello')
  assert.equal(answer.body.toString(), 'GRÜSSE')
})

void test('reads as much as was said and no more', async () => {
  await using server = await openServer((_request, reply) => reply.end('x'.repeat(1_000)))
  assert.equal((await outbound.send(to(server.url))).body.length, 1_000)
  await refuses(to(server.url, { bytesMax: 999 }), 'too_large')
})

void test('does not follow', async () => {
  await using server = await openServer((_request, reply) =>
    reply.writeHead(307, { location: '/' }).end(),
  )
  await refuses(to(server.url), 'redirected')
})

void test('waits neither for silence nor for drops', async () => {
  await using silent = await openServer(() => undefined)
  await refuses(to(silent.url), 'stalled')
  await using half = await openServer((_request, reply) => {
    reply.writeHead(200).write('a beginning')
  })
  await refuses(to(half.url), 'stalled')
  await using dripping = await openServer((_request, reply) => {
    const timer = setInterval(() => reply.write('x'), 50)
    reply.on('close', () => clearInterval(timer))
  })
  await refuses(to(dripping.url), 'stalled')
})

void test('ends with the signal of whom it works for', async () => {
  await using silent = await openServer(() => undefined)
  const gone = new Error('nobody waits any more')
  const signal = AbortSignal.abort(gone)
  await assert.rejects(outbound.send(to(silent.url, { signal })), gone)
})

void test('says who cannot be reached', async () => {
  const server = await openServer(() => undefined)
  await server[Symbol.asyncDispose]()
  await refuses(to(server.url), 'unreachable')
  await refuses(to(new URL('https://no-such-host.invalid/')), 'unreachable')
})

void test('goes by https, and openly to this machine only', async () => {
  for (const url of ['http://example.org/', 'http://10.0.0.1/', 'ftp://localhost/', 'file:///a']) {
    await refuses(to(new URL(url)), 'forbidden_url')
  }
})

void test('goes into private networks only where it may, however they are written', async () => {
  const places = [
    'http://localhost/',
    'http://127.0.0.1/',
    'http://[::1]/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.168.0.1/',
    'https://0x7f000001/',
    'https://2130706433/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fe80::1]/',
    'https://[fd00::1]/',
    'https://[64:ff9b::a00:1]/',
    'https://0.0.0.0/',
  ]
  for (const place of places) {
    await refuses(to(new URL(place), { mayBePrivate: false }), 'forbidden_address')
  }
})

void test('does not go where only one of a name’s addresses is of the internet', async () => {
  const asked: string[] = []
  const addresses = [
    { address: '1.1.1.1', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ]
  const looking = openOutbound({
    stallMs: 200,
    answerMs: 1_000,
    resolve(host, _options, done) {
      asked.push(host)
      done(null, addresses)
    },
  })
  await assert.rejects(
    looking.send(to(new URL('https://two-faced.test/'), { mayBePrivate: false })),
    (error) => error instanceof OutboundError && error.problem === 'forbidden_address',
  )
  assert.deepEqual(asked, ['two-faced.test'])
})

void test('knows the addresses of the internet', () => {
  for (const address of [
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:1.1.1.1',
  ]) {
    assert.ok(isPublic(address), address)
  }
})
