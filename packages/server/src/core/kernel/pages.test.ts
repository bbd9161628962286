import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pagesOf } from './pages.ts'

void test('every row comes once, in pages, whatever the length', async () => {
  for (const length of [0, 1, 2, 3, 4, 5]) {
    const all = Array.from({ length }, (_none, at) => String(at))
    const asked: string[] = []
    const read = ({ after, limit }: { after: string; limit: number }): Promise<string[]> => {
      asked.push(after)
      return Promise.resolve(all.filter((one) => one > after).slice(0, limit))
    }
    const found: string[] = []
    for await (const page of pagesOf(read, (one) => one, 2)) {
      assert.ok(page.length > 0 && page.length <= 2)
      found.push(...page)
    }
    assert.deepEqual(found, all)
    assert.equal(asked.length, Math.floor(length / 2) + 1)
  }
})
