/** Certificates are read strictly: they are signed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DeletionCertificate, parseCertificate } from './certificate.ts'

const good: DeletionCertificate = {
  format: 'weighhouse.deletion-certificate.v1',
  agreement: 'a1',
  duty: 'd1',
  org: 'clinic',
  deleted: [{ type: 'model', path: 'lab/retina', revisions: ['abc'] }],
  places: ['the cluster'],
  method: 'deleted',
  deletedAt: '2027-01-20T10:00:00Z',
  person: { name: 'cem', title: 'Director' },
  remaining: null,
}

void test('a certificate that holds together is read as it is, and nothing else is', () => {
  assert.deepEqual(parseCertificate(JSON.parse(JSON.stringify(good))), good)
  const wrong: readonly (readonly [Record<string, unknown>, RegExp])[] = [
    [{ format: 'weighhouse.deletion-certificate.v2' }, /format: expected/],
    [{ deleted: [] }, /at least one repository/],
    [{ deleted: [{ type: 'model', path: '', revisions: [] }] }, /deleted\[0\]\.path/],
    [{ deleted: [{ type: 'file', path: 'x', revisions: [] }] }, /deleted\[0\]\.type/],
    [{ method: 'forgotten' }, /method: expected one of deleted/],
    [{ deletedAt: '2027-02-30T00:00:00Z' }, /deletedAt/],
    [{ deletedAt: 'yesterday' }, /deletedAt/],
    [{ person: { name: 'cem', title: 'Director', id: 'x' } }, /person: expected members/],
    [{ remaining: '' }, /remaining/],
    [{ places: Array.from({ length: 101 }, () => 'x') }, /places: expected a list of at most 100/],
    [{ also: 1 }, /certificate: expected members/],
  ]
  for (const [change, expected] of wrong) {
    assert.throws(() => parseCertificate({ ...good, ...change }), expected)
  }
  assert.throws(() => parseCertificate(null), /certificate: expected an object/)
})
