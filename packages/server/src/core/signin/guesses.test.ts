import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from './guesses.ts'

void test('an address of IPv6 stands for its network of 64 bits, however it is written', () => {
  const cases: readonly [string | undefined, string][] = [
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:0db8:0000:0000:1:2:3:4', '2001:db8:0:0'],
    ['2001:db8:0:1::', '2001:db8:0:1'],
    ['::1', '0:0:0:0'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    ['192.0.2.7', '192.0.2.7'],
    [undefined, 'unknown'],
  ]
  for (const [ip, network] of cases) assert.equal(networkOf(ip), network)
})
