import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sha256 } from '../digest/digest.ts'
import { formatPointer, parsePointer } from './pointer.ts'

/** The example of the specification. */
const sha256 = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393' as Sha256
const text = `version https://git-lfs.github.com/spec/v1
oid sha256:${sha256}
size 12345
`
const pointer = { sha256, sizeBytes: 12_345 }

const encode = (one: string): Uint8Array => new TextEncoder().encode(one)
const parse = (one: string): unknown => parsePointer(encode(one))

void test('a pointer is written as the specification shows it', () => {
  assert.deepEqual(formatPointer(pointer), encode(text))
  assert.deepEqual(parse(text), pointer)
})

void test('pointers of every size survive a round trip', () => {
  for (const sizeBytes of [0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    assert.deepEqual(parsePointer(formatPointer({ sha256, sizeBytes })), { sha256, sizeBytes })
  }
})

void test('pointers of the time before the release, of Windows and with other keys are read', () => {
  assert.deepEqual(parse(text.replace('git-lfs', 'hawser')), pointer)
  assert.deepEqual(parse(text.replaceAll('\n', '\r\n')), pointer)
  assert.deepEqual(parse(text.trimEnd()), pointer)
  const extension = `ext-0-foo sha256:${'0'.repeat(64)}\noid`
  assert.deepEqual(parse(text.replace('oid', extension)), pointer)
  assert.deepEqual(parse(`${text}x-note ${'é'.repeat(400)}\n`), pointer)
})

void test('what is no pointer is undefined', () => {
  const others: readonly [string, string][] = [
    ['nothing', ''],
    ['other text', 'hello\n'],
    ['first line only', 'version https://git-lfs.github.com/spec/v1\n'],
    ['unknown version', text.replace('v1', 'v2')],
    ['version in another case', text.replace('git-lfs', 'Git-LFS')],
    ['version not first', text.split('\n').toReversed().join('\n').trim()],
    ['line before the version', `\n${text}`],
    ['mark before the version', `\ufeff${text}`],
    ['no oid', text.replace(/oid.*\n/, '')],
    ['no size', text.replace(/size.*\n/, '')],
    ['oid too short', text.replace('4d7a', '4d7')],
    ['oid too long', text.replace('4d7a', '4d7a0')],
    ['oid in upper case', text.replace('4d7a', '4D7A')],
    ['oid without its method', text.replace('sha256:', '')],
    ['oid of another method', text.replace('sha256:', 'sha512:')],
    ['method twice', text.replace('sha256:', 'sha256:sha256:')],
    ['two spaces', text.replace('oid ', 'oid  ')],
    ['negative size', text.replace('12345', '-1')],
    ['size with a sign', text.replace('12345', '+1')],
    ['size in hex', text.replace('12345', '0x10')],
    ['fraction', text.replace('12345', '1.5')],
    ['exponent', text.replace('12345', '1e3')],
    ['empty size', text.replace('12345', '')],
    ['size with a unit', text.replace('12345', '12345 B')],
    ['size beyond what is exact', text.replace('12345', '9007199254740992')],
    ['huge size', text.replace('12345', '9'.repeat(40))],
    ['too long a file', `${text}x ${'x'.repeat(1024)}\n`],
  ]
  for (const [what, one] of others) assert.equal(parse(one), undefined, what)
  const broken = encode(`${text}x y\n`)
  assert.ok(parsePointer(broken))
  broken[broken.length - 2] = 0xff
  assert.equal(parsePointer(broken), undefined, 'not UTF-8')
})
