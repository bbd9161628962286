/** What people come to do: set up a hub, find their way by keys alone, come back to where they were refused; and what others do to them. */
import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import { test } from 'node:test'
import { findBarriers } from './kit/axe.ts'
import { bothHands, button, type Hands, keys, link } from './kit/hands.ts'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { settle } from './kit/visit.ts'
import { commitAs, fillWorld } from './kit/world.ts'

const setUp = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  const { page, url, dev } = site
  const code = (await dev.hub.identity.offerSetup()) ?? ''
  await page.goto(`${url}/`)
  await page.waitForURL(/\/setup/)
  await page.getByRole('heading', { name: 'Set up this hub' }).waitFor()
  assert.deepEqual(await findBarriers(page), [])
  await hands.type(page.getByLabel('Set-up code'), 'wrong')
  await hands.type(page.getByLabel('User name'), 'ann')
  await hands.type(page.getByLabel('Password'), 'seven quiet barges')
  await hands.press(button(page, 'Create the administrator'))
  await page.getByRole('alert').waitFor()
  await hands.type(page.getByLabel('Set-up code'), code)
  await hands.press(button(page, 'Create the administrator'))
  await page.getByRole('heading', { name: 'Welcome, ann' }).waitFor()
  assert.match(await page.innerText('pre'), /HF_TOKEN=hf_/)
  await shoot(page, 'setup-done')
  await hands.press(link(page, 'Create your first model'))
  await hands.type(page.getByLabel('Name'), 'first-model')
  await hands.press(button(page, 'Create the model'))
  await page.getByRole('heading', { name: 'ann/first-model' }).waitFor()
  await page.getByText('No card yet').waitFor()
  await page.goto(`${url}/setup?code=${code}`)
  await page.getByRole('heading', { name: 'This hub is set up' }).waitFor()
}

void test('by keys alone: from home to a line of a file, and out', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ann')
  await page.goto(url)
  await page.getByRole('heading', { name: 'Hello, ann' }).waitFor()
  const { keyboard } = page
  await keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content')
  await keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
  // A place by two letters, a search by one, a row by two.
  await keyboard.press('g')
  await keyboard.press('m')
  await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
  await keyboard.press('/')
  await keyboard.type('triage')
  await keyboard.press('Enter')
  await page.getByText('1 you can see').waitFor()
  // Out of the field, where letters act again.
  await keyboard.press('Tab')
  await keyboard.press('j')
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'north-lab/report-triage' }).waitFor()
  // Focus is on the heading of the new page.
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
  await keyboard.press(']')
  await page.waitForURL(/tree\/main/)
  await page.getByRole('link', { name: 'notes/' }).waitFor()
  await keyboard.press('?')
  await page.getByRole('dialog', { name: 'Shortcuts of this page' }).waitFor()
  await shoot(page, 'shortcuts')
  await keyboard.press('Escape')
  // Anywhere by one field.
  await keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search or jump to' })
  await field.waitFor()
  await keyboard.type('fjord')
  await page.getByRole('option', { name: /fjord-asr/ }).waitFor()
  await shoot(page, 'palette')
  assert.deepEqual(await findBarriers(page), [])
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'north-lab/fjord-asr' }).waitFor()
  await keys.jump(page, 'report-triage', /report-triage/)
  await page.getByRole('heading', { name: 'north-lab/report-triage' }).waitFor()
  await keyboard.press(']')
  await keys.press(link(page, 'notes/'))
  await keys.press(link(page, 'run.py'))
  await keys.type(page.getByLabel('Lines'), '4-5')
  await keyboard.press('Enter')
  await page.waitForURL(/#L4-L5$/)
  await keyboard.press('Tab')
  await keyboard.press('y')
  await page.waitForURL(/blob\/[0-9a-f]{40}\/notes\/run\.py#L4-L5$/)
})

const useMenu = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ann')
  await page.goto(url)
  const face = button(page, /ann: account/)
  await hands.press(face)
  await page.getByRole('menuitemradio', { name: 'Dark' }).waitFor()
  assert.deepEqual(await findBarriers(page), [])
  await page.keyboard.press('Escape')
  await hands.pick(face, page.getByRole('menuitemradio', { name: 'Dark' }))
  const theme = () => page.evaluate(() => document.documentElement.dataset['theme'])
  assert.equal(await theme(), 'dark')
  await page.reload()
  assert.equal(await theme(), 'dark', 'before the first paint, by the line in the page')
  await hands.pick(face, page.getByRole('menuitem', { name: 'Sign out' }))
  await page.getByRole('link', { name: 'Sign in' }).waitFor()
  assert.equal(
    await page.evaluate(async (home) => (await fetch(`${home}/weighhouse/v1/me`)).status, url),
    401,
  )
}

const comeBack = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  await dev.repo('north-lab/hidden', { visibility: 'private' })
  await commitAs(dev, 'ann', { type: 'model', path: 'north-lab/hidden' }, 'x', [
    { path: 'a.txt', bytes: Buffer.from('a') },
  ])
  const words = async (path: string): Promise<string> => {
    await page.goto(url + path)
    await page
      .getByRole('heading', { name: 'There is nothing here, or it is not for you.' })
      .waitFor()
    return page.innerText('main')
  }
  assert.equal(await words('/north-lab/hidden'), await words('/north-lab/never-was'))
  assert.equal(
    await words('/north-lab/hidden/blob/main/a.txt'),
    await words('/north-lab/never-was'),
  )
  await page.goto(`${url}/north-lab/hidden`)
  await hands.press(link(page.getByRole('main'), 'Sign in'))
  await hands.type(page.getByLabel('User name'), 'ann')
  await hands.type(page.getByLabel('Password'), 'seven quiet barges')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/north-lab/hidden`)
  await page.getByRole('heading', { name: 'north-lab/hidden' }).waitFor()
}

void test('hostile names, cards and notebooks show and do not act', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  const acted: string[] = []
  page.on('dialog', (dialog) => {
    acted.push(dialog.message())
    void dialog.dismiss()
  })
  const bad = '<img src=x onerror=alert(1)>'
  const cell = {
    cell_type: 'code',
    source: [bad],
    outputs: [{ output_type: 'display_data', data: { 'text/html': '<script>alert(2)</script>' } }],
  }
  const files = [
    {
      path: 'README.md',
      bytes: Buffer.from(
        `# ${bad}\n\n<script>alert(3)</script><svg onload=alert(4)>\n\n[x](javascript:alert(5))`,
      ),
    },
    { path: `a"><img src=x onerror=alert(6)>.txt`, bytes: Buffer.from(bad) },
    { path: 'bad\u202egnp.html', bytes: Buffer.from('<script>alert(7)</script>') },
    {
      path: 'n.ipynb',
      bytes: Buffer.from(
        JSON.stringify({ cells: [cell, { cell_type: 'markdown', source: [bad] }] }),
      ),
    },
    {
      path: 'x.svg',
      bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(8)"/>'),
    },
    { path: 'x.csv', bytes: Buffer.from(`a,${bad}\n`) },
  ]
  await commitAs(dev, 'ann', { type: 'model', path: 'north-lab/plover-base' }, bad, files)
  const repo = `${url}/north-lab/plover-base`
  for (const path of [
    '',
    '/tree/main',
    '/commits/main',
    '/blob/main/n.ipynb',
    '/blob/main/x.csv',
    '/blob/main/README.md',
    '/blob/main/x.svg',
  ]) {
    await page.goto(repo + path)
    await settle(page)
  }
  await page.goto(`${repo}/tree/main`)
  await page.getByText('bad[U+202E]gnp.html').waitFor()
  await page.getByRole('link', { name: 'a"><img' }).click()
  await page.getByText(bad).first().waitFor()
  // The bytes themselves, opened as a page of their own.
  for (const path of ['x.svg', 'bad%E2%80%AEgnp.html']) {
    const answer = await page.goto(`${repo}/resolve/main/${path}`)
    assert.match(answer?.headers()['content-security-policy'] ?? '', /^sandbox; default-src 'none'/)
    assert.match(answer?.headers()['content-type'] ?? '', /text\/plain/)
  }
  assert.deepEqual(acted, [])
})

void test('below a path of another site, everything is found', async () => {
  let hubPort = 0
  const proxy = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '').replace(/^\/hub/, '') || '/'
    const { method, headers } = incoming
    const onward = request({ port: hubPort, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.on('data', (chunk) => outgoing.write(chunk)).on('end', () => outgoing.end())
    })
    incoming.on('data', (chunk) => onward.write(chunk)).on('end', () => onward.end())
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, 'localhost', resolve)
  })
  const address = proxy.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    const home = `http://localhost:${port}/hub`
    await using site = await openSite({ env: { WEIGHHOUSE_PUBLIC_URL: home } })
    await fillWorld(site.dev)
    hubPort = Number(new URL(site.url).port)
    const { page } = site
    const outside: string[] = []
    page.on('request', (asked) => {
      const { pathname } = new URL(asked.url())
      if (!pathname.startsWith('/hub')) outside.push(pathname)
    })
    await page.goto(`${home}/north-lab/report-triage/tree/main`)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('User name').fill('ann')
    await page.getByLabel('Password').fill('seven quiet barges')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${home}/north-lab/report-triage/tree/main`)
    await page.getByRole('button', { name: /ann: account/ }).waitFor()
    await page.goto(`${home}/models`)
    await page.getByRole('link', { name: 'north-lab/report-triage' }).click()
    await page.waitForURL(`${home}/north-lab/report-triage`)
    await page.getByRole('link', { name: 'the configuration' }).click()
    await page.waitForURL(`${home}/north-lab/report-triage/blob/main/config.json`)
    await page.getByText('bag-of-words').first().waitFor()
    await page.reload()
    await page.getByText('bag-of-words').first().waitFor()
    await page.getByRole('link', { name: 'Weighhouse' }).click()
    await page.waitForURL(`${home}/`)
    assert.deepEqual(outside, [])
  } finally {
    proxy.close()
    proxy.closeAllConnections()
  }
})

for (const hands of bothHands) {
  void test(`a new hub is set up in the browser, and a model is made, ${hands.name}`, () =>
    setUp(hands))
  void test(`the menu of the face: theme, and out, ${hands.name}`, () => useMenu(hands))
  void test(`a stranger sees a private repo as nothing, and is led back after signing in, ${hands.name}`, () =>
    comeBack(hands))
}
