import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalBytes, canonicalJson } from './canonical.ts'

// RFC 8785, section 3.2.2 and 3.2.3, and its appendix B of numbers.
void test('the examples of the RFC', () => {
  const value = {
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const keys = {
    '\u20ac': 1,
    '\r': 2,
    '\ufb33': 3,
    '1': 4,
    '\ud83d\ude00': 5,
    '\u0080': 6,
    '\u00f6': 7,
  }
  assert.equal(canonicalJson(keys), '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}')
  assert.equal(
    canonicalJson([-0, 1e21, 5e-324, 9007199254740992]),
    '[0,1e+21,5e-324,9007199254740992]',
  )
})

void test('order and spaces of the source are nothing; values are everything', () => {
  const a = JSON.parse('{"b":1,"a":{"d":[1,2],"c":"x"}}') as unknown
  const b = JSON.parse('{ "a": {"c":"x", "d":[1,2]},\n"b":1 }') as unknown
  assert.deepEqual(canonicalBytes(a), canonicalBytes(b))
  assert.notEqual(canonicalJson(a), canonicalJson({ b: 1, a: { d: [2, 1], c: 'x' } }))
  assert.equal(canonicalJson({ a: 1, b: undefined }), '{"a":1}')
  assert.equal(canonicalJson(JSON.parse('{"__proto__":1}')), '{"__proto__":1}')
})

void test('what is no JSON is refused', () => {
  let deep: unknown = 1
  for (let i = 0; i < 70; i += 1) deep = [deep]
  for (const bad of [
    Number.NaN,
    Infinity,
    '\ud800',
    { '\udc00': 1 },
    1n,
    () => 1,
    [undefined],
    deep,
  ]) {
    assert.throws(() => canonicalJson(bad), /canonical JSON/)
  }
})
