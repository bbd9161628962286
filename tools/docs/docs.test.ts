import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { folders } from './folders.ts'

for (const [folder, pages] of Object.entries(folders)) {
  const place = new URL(`../../docs/${folder}/`, import.meta.url)
  for (const [name, make] of Object.entries(pages)) {
    void test(`docs/${folder}/${name} says what the code does`, async () => {
      const written = await readFile(new URL(name, place), 'utf8')
      assert.equal(written, make(), 'run npm run docs and commit what it writes')
    })
  }
}

void test('docs/agreements holds no page of a template that is gone', async () => {
  const found = await readdir(new URL('../../docs/agreements/', import.meta.url))
  assert.deepEqual(new Set(found), new Set(Object.keys(folders['agreements'] ?? {})))
})
