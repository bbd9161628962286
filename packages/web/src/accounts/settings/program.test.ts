import assert from 'node:assert/strict'
import { test } from 'node:test'
import { programWords } from './program.ts'

void test('browsers are named, other programs keep their words', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'
  const edge = 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0'
  const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1'
  assert.equal(programWords(chrome), 'Chrome on Linux')
  assert.equal(programWords(edge), 'Edge on Windows')
  assert.equal(programWords(phone), 'Safari on iOS')
  assert.equal(programWords('curl/8.9'), 'curl/8.9')
  assert.equal(programWords(null), 'An unknown program')
  assert.equal(programWords('x'.repeat(500)).length, 80)
})
