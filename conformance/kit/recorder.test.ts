import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { type Recorder, withRecorder } from './recorder.ts'

const hash = 'a'.repeat(64)
const xorb = `/xet/d/v1/xorbs/default/${hash}`

interface Seen {
  readonly route: string
  readonly status: number
  readonly sentBytes: number
  readonly answerBytes: number
  readonly faked: boolean
  readonly done: boolean
}

const seenBy = async ({ control }: Recorder): Promise<Seen[]> =>
  (await (await fetch(`${control}/seen?since=0`)).json()) as Seen[]

const breakBy = (recorder: Recorder, ...faults: readonly object[]) =>
  fetch(`${recorder.control}/faults`, { method: 'PUT', body: JSON.stringify(faults) })

/** A recorder before a server that tells the Host and the length of what it got. */
const withEcho = async (use: (recorder: Recorder) => Promise<void>): Promise<void> => {
  const server = http.createServer((request, response) => {
    void buffer(request).then((body) => response.end(`${request.headers.host} ${body.length}`))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await withRecorder(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, use)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

void test('passes requests on under their own Host and counts both bodies', () =>
  withEcho(async (recorder) => {
    const answer = await fetch(recorder.url + xorb, { method: 'POST', body: 'x'.repeat(300_000) })
    const text = await answer.text()
    assert.equal(text, `${new URL(recorder.url).host} 300000`)
    const [one] = await seenBy(recorder)
    assert.equal(one?.route, 'xorb')
    assert.equal(one?.sentBytes, 300_000)
    assert.equal(one?.answerBytes, text.length)
    assert.equal(one?.done, true)
  }))

void test('breaks as many as it was asked to, then passes', () =>
  withEcho(async (recorder) => {
    await breakBy(recorder, { route: 'xorb', method: 'POST', skip: 1, times: 1, answer: 503 })
    const statuses: number[] = []
    for (let i = 0; i < 3; i += 1) {
      statuses.push((await fetch(recorder.url + xorb, { method: 'POST', body: 'x' })).status)
    }
    assert.deepEqual(statuses, [200, 503, 200])
    assert.deepEqual(
      (await seenBy(recorder)).map((one) => one.faked),
      [false, true, false],
    )
  }))

void test('holds a request until the faults are replaced, then cuts it', () =>
  withEcho(async (recorder) => {
    await breakBy(recorder, { route: 'xorb', method: 'POST', skip: 0, times: 1, answer: 'hold' })
    const held = assert.rejects(fetch(recorder.url + xorb, { method: 'POST', body: 'x' }))
    while ((await seenBy(recorder)).length === 0) await new Promise(setImmediate)
    assert.equal((await seenBy(recorder))[0]?.done, false)
    await breakBy(recorder)
    await held
  }))
