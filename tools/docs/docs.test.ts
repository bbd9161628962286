import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { pages } from './pages.ts'

for (const [name, make] of Object.entries(pages)) {
  void test(`docs/reference/${name} says what the code does`, async () => {
    const written = await readFile(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8')
    assert.equal(written, make(), 'run npm run docs and commit what it writes')
  })
}
