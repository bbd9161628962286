import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GitOid } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { joinBytes, toBytes } from './bytes.ts'
import { objectHeader } from './object.ts'
import { formatTree, isDirectory, parseTree, type TreeEntry } from './tree.ts'

const hello = 'ce013625030ba8dba906f756967f9e9ca394464a' as GitOid
const file = (name: string): TreeEntry => ({ mode: '100644', name, oid: hello })

/** In git's order: a folder sorts as if its name ended in a slash, and names by their bytes. */
const sorted: readonly TreeEntry[] = [
  file('a-b'),
  file('a.txt'),
  { mode: '40000', name: 'a', oid: 'e31a96220fbfbe7601ecc086a36b96dc27a8867e' as GitOid },
  file('a0'),
  { mode: '120000', name: 'link', oid: '8d14cbf983b3fad683171c9418998d9f68340823' as GitOid },
  { mode: '100755', name: 'run.sh', oid: hello },
  { mode: '160000', name: 'sub', oid: '1111111111111111111111111111111111111111' as GitOid },
  file('é'),
  // By UTF-16 units, as JavaScript compares, these two would be the other way round.
  file('\uff21'),
  file('\u{1f600}'),
]

const raw = (head: string, oidBytes = 20): Uint8Array =>
  joinBytes([toBytes(head), new Uint8Array(oidBytes).fill(7)])

void test('a tree of one file is the bytes git writes', () => {
  const bytes = formatTree([file('x')])
  assert.equal(
    Buffer.from(bytes).toString('hex'),
    '313030363434207800ce013625030ba8dba906f756967f9e9ca394464a',
  )
  assert.deepEqual(parseTree(bytes), [file('x')])
})

/** Made by `git mktree`. */
void test('entries of every mode, in any order, hash to what git hashes them to', async () => {
  for (const entries of [sorted, sorted.toReversed()]) {
    const body = formatTree(entries)
    const bytes = new Uint8Array(joinBytes([objectHeader('tree', body.length), body]))
    const oid = Buffer.from(await crypto.subtle.digest('SHA-1', bytes)).toString('hex')
    assert.equal(oid, '2268a0e9fc95399aeddf73a2fc4b3ee2762bd635')
    assert.deepEqual(parseTree(body), sorted)
  }
})

void test('an empty tree has no bytes', () => {
  assert.equal(formatTree([]).length, 0)
  assert.deepEqual(parseTree(new Uint8Array()), [])
})

void test('modes of old gits are read as what they meant', () => {
  assert.equal(parseTree(raw('100664 x\0'))[0]?.mode, '100644')
  const [folder] = parseTree(raw('040000 x\0'))
  assert.ok(folder)
  assert.equal(isDirectory(folder), true)
  assert.equal(isDirectory(file('x')), false)
})

void test('a name that begins with a byte order mark keeps it', () => {
  assert.equal(parseTree(raw('100644 \ufeffx\0'))[0]?.name, '\ufeffx')
})

void test('what is no tree is refused', () => {
  const bad: readonly [string, Uint8Array][] = [
    ['unknown mode', raw('100600 x\0')],
    ['mode of a tag', raw('tagged x\0')],
    ['long mode', raw('0100644 x\0')],
    ['no mode', raw(' x\0')],
    ['empty name', raw('100644 \0')],
    ['slash in a name', raw('100644 a/b\0')],
    ['name without end', toBytes('100644 x')],
    ['no space', toBytes('100644')],
    ['id cut short', raw('100644 x\0', 19)],
    ['bytes after the last entry', raw('100644 x\0', 21)],
    ['name not UTF-8', joinBytes([toBytes('100644 '), Uint8Array.of(0xff), raw('\0')])],
  ]
  for (const [what, bytes] of bad) assert.throws(() => parseTree(bytes), FormatError, what)
})

void test('names no tree may hold are not written', () => {
  for (const name of ['', '.', '..', 'a/b', 'a\0b', '\ud800']) {
    assert.throws(() => formatTree([file(name)]), FormatError, JSON.stringify(name))
  }
})

void test('one name twice is not written, also as a file and a folder', () => {
  assert.throws(() => formatTree([file('a'), file('a')]), FormatError)
  const folder: TreeEntry = { ...file('a'), mode: '40000' }
  assert.throws(() => formatTree([file('a'), file('a.b'), folder]), FormatError)
})
