/** Stopping: what can end in time ends, what cannot is cut, and nothing hangs. And memory: constant, whatever the size of a file. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createToken, createUser } from '../crash/admin.ts'
import { startHub } from '../crash/hub-process.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import {
  batch,
  commit,
  header,
  lfsFile,
  local,
  offered,
  sha256,
  upload,
  uploadLink,
} from './calls.ts'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bytes = Buffer.alloc(2_000_000, 5)

const open = async () => {
  const dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const { port } = await dev.server.listen()
  return { dev, token, port }
}

/** Begins an upload and sends the first half. */
const beginUpload = (port: number, link: string) => {
  const headers = { 'content-length': bytes.length }
  const sending = request({ port, host: '127.0.0.1', method: 'PUT', path: link, headers })
  const answered = once(sending, 'response').then(
    ([response]: { statusCode: number }[]) => response?.statusCode,
    () => 'cut' as const,
  )
  sending.write(bytes.subarray(0, 1_000_000))
  return { sending, answered }
}

/** Waits until bytes of the upload are in the store: a busy machine takes its time. */
const untilReceiving = async (dev: DevHouse): Promise<void> => {
  for (let tries = 0; tries < 1_000; tries += 1) {
    for await (const _ of dev.house.bytes.listStages()) return
    await sleep(20)
  }
  throw new Error('expected the upload to begin within 20 seconds')
}

void test('an upload that ends before the deadline is finished', async () => {
  const { dev, token, port } = await open()
  await using _ = dev
  const { sending, answered } = beginUpload(
    port,
    (await uploadLink(dev, 'ann/m', bytes, token)) ?? '',
  )
  await untilReceiving(dev)
  const closing = dev.server.close(60_000)
  await sleep(20)
  sending.end(bytes.subarray(1_000_000))
  assert.equal(await answered, 200)
  await closing
})

void test('an upload that does not end is cut at the deadline', async () => {
  const { dev, token, port } = await open()
  await using _ = dev
  const { answered } = beginUpload(port, (await uploadLink(dev, 'ann/m', bytes, token)) ?? '')
  await untilReceiving(dev)
  const closing = dev.server.close(1_000)
  await sleep(20)
  dev.clock.advance(1_001)
  assert.equal(await answered, 'cut')
  await closing
  await dev.hub.content[Symbol.asyncDispose]()
  let stages = 0
  for await (const stage of dev.house.bytes.listStages()) stages += stage.stage.length > 0 ? 1 : 0
  assert.equal(stages, 0)
})

void test('a signal stops the program with exit code 0', async () => {
  const dataDir = join(await mkdtemp(join(tmpdir(), 'weighhouse-stop-')), 'data')
  const hub = await startHub({ dataDir })
  await hub.stop()
  assert.match(hub.output(), /stopping/)
})

const residentMB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

void test(
  'memory does not grow with the size of a file',
  { skip: process.platform === 'linux' ? false : 'reads /proc' },
  async () => {
    const dataDir = join(await mkdtemp(join(tmpdir(), 'weighhouse-memory-')), 'data')
    await createUser(dataDir, 'ann')
    const token = await createToken(dataDir, 'ann', 'write')
    const hub = await startHub({ dataDir })
    try {
      const ask = async (path: string, body: object, type: string) =>
        (
          await fetch(hub.url + path, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': type },
            body: JSON.stringify(body),
          })
        ).json()
      await ask('/api/repos/create', { name: 'm' }, 'application/json')
      const large = Buffer.alloc(400 * 1024 * 1024, 'weigh')
      const object = { oid: sha256(large), size: large.length }
      const answer = await ask(
        '/ann/m.git/info/lfs/objects/batch',
        { operation: 'upload', objects: [object] },
        'application/vnd.git-lfs+json',
      )
      // A cast because the answer's form is the protocol's.
      const { objects } = answer as { objects: { actions: { upload: { href: string } } }[] }
      const before = await residentMB(hub.pid)
      let highest = before
      const sampling = setInterval(() => {
        void residentMB(hub.pid).then((found) => (highest = Math.max(highest, found)))
      }, 20)
      const put = await fetch(objects[0]?.actions.upload.href ?? '', { method: 'PUT', body: large })
      clearInterval(sampling)
      assert.equal(put.status, 200)
      assert.ok(highest - before < 200, `${before} MB before, ${highest} MB at most for 400 MB`)
    } finally {
      await hub.stop()
    }
  },
)

void test('a link of an upload works while another downloads what is there', async () => {
  const { dev, token } = await open()
  await using _ = dev
  await upload(dev, 'ann/m', bytes, token)
  await commit(dev, 'ann/m', [header(), lfsFile('w.bin', bytes)], { token })
  const object = { oid: sha256(bytes), size: bytes.length }
  const answer = await batch(dev, 'ann/m', [object], { token, operation: 'download' })
  const link = local(offered(answer).actions?.download?.href)
  const [got, put] = await Promise.all([
    dev.ask('GET', link),
    dev.ask('PUT', (await uploadLink(dev, 'ann/m', Buffer.from('more'), token)) ?? '', {
      body: 'more',
    }),
  ])
  assert.deepEqual([got.status, put.status], [200, 200])
})
