import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GitOid } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { joinBytes, toBytes, toText } from './bytes.ts'
import { commitBody, commitTitle, formatCommit, type GitCommit, parseCommit } from './commit.ts'
import { objectHeader } from './object.ts'

const tree = 'd7f4e0d5d5bffc323b03889c9fbd88cd178a9e99' as GitOid
const first = '695efa90c29cb93b73d8d876e764f284f325dbbf' as GitOid
const second = 'eb536b177ca6ed8cf00cd017b1bf0e16e4fdf49e' as GitOid

const root: GitCommit = {
  tree,
  parents: [],
  author: {
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    atMs: 1_700_000_000_000,
    offsetMinutes: 330,
  },
  committer: {
    name: 'Zoë',
    email: 'zoe@example.org',
    atMs: 1_700_000_060_000,
    offsetMinutes: -210,
  },
  message: 'First line\nsecond line\n\nBody.\n',
  extra: [],
}

const oidOf = async (body: Uint8Array): Promise<string> => {
  const bytes = new Uint8Array(joinBytes([objectHeader('commit', body.length), body]))
  return Buffer.from(await crypto.subtle.digest('SHA-1', bytes)).toString('hex')
}

/** Made by `git commit-tree`. */
void test('a root commit and a merge hash to what git hashes them to', async () => {
  assert.equal(await oidOf(formatCommit(root)), first)
  const merge = { ...root, parents: [first, second], message: 'Merge\n' }
  assert.equal(await oidOf(formatCommit(merge)), 'ba4b679efc561b99d069dcf5cdf1f759109fddac')
})

void test('a signed commit keeps its signature, byte for byte', async () => {
  const text = `tree ${tree}
author A <a@b> 1 +0000
committer A <a@b> 1 +0000
encoding ISO-8859-1
gpgsig -----BEGIN PGP SIGNATURE-----
 
 iQ==
 -----END PGP SIGNATURE-----

signed
`
  const commit = parseCommit(toBytes(text))
  assert.deepEqual(
    commit.extra.map(({ name }) => name),
    ['encoding', 'gpgsig'],
  )
  assert.equal(toText(formatCommit(commit)), text)
  assert.equal(await oidOf(formatCommit(commit)), 'f7644ecc4ca7766ee8dfdb281835cafd61c6afce')
})

void test('a commit survives a round trip, parents in order', () => {
  for (const commit of [
    root,
    { ...root, parents: [second, first], message: '\n\nleading lines' },
    { ...root, message: '', extra: [{ name: 'mergetag', value: 'object x\n\nnotes\n' }] },
  ]) {
    assert.deepEqual(parseCommit(formatCommit(commit)), commit)
  }
})

void test('a commit without tree, author or committer, or with an id that is none, is refused', () => {
  const lines = [
    `tree ${tree}`,
    `parent ${first}`,
    'author A <a@b> 1 +0000',
    'committer A <a@b> 1 +0000',
  ]
  const parse = (changed: readonly string[]) => (): GitCommit =>
    parseCommit(toBytes(`${changed.join('\n')}\n\nm\n`))
  assert.deepEqual(parse(lines)().parents, [first])
  for (const at of [0, 2, 3]) assert.throws(parse(lines.toSpliced(at, 1)), FormatError)
  assert.throws(parse(lines.with(0, `tree ${tree.slice(1)}`)), FormatError)
  assert.throws(parse(lines.with(1, 'parent main')), FormatError)
  assert.throws(parse(lines.with(1, `parent ${first.toUpperCase()}`)), FormatError)
  assert.throws(parse([]), FormatError)
})

void test('a title is the first paragraph on one line, a body what follows', () => {
  const cases: [string, string, string][] = [
    ['One\n', 'One', ''],
    ['One\ntwo\n\nBody\n\nmore\n', 'One two', 'Body\n\nmore'],
    ['\n\n  One  \n   two\n \t\nBody\n', 'One two', 'Body'],
    ['One\r\n\r\nBody\r\n', 'One', 'Body'],
    ['', '', ''],
    [' \n\n', '', ''],
  ]
  for (const [message, title, body] of cases) {
    assert.equal(commitTitle(message), title, JSON.stringify(message))
    assert.equal(commitBody(message), body, JSON.stringify(message))
  }
})

void test('a title of a megabyte of spaces takes no time', () => {
  const start = performance.now()
  assert.equal(commitTitle(`a${' '.repeat(1_000_000)}b\nc`).length, 1_000_004)
  commitBody(`a${' \t'.repeat(500_000)}b`)
  // A bound on hanging, not on speed: machines are busy.
  assert.ok(performance.now() - start < 60_000)
})
