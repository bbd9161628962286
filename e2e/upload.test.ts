/** Files from the browser into a repo: a folder with a large file, a second time, and edits. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSite, type Site, shoot, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

const repo = 'north-lab/plover-base'

const read = async ({ dev }: Site, path: string): Promise<Buffer> => {
  const answer = await dev.ask('GET', `/${repo}/resolve/main/${path}`)
  assert.equal(answer.status, 200, path)
  return answer.bytes
}

void test('a folder with a file of several parts, as one commit', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-upload-'))
  try {
    const weights = randomBytes(40 * 1024 * 1024)
    const odd = 'notes/a b#c%.txt'
    await mkdir(join(folder, 'notes'))
    await writeFile(join(folder, 'model.safetensors'), weights)
    await writeFile(join(folder, 'config.json'), '{"a":1}')
    await writeFile(join(folder, odd), 'odd name')
    await signInAs(site, 'ann')
    await page.goto(`${url}/${repo}/upload/main`)
    await page.getByLabel('Folder').setInputFiles(folder)
    await page.getByLabel('What this is, in a line').fill('Weights of the first run')
    await shoot(page, 'upload-chosen')
    await page.getByRole('button', { name: 'Upload 3 files' }).click()
    await page.getByText('3 files committed to main').waitFor({ timeout: 60_000 })
    await shoot(page, 'upload-done')
    assert.ok((await read(site, 'model.safetensors')).equals(weights))
    assert.equal((await read(site, 'notes/a%20b%23c%25.txt')).toString(), 'odd name')
    await page.getByRole('link', { name: 'See the files' }).click()
    await page.getByRole('link', { name: 'model.safetensors' }).waitFor()
    await page.getByRole('link', { name: 'Weights of the first run' }).first().waitFor()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

void test('what was cut off goes on: parts that came are not sent again', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, context } = site
  const buffer = randomBytes(36 * 1024 * 1024)
  const file = { name: 'big.bin', mimeType: 'application/octet-stream', buffer }
  await signInAs(site, 'ann')
  const sent: string[] = []
  let isCut = true
  await context.route('**/_lfs/uploads/**', async (route) => {
    const part = /uploads\/[^/]+\/(\w+)/.exec(route.request().url())?.[1] ?? ''
    if (isCut && part === '2') return route.fulfill({ status: 403, json: { message: 'cut' } })
    sent.push(part)
    return route.continue()
  })
  await page.goto(`${url}/${repo}/upload/main`)
  await page.getByLabel('Files', { exact: true }).setInputFiles(file)
  await page.getByRole('button', { name: 'Upload 1 file' }).click()
  await page.getByRole('alert').waitFor({ timeout: 30_000 })
  assert.deepEqual(sent, ['1'])
  isCut = false
  await page.getByRole('button', { name: 'Go on 1 file' }).click()
  await page.getByText('1 file committed to main').waitFor({ timeout: 60_000 })
  assert.deepEqual(sent, ['1', '2', '3', 'complete'])
  assert.ok((await read(site, 'big.bin')).equals(buffer))
})

void test('a text is begun, changed and taken away', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ann')
  await page.goto(`${url}/${repo}/tree/main`)
  await page.getByRole('link', { name: 'New file' }).click()
  await page.getByLabel('Name, with its folders').fill('docs/limits.md')
  await page.getByLabel('Text').fill('# Limits\n\nNone known.\n')
  await page.getByRole('button', { name: 'Commit to main' }).click()
  await page.getByRole('heading', { name: 'Limits' }).waitFor()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByLabel('Text').fill('# Limits\n\nChildren are out of scope.\n')
  await page.getByRole('button', { name: 'Commit to main' }).click()
  await page.getByText('Children are out of scope.').waitFor()
  assert.match((await read(site, 'docs/limits.md')).toString(), /Children/)
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete limits.md' }).click()
  await page.waitForURL(/tree\/main/)
  const gone = await site.dev.ask('GET', `/${repo}/resolve/main/docs/limits.md`)
  assert.equal(gone.status, 404)
})

void test('somebody who may not write is told so', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ben')
  await page.goto(`${url}/${repo}/upload/main`)
  await page.getByText(/Your role does not let you change/).waitFor()
  await page.goto(`${url}/${repo}/tree/main`)
  await page.getByRole('link', { name: 'README.md' }).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Upload' }).count(), 0)
})
