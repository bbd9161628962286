/** Tables as text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRows } from './csv.ts'

void test('quotes, separators and line ends', () => {
  assert.deepEqual(readRows('a,b\r\n"x, ""y""\nz",2\n', ',').rows, [
    ['a', 'b'],
    ['x, "y"\nz', '2'],
  ])
  assert.deepEqual(readRows('a\tb\n1\t', '\t').rows, [
    ['a', 'b'],
    ['1', ''],
  ])
  assert.deepEqual(readRows('', ',').rows, [])
  assert.deepEqual(readRows('"never closed, a\nb', ',').rows, [['never closed, a\nb']])
})

void test('no more is read than is shown', () => {
  const found = readRows('1\n2\n3\n', ',', { rowsMax: 2 })
  assert.deepEqual(found, { rows: [['1'], ['2']], isCut: true })
  assert.equal(readRows('a,b,c,d\n', ',', { cellsMax: 2 }).rows[0]?.length, 2)
})
