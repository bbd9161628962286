/** Addresses of repos, both ways. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRepoPlace, toIn } from './place.ts'

void test('addresses are those of the public hub', () => {
  const cases: [string, ReturnType<typeof parseRepoPlace>][] = [
    ['/acme/net', { type: 'model', path: 'acme/net', verb: '', tail: '' }],
    ['/acme/net/', { type: 'model', path: 'acme/net', verb: '', tail: '' }],
    ['/acme/net/tree/main', { type: 'model', path: 'acme/net', verb: 'tree', tail: 'main' }],
    [
      '/datasets/acme/set/blob/main/a%20b/c%23.csv',
      { type: 'dataset', path: 'acme/set', verb: 'blob', tail: 'main/a b/c#.csv' },
    ],
    [
      '/acme/net/tree/refs%2Fpr%2F3/x',
      { type: 'model', path: 'acme/net', verb: 'tree', tail: 'refs/pr/3/x' },
    ],
    ['/acme/net/tree/%zz', { type: 'model', path: 'acme/net', verb: 'tree', tail: '%zz' }],
  ]
  for (const [address, place] of cases) assert.deepEqual(parseRepoPlace(address), place, address)
})

void test('what is built is read back', () => {
  const repo = { type: 'dataset', path: 'acme/set' } as const
  for (const [revision, path] of [
    ['main', ''],
    ['feature/x', 'a b/c?.md'],
    ['v1', '100%/$x/#'],
  ] as const) {
    const place = parseRepoPlace(toIn(repo, 'blob', revision, path))
    assert.equal(place.tail, path === '' ? revision : `${revision}/${path}`)
  }
})
