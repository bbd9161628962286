import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo, ListenOptions } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { breakOff } from './break-off.ts'

const pipe = async (): Promise<ListenOptions> => ({
  path: join(await mkdtemp(join(tmpdir(), 'weighhouse-pipe-')), 'socket'),
})
const tcp = (): Promise<ListenOptions> => Promise.resolve({ host: '127.0.0.1', port: 0 })

for (const [name, where] of [
  ['TCP', tcp],
  ['a pipe, which knows no reset', pipe],
] as const) {
  void test(`an answer is broken off over ${name}`, async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write('begun', () => breakOff(response))
    })
    const options = await where()
    server.listen(options)
    await once(server, 'listening')
    // A cast because a server that listens by TCP has such an address.
    const { port } = server.address() as AddressInfo
    const at = options.path === undefined ? { port } : { socketPath: options.path }
    const outcome = await new Promise<string>((resolve) => {
      request({ ...at, agent: false }, (answer) => {
        answer.resume()
        answer.on('end', () => resolve('whole'))
        answer.on('error', () => resolve('cut'))
      })
        .on('error', () => resolve('cut'))
        .end()
    })
    assert.equal(outcome, 'cut')
    server.close()
    await once(server, 'close')
  })
}
