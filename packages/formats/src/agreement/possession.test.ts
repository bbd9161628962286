/** Keys and signatures as node and openssl write them. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { possessionText, publicKeyInPem, signatureInFile } from './possession.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')

void test('a public key in PEM is its 32 bytes, whatever stands around it', () => {
  const pem = publicKey.export({ type: 'spki', format: 'pem' })
  const { x } = publicKey.export({ format: 'jwk' })
  assert.equal(publicKeyInPem(pem), x)
  assert.equal(publicKeyInPem(`a note\r\n${pem.replaceAll('\n', '\r\n')}`), x)
})

void test('a private key is told, and no other key is taken', () => {
  const own = privateKey.export({ type: 'pkcs8', format: 'pem' })
  assert.throws(() => publicKeyInPem(own), /stays with you/)
  const other = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'pem' })
  assert.throws(() => publicKeyInPem(other), /Ed25519/)
  assert.throws(() => publicKeyInPem(''), /Ed25519/)
  const broken = publicKey.export({ type: 'spki', format: 'pem' }).replace('MCow', 'MCo')
  assert.throws(() => publicKeyInPem(broken), /Ed25519/)
})

void test('a signature is its 64 bytes', () => {
  const made = sign(null, Buffer.from(possessionText('org', 'key')), privateKey)
  assert.equal(signatureInFile(made), made.toString('base64url'))
  assert.throws(() => signatureInFile(made.subarray(1)), /64 bytes, this file has 63/)
})
