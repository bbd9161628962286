/** Files from the browser into a repo: a folder with a large file, a second time, and edits. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bothHands, button, type Hands, link } from './kit/hands.ts'
import { openSite, type Site, shoot, signInAs } from './kit/site.ts'
import { fillWorld } from './kit/world.ts'

const repo = 'north-lab/plover-base'

const read = async ({ dev }: Site, path: string): Promise<Buffer> => {
  const answer = await dev.ask('GET', `/${repo}/resolve/main/${path}`)
  assert.equal(answer.status, 200, path)
  return answer.bytes
}

const wholeFolder = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await using place = await mkdtempDisposable(join(tmpdir(), 'weighhouse-upload-'))
  const folder = place.path
  const weights = randomBytes(40 * 1024 * 1024)
  const odd = 'notes/a b#c%.txt'
  await mkdir(join(folder, 'notes'))
  await writeFile(join(folder, 'model.safetensors'), weights)
  await writeFile(join(folder, 'config.json'), '{"a":1}')
  await writeFile(join(folder, odd), 'odd name')
  await signInAs(site, 'ann')
  await page.goto(`${url}/${repo}/upload/main`)
  await hands.attach(button(page, 'Choose a folder'), folder)
  await hands.type(page.getByLabel('What this is, in a line'), 'Weights of the first run')
  await shoot(page, 'upload-chosen')
  await hands.press(button(page, 'Upload 3 files'))
  await page.getByText('3 files committed to main').waitFor({ timeout: 60_000 })
  await shoot(page, 'upload-done')
  assert.ok((await read(site, 'model.safetensors')).equals(weights))
  assert.equal((await read(site, 'notes/a%20b%23c%25.txt')).toString(), 'odd name')
  await hands.press(link(page, 'See the files'))
  await link(page, 'model.safetensors').waitFor()
  await link(page, 'Weights of the first run').first().waitFor()
}

const goOn = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, context } = site
  await using place = await mkdtempDisposable(join(tmpdir(), 'weighhouse-upload-'))
  const bytes = randomBytes(36 * 1024 * 1024)
  const file = join(place.path, 'big.bin')
  await writeFile(file, bytes)
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
  await hands.attach(button(page, 'Choose files'), file)
  await hands.press(button(page, 'Upload 1 file'))
  await page.getByRole('alert').waitFor({ timeout: 30_000 })
  assert.deepEqual(sent, ['1'])
  isCut = false
  await hands.press(button(page, 'Go on 1 file'))
  await page.getByText('1 file committed to main').waitFor({ timeout: 60_000 })
  assert.deepEqual(sent, ['1', '2', '3', 'complete'])
  assert.ok((await read(site, 'big.bin')).equals(bytes))
}

const editText = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ann')
  await page.goto(`${url}/${repo}/tree/main`)
  await hands.press(link(page, 'New file'))
  await hands.type(page.getByLabel('Name, with its folders'), 'docs/limits.md')
  await hands.type(page.getByLabel('Text'), '# Limits\n\nNone known.\n')
  await hands.press(button(page, 'Commit to main'))
  await page.getByRole('heading', { name: 'Limits' }).waitFor()
  await hands.press(link(page, 'Edit'))
  await hands.type(page.getByLabel('Text'), '# Limits\n\nChildren are out of scope.\n')
  await hands.press(button(page, 'Commit to main'))
  await page.getByText('Children are out of scope.').waitFor()
  assert.match((await read(site, 'docs/limits.md')).toString(), /Children/)
  await hands.press(button(page, 'Delete'))
  await hands.press(button(page, 'Delete limits.md'))
  // With its only file the folder is gone.
  await page.waitForURL(/tree\/main$/)
  await link(page, 'README.md').waitFor()
  const gone = await site.dev.ask('GET', `/${repo}/resolve/main/docs/limits.md`)
  assert.equal(gone.status, 404)
}

void test('somebody who may not write is told so', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ben')
  await page.goto(`${url}/${repo}/upload/main`)
  await page.getByText(/Your role does not let you change/).waitFor()
  await page.goto(`${url}/${repo}/tree/main`)
  await link(page, 'README.md').waitFor()
  assert.equal(await link(page, 'Upload').count(), 0)
})

for (const hands of bothHands) {
  void test(`a folder with a file of several parts, as one commit, ${hands.name}`, () =>
    wholeFolder(hands))
  void test(`what was cut off goes on: parts that came are not sent again, ${hands.name}`, () =>
    goOn(hands))
  void test(`a text is begun, changed and taken away, ${hands.name}`, () => editText(hands))
}
