import assert from 'node:assert/strict'
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { test } from 'node:test'
import { makeEnvelope, parseEnvelope, signedBytes, verifyEnvelope } from './envelope.ts'

const type = 'application/vnd.weighhouse.agreement.v1+json'
const rawOf = (key: KeyObject): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url'))

const makeKey = (id: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { id, privateKey, publicKey: rawOf(publicKey) }
}

const a = makeKey('a')
const b = makeKey('b')
const payload = new TextEncoder().encode('{"parties":["a","b"]}')

const signedWith = (keys: readonly { id: string; privateKey: KeyObject }[], as = type) =>
  makeEnvelope(
    as,
    payload,
    keys.map(({ id, privateKey }) => ({
      keyid: id,
      signature: sign(null, signedBytes(as, payload), privateKey),
    })),
  )

// The example of the specification's protocol page.
void test('the bytes that are signed are those of the specification', () => {
  const bytes = signedBytes(
    'http://example.com/HelloWorld',
    new TextEncoder().encode('hello world'),
  )
  assert.equal(
    new TextDecoder().decode(bytes),
    'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
  )
})

// RFC 8032, section 7.1, test 1: the key, over an empty message.
void test('a key of the RFC signs as the RFC says', () => {
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'),
  ])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  assert.equal(
    Buffer.from(rawOf(createPublicKey(key))).toString('hex'),
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  )
  assert.match(
    sign(null, Buffer.alloc(0), key).toString('hex'),
    /^e5564300c360ac729086e2cc806e828a/,
  )
})

void test('each party signs the same envelope, and each is recognised', async () => {
  const both = parseEnvelope(JSON.parse(JSON.stringify(signedWith([a, b]))))
  const { signedBy, payload: found } = await verifyEnvelope(both, type, [b, a])
  assert.deepEqual(signedBy, ['b', 'a'])
  assert.deepEqual(found, payload)
  assert.deepEqual((await verifyEnvelope(signedWith([a]), type, [a, b])).signedBy, ['a'])
})

void test('a key id proves nothing', async () => {
  const lie = signedWith([{ id: 'a', privateKey: b.privateKey }])
  assert.deepEqual((await verifyEnvelope(lie, type, [a])).signedBy, [])
  assert.deepEqual((await verifyEnvelope(lie, type, [b])).signedBy, ['b'])
})

void test('one changed byte, or another type, is another statement', async () => {
  const envelope = signedWith([a])
  const bytes = Buffer.from(envelope.payload, 'base64')
  for (let i = 0; i < bytes.length; i += 1) {
    const changed = Buffer.from(bytes)
    changed[i] = (changed[i] ?? 0) ^ 1
    const forged = { ...envelope, payload: changed.toString('base64') }
    assert.deepEqual((await verifyEnvelope(forged, type, [a])).signedBy, [], String(i))
  }
  const sibling = 'application/vnd.weighhouse.agreement-event.v1+json'
  await assert.rejects(verifyEnvelope(envelope, sibling, [a]), /expected the type/)
  const renamed = { ...envelope, payloadType: sibling }
  assert.deepEqual((await verifyEnvelope(renamed, sibling, [a])).signedBy, [])
})

void test('URL-safe letters are read too; other forms are refused', async () => {
  const envelope = signedWith([a])
  const urlSafe = {
    ...envelope,
    signatures: envelope.signatures.map(({ keyid, sig }) => ({
      keyid,
      sig: Buffer.from(sig, 'base64').toString('base64url'),
    })),
  }
  assert.deepEqual((await verifyEnvelope(urlSafe, type, [a])).signedBy, ['a'])
  const cut = { ...envelope, signatures: [{ keyid: 'a', sig: 'AAAA' }] }
  assert.deepEqual((await verifyEnvelope(cut, type, [a])).signedBy, [])
  await assert.rejects(verifyEnvelope({ ...envelope, payload: '%%%' }, type, [a]), /base64/)
  for (const bad of [
    null,
    1,
    {},
    { payloadType: type },
    { ...envelope, signatures: [] },
    { ...envelope, signatures: [null] },
    { ...envelope, payload: 5 },
  ]) {
    assert.throws(() => parseEnvelope(bad), /envelope/)
  }
})
