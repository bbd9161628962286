import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GitOid } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { joinBytes, toBytes, toText } from './bytes.ts'
import { objectHeader } from './object.ts'
import { formatTag, type GitTag, parseTag } from './tag.ts'

const tag: GitTag = {
  object: '695efa90c29cb93b73d8d876e764f284f325dbbf' as GitOid,
  kind: 'commit',
  name: 'v1',
  tagger: {
    name: 'Zoë',
    email: 'zoe@example.org',
    atMs: 1_700_000_060_000,
    offsetMinutes: -210,
  },
  message: 'Release\n\nnotes\n',
}

void test('a tag hashes to what git tag -a makes of it', async () => {
  const body = formatTag(tag)
  const bytes = new Uint8Array(joinBytes([objectHeader('tag', body.length), body]))
  const oid = Buffer.from(await crypto.subtle.digest('SHA-1', bytes)).toString('hex')
  assert.equal(oid, 'bb0d0a0729e49af2a6ec22d9754d89daf8bba233')
})

void test('a message gains the newline git would end it with, and only then', () => {
  assert.deepEqual(formatTag({ ...tag, message: 'Release\n\nnotes' }), formatTag(tag))
  assert.ok(toText(formatTag({ ...tag, message: '' })).endsWith('-0330\n\n'))
})

void test('tags of every kind survive a round trip, with and without a tagger', () => {
  const { tagger: _, ...old } = tag
  for (const kind of ['blob', 'tree', 'commit', 'tag'] as const) {
    assert.deepEqual(parseTag(formatTag({ ...tag, kind })), { ...tag, kind })
    assert.deepEqual(parseTag(formatTag({ ...old, kind })), { ...old, kind })
  }
})

void test('a tag without object, type or name, or with wrong ones, is refused', () => {
  const lines = [`object ${tag.object}`, 'type commit', 'tag v1', 'tagger A <a@b> 1 +0000']
  const parse = (changed: readonly string[]) => (): GitTag =>
    parseTag(toBytes(`${changed.join('\n')}\n\nm\n`))
  assert.equal(parse(lines)().name, 'v1')
  assert.equal(parse(lines.slice(0, 3))().tagger, undefined)
  for (const at of [0, 1, 2]) assert.throws(parse(lines.toSpliced(at, 1)), FormatError)
  assert.throws(parse(lines.with(0, 'object v0')), FormatError)
  assert.throws(parse(lines.with(0, `object ${tag.object}0`)), FormatError)
  assert.throws(parse(lines.with(1, 'type branch')), FormatError)
  assert.throws(() => parseTag(new Uint8Array()), FormatError)
})
