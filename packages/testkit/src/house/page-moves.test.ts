/** Addresses of pages under old names and other letter case lead to the name of now, for those who may see the repo. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { signedIn, userWithPassword } from './signin-kit.ts'

const html = { accept: 'text/html' }

void test('a renamed repo leads on with 307, with all that follows its name', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.org('Lab', 'ann')
  await dev.repo('Lab/retina')
  await dev.repo('Lab/scans', { type: 'dataset' })
  const move = { fromRepo: 'Lab/retina', toRepo: 'Lab/Fundus', type: 'model' }
  const moved = await dev.ask('POST', '/api/repos/move', { token, body: move })
  assert.equal(moved.status, 200, moved.text)
  const ask = async (url: string) => {
    const { status, headers } = await dev.ask('GET', url, { headers: html })
    return status === 307 ? `307 ${headers['location']}` : String(status)
  }
  assert.equal(await ask('/Lab/retina'), '307 /Lab/Fundus')
  assert.equal(
    await ask('/lab/RETINA/tree/refs%2Fpr%2F3/a%20b?x=%2F'),
    '307 /Lab/Fundus/tree/refs%2Fpr%2F3/a%20b?x=%2F',
  )
  assert.equal(await ask('/lab/fundus/blob/main/x'), '307 /Lab/Fundus/blob/main/x')
  assert.equal(await ask('/datasets/lab/Scans'), '307 /datasets/Lab/scans')
  for (const same of ['/Lab/Fundus', '/datasets/Lab/scans', '/models', '/agreements/x']) {
    assert.equal(await ask(same), '200', same)
  }
})

void test('a hidden one leads nowhere, by the same page as nothing', async () => {
  await using dev = await openDevHouse()
  await userWithPassword(dev, 'ann')
  await dev.org('Lab', 'ann')
  await dev.repo('Lab/secret', { visibility: 'private' })
  const hidden = await dev.ask('GET', '/lab/secret', { headers: html })
  const nothing = await dev.ask('GET', '/lab/nothing', { headers: html })
  assert.deepEqual([hidden.status, hidden.text], [200, nothing.text])
  const cookie = await signedIn(dev, 'ann')
  const own = await dev.ask('GET', '/lab/secret', { headers: { ...html, cookie } })
  assert.deepEqual([own.status, own.headers['location']], [307, '/Lab/secret'])
})

void test('below a path it leads below that path, also where an owner is called like it', async () => {
  await using dev = await openDevHouse({ env: { WEIGHHOUSE_PUBLIC_URL: 'http://hub.test/lab' } })
  await dev.user('ann')
  await dev.org('lab', 'ann')
  await dev.repo('lab/retina')
  const { status, headers } = await dev.ask('GET', '/lab/lab/Retina/tree/main', { headers: html })
  assert.deepEqual([status, headers['location']], [307, '/lab/lab/retina/tree/main'])
})

void test('what is no address of a page is no fault of the hub', async () => {
  await using dev = await openDevHouse()
  const { port } = await dev.server.listen()
  for (const path of ['/lab/a#%zz', '/lab/%zz', '//evil/x', '/datasets//evil']) {
    const [answer] = (await once(
      get({ host: '127.0.0.1', port, path, headers: html }),
      'response',
    )) as [IncomingMessage]
    answer.resume()
    const { statusCode = 0, headers } = answer
    assert.ok(statusCode === 200 || statusCode === 400, `${path}: ${statusCode}`)
    assert.equal(headers.location, undefined, path)
  }
})
