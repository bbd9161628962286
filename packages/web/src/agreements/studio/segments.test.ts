/** Titles are left out of the marks of a text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textSegments } from './segments.ts'

void test('the first line is left out, changed or not', () => {
  assert.deepEqual(
    textSegments([
      { kind: 'same', text: 'Access [E]\nAt most ' },
      { kind: 'removed', text: '12 ' },
      { kind: 'added', text: '20 ' },
      { kind: 'same', text: 'users.' },
    ]),
    [
      { kind: 'same', text: 'At most ' },
      { kind: 'removed', text: '12 ' },
      { kind: 'added', text: '20 ' },
      { kind: 'same', text: 'users.' },
    ],
  )
  assert.deepEqual(
    textSegments([
      { kind: 'same', text: 'Access ' },
      { kind: 'removed', text: '[E]\nOld ' },
      { kind: 'added', text: '[A]\nNew ' },
      { kind: 'same', text: 'text.' },
    ]),
    [
      { kind: 'removed', text: 'Old ' },
      { kind: 'added', text: 'New ' },
      { kind: 'same', text: 'text.' },
    ],
  )
})
