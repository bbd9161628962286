/** Files shown as what they are, without reading more of them than that takes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findBarriers } from './kit/axe.ts'
import { openSite, shoot, signInAs } from './kit/site.ts'
import { commitAs, fillWorld, parquet } from './kit/world.ts'

const dataset = { type: 'dataset', path: 'north-lab/reports' } as const
const blobs = '/datasets/north-lab/reports/blob/main'

/** The same rows, with the end of the file two megabytes away from them. */
const stretched = async (): Promise<Uint8Array> => {
  const bytes = Buffer.from(await parquet('kinds'))
  const footer = bytes.readUInt32LE(bytes.length - 8) + 8
  const gap = Buffer.alloc(2 * 1024 * 1024)
  return Buffer.concat([bytes.subarray(0, -footer), gap, bytes.subarray(-footer)])
}

void test('the first rows of a Parquet file, by ranges', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url, dev } = site
  const large = await stretched()
  await commitAs(dev, 'ann', dataset, 'More rows', [
    { path: 'data/large.parquet', bytes: large },
    { path: 'data/broken.parquet', bytes: large.subarray(0, 3_000) },
    { path: 'data/brotli.parquet', bytes: await parquet('brotli') },
  ])
  await signInAs(site, 'ann')
  let sent = 0
  page.on('response', (answer) => {
    if (!answer.url().includes('/resolve/')) return
    assert.equal(answer.status(), 206)
    sent += Number(answer.headers()['content-length'])
  })
  await page.setViewportSize({ width: 1440, height: 1000 })
  await page.goto(`${url}${blobs}/data/large.parquet`)
  const rows = page.getByRole('region', { name: 'Rows' })
  await rows.getByRole('columnheader', { name: /^words list<string>/ }).waitFor()
  await rows.getByText('Report 1: ünïcode', { exact: true }).waitFor()
  await rows.getByText('["w0", null]', { exact: true }).first().waitFor()
  await page.getByText(/60 rows in 1 group, 15 columns\. Read .* of 2\.10 MB/).waitFor()
  assert.ok(sent > 0 && sent < 1_000_000, `${sent} bytes were sent`)
  assert.deepEqual(await findBarriers(page), [])
  await shoot(page, 'parquet')
  await page.goto(`${url}${blobs}/data/brotli.parquet`)
  await page.getByText('packed with BROTLI, which is not read here').first().waitFor()
  await page.goto(`${url}${blobs}/data/broken.parquet`)
  await page.getByText(/Its rows cannot be shown\. .*its end is missing/).waitFor()
  await shoot(page, 'parquet-broken')
})

void test('code is coloured in files and cards, under the same policy, in both themes', async () => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const { page, url } = site
  await signInAs(site, 'ben')
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.setViewportSize({ width: 1440, height: 1000 })
  await page.goto(`${url}/north-lab/report-triage/blob/main/notes/run.py`)
  const content = page.getByRole('region', { name: 'Content' })
  await content.locator('.code-keyword', { hasText: 'import' }).waitFor()
  assert.equal(await content.locator('.code-function').first().textContent(), 'main')
  const colour = (): Promise<string> =>
    content
      .locator('.code-keyword')
      .first()
      .evaluate((one) => getComputedStyle(one).color)
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await colour()
  assert.deepEqual(await findBarriers(page), [])
  await shoot(page, 'code-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.notEqual(await colour(), light)
  assert.deepEqual(await findBarriers(page), [])
  await shoot(page, 'code-dark')
  await page.goto(`${url}/north-lab/report-triage`)
  const card = page.getByRole('article', { name: 'Card' })
  await card.locator('.code-keyword', { hasText: 'from' }).waitFor()
  assert.deepEqual(await findBarriers(page), [])
  assert.deepEqual(complaints, [])
})
