import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { scanJson } from './json.ts'

const map = (...entries: [string, unknown][]): Map<string, unknown> => new Map(entries)

void test('values of every kind are read', () => {
  assert.deepEqual(
    scanJson(' {"a" : [1, 0,"x",true,\tfalse,null,[],{}],\r\n"b":{"c":9007199254740991}} '),
    map(['a', [1, 0, 'x', true, false, null, [], map()]], ['b', map(['c', 9007199254740991])]),
  )
  for (const [text, value] of [
    ['"x"', 'x'],
    ['7', 7],
    ['null', null],
  ]) {
    assert.equal(scanJson(String(text)), value)
  }
})

void test('escapes mean what JSON says', () => {
  assert.equal(
    scanJson(String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`),
    '"\\/\b\f\n\r\té\u{1f600}',
  )
  assert.equal(scanJson('"é\u{1f600}\u2028"'), 'é\u{1f600}\u2028')
})

void test('names with a meaning in JavaScript are names like others', () => {
  const value = scanJson('{"__proto__":{"x":1},"constructor":2}')
  assert.deepEqual(value, map(['__proto__', map(['x', 1])], ['constructor', 2]))
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false)
})

void test('a key twice is refused, however it is spelled', () => {
  for (const text of ['{"a":1,"a":1}', String.raw`{"a":1,"\u0061":2}`, '{"x":{"":1,"":2}}']) {
    assert.throws(() => scanJson(text), FormatError, text)
  }
  assert.deepEqual(
    scanJson('{"a":{"a":1},"b":{"a":1}}'),
    map(['a', map(['a', 1])], ['b', map(['a', 1])]),
  )
})

void test('what is no JSON is refused', () => {
  const bad = ['', ' ', '{', '}', '[', ']', '[1', '[1,', '[1,]', '[,1]', '{"a"}', '{"a":}', '{a:1}']
  bad.push('{"a":1,}', '{,}', "{'a':1}", '{"a":1}}', '1 2', 'nul', 'nulls', 'True', 'NaN')
  bad.push(
    '"',
    '"a',
    '"\\',
    '"\\"',
    '"\\x"',
    '"\\u12"',
    '"\n"',
    '"\0"',
    '/**/1',
    '[1 2]',
    '\ufeff1',
  )
  for (const text of bad) assert.throws(() => scanJson(text), FormatError, JSON.stringify(text))
})

void test('numbers other than plain whole ones are refused', () => {
  const bad = [
    '-1',
    '+1',
    '1.0',
    '1e2',
    '01',
    '00',
    '0x1',
    '.5',
    '9007199254740992',
    '9'.repeat(5000),
  ]
  for (const text of bad) assert.throws(() => scanJson(text), FormatError, text.slice(0, 20))
})

void test('depth is bounded, and a long text of brackets ends in an error', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  assert.ok(Array.isArray(scanJson(nested(60))))
  assert.throws(() => scanJson(nested(70)), FormatError)
  assert.throws(() => scanJson('['.repeat(1_000_000)), FormatError)
  assert.throws(() => scanJson('{"a":'.repeat(1_000_000)), FormatError)
})
