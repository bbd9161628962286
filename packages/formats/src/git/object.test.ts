import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinBytes, toBytes, toText } from './bytes.ts'
import { objectHeader, type ObjectKind } from './object.ts'

const oidOf = async (kind: ObjectKind, body: Uint8Array): Promise<string> => {
  const bytes = new Uint8Array(joinBytes([objectHeader(kind, body.length), body]))
  return Buffer.from(await crypto.subtle.digest('SHA-1', bytes)).toString('hex')
}

void test('the header is kind, size in decimal and a NUL', () => {
  assert.deepEqual(objectHeader('blob', 6), Uint8Array.of(0x62, 0x6c, 0x6f, 0x62, 0x20, 0x36, 0x00))
  assert.equal(toText(objectHeader('commit', 0)), 'commit 0\0')
  assert.equal(toText(objectHeader('tag', 5_000_000_000)), 'tag 5000000000\0')
})

void test('blobs and empty objects hash to what git hashes them to', async () => {
  assert.equal(await oidOf('blob', toBytes('hello\n')), 'ce013625030ba8dba906f756967f9e9ca394464a')
  assert.equal(await oidOf('blob', new Uint8Array()), 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
  assert.equal(await oidOf('tree', new Uint8Array()), '4b825dc642cb6eb9a060e54bf8d69288fbee4904')
})
