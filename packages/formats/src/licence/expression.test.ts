import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { choicesOf, expressionCharsMax, formatExpression, parseExpression } from './expression.ts'
import { licences } from './table.ts'

const again = (text: string): string => formatExpression(parseExpression(text))

void test('expressions come out in one spelling', () => {
  for (const [text, expected] of [
    ['mit', 'MIT'],
    ['Apache-2.0 AND LicenseRef-Llama-3.1', 'Apache-2.0 AND LicenseRef-Llama-3.1'],
    ['apache-2.0 and llama3.1', 'Apache-2.0 AND LicenseRef-Llama-3.1'],
    ['(MIT)', 'MIT'],
    ['MIT OR Apache-2.0 AND ISC', 'MIT OR Apache-2.0 AND ISC'],
    ['(MIT OR Apache-2.0) AND ISC', '(MIT OR Apache-2.0) AND ISC'],
    ['MIT AND (ISC AND Zlib)', 'MIT AND ISC AND Zlib'],
    ['GPL-2.0+', 'GPL-2.0-or-later'],
    ['gpl-3.0-or-later', 'GPL-3.0-or-later'],
    ['Apache-2.0+', 'Apache-2.0+'],
    ['GPL-2.0-only WITH Classpath-exception-2.0', 'GPL-2.0-only WITH Classpath-exception-2.0'],
    ['DocumentRef-a:LicenseRef-b', 'DocumentRef-a:LicenseRef-b'],
    ['  MIT  ', 'MIT'],
  ] as const) {
    assert.equal(again(text), expected)
    assert.equal(again(expected), expected, 'what comes out parses to the same')
  }
})

void test('every licence of the table is an expression', () => {
  for (const { spdx } of licences) assert.equal(again(spdx), spdx)
})

void test('what does not parse says where', () => {
  for (const [text, place] of [
    ['', 'character 1'],
    ['AND', 'character 1'],
    ['MIT AND', 'character 8'],
    ['MIT AND AND ISC', 'character 9'],
    ['MIT ISC', 'character 5'],
    ['(MIT', 'character 5'],
    ['MIT)', 'character 4'],
    ['MIT WITH', 'character 9'],
    ['MIT\u0000', 'character 4'],
    ['<script>', 'character 1'],
    ['()', 'character 2'],
    ['+', 'character 1'],
  ] as const) {
    assert.throws(
      () => parseExpression(text),
      (error) => error instanceof FormatError && error.message.includes(`at ${place}:`),
      text,
    )
  }
})

void test('what is too long, too deep or too wide is refused, and quickly', () => {
  const hostile = [
    'M'.repeat(expressionCharsMax + 1),
    `${'('.repeat(400)}MIT${')'.repeat(400)}`,
    Array.from({ length: 100 }, () => 'MIT').join(' AND '),
    '('.repeat(expressionCharsMax),
    ' '.repeat(expressionCharsMax),
  ]
  for (const text of hostile) assert.throws(() => parseExpression(text), FormatError)
  const wide = Array.from({ length: 12 }, () => '(MIT OR ISC)').join(' AND ')
  assert.throws(() => choicesOf(parseExpression(wide)), FormatError)
})

void test('choices are lists that hold together', () => {
  const ids = choicesOf(parseExpression('(MIT OR Apache-2.0) AND ISC')).map((list) =>
    list.map(({ id }) => id),
  )
  assert.deepEqual(ids, [
    ['MIT', 'ISC'],
    ['Apache-2.0', 'ISC'],
  ])
})
