import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { toBytes } from './bytes.ts'
import { formatHeaders, parseHeaders } from './headers.ts'

void test('headers end at the first empty line, and the rest is the message', () => {
  assert.deepEqual(parseHeaders(toBytes('tree abc\nauthor A <a@b> 1 +0000\n\nTitle\n\nBody\n')), {
    headers: [
      { name: 'tree', value: 'abc' },
      { name: 'author', value: 'A <a@b> 1 +0000' },
    ],
    message: 'Title\n\nBody\n',
  })
})

void test('a line that starts with a space continues the value, also when it is otherwise empty', () => {
  const text = 'gpgsig -----BEGIN-----\n \n iQ==\n -----END-----\nencoding latin1\n\nx'
  const { headers, message } = parseHeaders(toBytes(text))
  assert.deepEqual(headers, [
    { name: 'gpgsig', value: '-----BEGIN-----\n\niQ==\n-----END-----' },
    { name: 'encoding', value: 'latin1' },
  ])
  assert.equal(formatHeaders(headers, message), text)
})

void test('a message may be missing, empty, or begin with empty lines', () => {
  assert.equal(parseHeaders(toBytes('a b\n')).message, '')
  assert.equal(parseHeaders(toBytes('a b')).message, '')
  assert.equal(parseHeaders(toBytes('a b\n\n')).message, '')
  assert.equal(parseHeaders(toBytes('a b\n\n\n\nx')).message, '\n\nx')
  assert.deepEqual(parseHeaders(toBytes('\nonly')), { headers: [], message: 'only' })
  assert.deepEqual(parseHeaders(new Uint8Array()), { headers: [], message: '' })
})

void test('a line without a name is refused', () => {
  for (const text of ['lonely\n\nx', ' leading\n\nx', 'a b\nc\n\nx', 'a b\n\0\n']) {
    assert.throws(() => parseHeaders(toBytes(text)), FormatError, JSON.stringify(text))
  }
})

void test('bytes that are not UTF-8 become U+FFFD and do no harm', () => {
  const bytes = Uint8Array.of(0x61, 0x20, 0xff, 0x0a, 0x0a, 0xe9)
  assert.deepEqual(parseHeaders(bytes), {
    headers: [{ name: 'a', value: '\ufffd' }],
    message: '\ufffd',
  })
})

void test('values with lines of their own survive a round trip', () => {
  const headers = [
    { name: 'mergetag', value: 'object 1\ntype commit\n\n spaced\n' },
    { name: 'empty', value: '' },
  ]
  assert.deepEqual(parseHeaders(toBytes(formatHeaders(headers, 'm\n'))), {
    headers,
    message: 'm\n',
  })
})
