import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refNameProblem, shortNameProblem } from './ref-name.ts'

/** What `git check-ref-format` accepts. */
const good = [
  'refs/heads/main',
  'refs/heads/feature/one',
  'refs/heads/@',
  'refs/heads/a@b',
  'refs/heads/a{b}',
  'refs/heads/-x',
  'refs/heads/a.lock.b',
  'refs/heads/lock',
  'refs/heads/a./b',
  'refs/heads/é',
  'refs/heads/\u{1f600}',
  "refs/heads/a'b",
  'refs/heads/#1',
  'refs/heads/a]',
  'heads/x',
  `refs/heads/${'x'.repeat(233)}`,
]

/** What it refuses. */
const bad = [
  '',
  '@',
  'main',
  '/',
  '/refs/heads/x',
  'refs/heads/x/',
  'refs//heads/x',
  'refs/heads/.x',
  '.refs/heads/x',
  'refs/heads/x..y',
  'refs/heads/x.',
  'refs/heads/x.lock',
  'refs/heads/x.lock/y',
  'refs/heads/.lock',
  'refs/heads/x@{1}',
  'refs/heads/@{',
  'refs/heads/x y',
  'refs/heads/x~1',
  'refs/heads/x^',
  'refs/heads/x:y',
  'refs/heads/x?',
  'refs/heads/*',
  'refs/heads/[x',
  'refs/heads/x\\y',
  'refs/heads/x\ty',
  'refs/heads/x\n',
  'refs/heads/x\0',
  'refs/heads/x\x1f',
  'refs/heads/x\x7f',
]

void test('names that git accepts are accepted', () => {
  for (const name of good) assert.equal(refNameProblem(name), undefined, name)
})

void test('names that git refuses are refused', () => {
  for (const name of bad) assert.notEqual(refNameProblem(name), undefined, JSON.stringify(name))
})

void test('names that no file system or text could hold are refused', () => {
  assert.notEqual(refNameProblem('refs/heads/\ud800'), undefined)
  assert.notEqual(refNameProblem(`refs/heads/${'x'.repeat(1000)}`), undefined)
})

void test('branches and tags that could be taken for something else are refused', () => {
  const oid = 'ce013625030ba8dba906f756967f9e9ca394464a'
  for (const name of ['', 'HEAD', '@', '-f', '--all', 'refs/heads/x', oid, oid.toUpperCase()]) {
    assert.notEqual(shortNameProblem(name), undefined, name)
  }
  for (const name of ['main', 'head', 'v1.0', 'a-b', 'refs', 'heads/x', oid.slice(1), `${oid}0`]) {
    assert.equal(shortNameProblem(name), undefined, name)
  }
})
