/** A client whose body was refused keeps its connection: it may be sending its next request on it already. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { openDevHouse } from '../dev-house.ts'
import { header } from './calls.ts'

interface Refused {
  readonly head: string
  /** Sent with the head; the rest of the body follows when the refusal is there, as with clients that write head and body apart. */
  readonly first: string
  readonly rest: string
}

const refusedThenAsked = async (port: number, { head, first, rest }: Refused) => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let isCut = false
  socket.on('close', () => (isCut = true))
  const length = first.length + rest.length
  socket.write(`${head}\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n${first}`)
  const [refused] = (await once(socket, 'data')) as [Buffer]
  socket.write(rest)
  await new Promise((resolve) => setTimeout(resolve, limits.lingerMs + 500))
  if (isCut) return { refused: String(refused), next: 'the connection was cut' }
  socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')
  const [next] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return { refused: String(refused), next: String(next) }
}

void test('after a refusal before the body, the connection goes on', async () => {
  await using dev = await openDevHouse()
  const { port } = await dev.server.listen()
  const { refused, next } = await refusedThenAsked(port, {
    head: 'PUT /_lfs/uploads/0123456789abcdef01234567/1 HTTP/1.1',
    first: '',
    rest: 'x'.repeat(300_000),
  })
  assert.match(refused, /^HTTP\/1\.1 403/)
  assert.match(next, /^HTTP\/1\.1 200/)
})

void test('after a refusal amid a body that was being read, the connection goes on', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const { port } = await dev.server.listen()
  const { refused, next } = await refusedThenAsked(port, {
    head: `POST /api/models/ann/m/commit/nowhere HTTP/1.1\r\nauthorization: Bearer ${token}\r\ncontent-type: application/x-ndjson`,
    first: `${JSON.stringify(header())}\n`,
    rest: `${JSON.stringify({ key: 'deletedFile', value: { path: 'a' } })}\n`,
  })
  assert.match(refused, /^HTTP\/1\.1 404/)
  assert.match(next, /^HTTP\/1\.1 200/)
})
