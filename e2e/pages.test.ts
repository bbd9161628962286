/** Every page: reachable by everybody, in light and dark, at each width, within the policy and the budget. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyPage } from './kit/every-page.ts'
import { openSite, signInAs } from './kit/site.ts'
import { feelOf, gzipBytes } from './kit/smooth.ts'
import { visitAll } from './kit/visit.ts'
import { fillWorld } from './kit/world.ts'

const repo = '/north-lab/report-triage'

void test('each page', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  await signInAs(site, 'ann')
  assert.deepEqual(await visitAll(site, everyPage.repos), [])
})

void test('the first visit to a model stays within its budget', async (context) => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  const loaded = new Set<string>()
  page.on('response', (answer) => {
    const { pathname, origin } = new URL(answer.url())
    loaded.add(pathname)
    assert.equal(origin, url, 'nothing comes from elsewhere')
  })
  const { paintMs } = await feelOf(page, url + repo)
  // Told, not judged: `npm run bench -- pages` measures it.
  context.diagnostic(`largest paint after ${Math.round(paintMs)} ms`)
  const scripts = await gzipBytes([...loaded].filter((path) => path.endsWith('.js')))
  assert.ok(scripts > 50_000, 'scripts are counted')
  assert.ok(scripts <= 200_000, `scripts: ${scripts} bytes`)
  const styles = await gzipBytes([...loaded].filter((path) => path.endsWith('.css')))
  assert.ok(styles > 1_000 && styles <= 24_000, `styles: ${styles} bytes`)
})
