import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileHash, verificationHash, xorbHash } from '@huggingface/xetchunk-wasm'
import type { XetHasher } from './blake3.ts'
import { formatXetHash, isGroupEnd } from './hash.ts'
import { makeMerkle } from './merkle.ts'
import {
  chunksOf,
  fileHashOf,
  hasher,
  lcg,
  type Leaf,
  leavesOf,
  rootOf,
  u32le,
  utf8,
} from './test-support.ts'

/** Aggregation as the protocol words it: level by level, over lists. */
const naiveRoot = (leaves: readonly Leaf[]): Uint8Array => {
  if (leaves.length === 0) return new Uint8Array(32)
  let level = [...leaves]
  while (level.length > 1) {
    const next: Leaf[] = []
    let i = 0
    while (i < level.length) {
      const left = level.length - i
      let size = Math.min(9, left)
      for (let k = 2; left > 2 && k < size; k += 1) {
        const node = level[i + k]
        if (node !== undefined && isGroupEnd(node.hash)) size = k + 1
      }
      const group = level.slice(i, i + size)
      const text = group.map((one) => `${formatXetHash(one.hash)} : ${one.rawBytes}\n`).join('')
      next.push({
        hash: hasher.node(utf8(text)),
        rawBytes: group.reduce((sum, one) => sum + one.rawBytes, 0),
      })
      i += size
    }
    level = next
  }
  return level[0]?.hash ?? new Uint8Array(32)
}

const pairs = (count: number): Leaf[] =>
  Array.from({ length: count }, (_, i) => ({
    hash: hasher.chunk(u32le(i)),
    rawBytes: (i + 1) * 100,
  }))

/** Sizes of the groups of leaves, of which the nodes' texts tell. */
const firstGroups = (leaves: readonly Leaf[]): number[] => {
  const own = new Set<string>(leaves.map((leaf) => formatXetHash(leaf.hash)))
  const sizes: number[] = []
  const listening: XetHasher = {
    ...hasher,
    node: (text) => {
      const lines = new TextDecoder().decode(text).trimEnd().split('\n')
      if (own.has(lines[0]?.slice(0, 64) ?? '')) sizes.push(lines.length)
      return hasher.node(text)
    },
  }
  const merkle = makeMerkle(listening)
  for (const { hash, rawBytes } of leaves) merkle.add(hash, rawBytes)
  merkle.finish()
  return sizes
}

const table: readonly [number, string, string, string][] = [
  [
    1,
    'aa58199b044a93cfc8a2a6ab463fb7fe50d858a654fb825a1acb31fb0f139aba',
    'f9dad440e3591467c390a229cc33de3968234a3929ccd34fc6ad64a49b463bba',
    '',
  ],
  [
    2,
    'a30f985c18d22766d7d5315d328aa112e46a6a5b4fdb99f2b8e1af34b8a9dd92',
    'd0d209fe048db0e04419a7ffcdd1770875b0987408b283484d8d3894812928f6',
    '2',
  ],
  [
    3,
    '942d23952bd1b2151103d158e16b1f3a8197eb313721d27878a397e9f5b661ed',
    '8d4916db519de7a0c6cb7eef8386b69a40d60fa7610229b16ae1f51ceb8d4f12',
    '3',
  ],
  [
    4,
    '0f69685b791cacebec8a85071505f0f3be50bcd4e07a8b4ca921539e9897f501',
    '1350349796a15b2cedbb071a2820958df905045d4cc96a730701d0d87700ae36',
    '4',
  ],
  [
    9,
    'a6aff91a66a3491a807e745e50442d9a0c87b68f324b200cf7ba63e660df2353',
    'e369b63a1c5d94172e9e8f7f52f9ded0b80ca2b661598c34c5f4d3c90930cbe9',
    '5,4',
  ],
  [
    10,
    '2346eddbfd0cd94dbf2a0b72d821851dc13d307166275a2556ee4c5875635a79',
    '897881526492a8436209acc6119e4c478f91742f6379049f4bc4c08c30955336',
    '5,5',
  ],
  [
    64,
    '18047850de35974fb9af9e5503c5a57b5439c342e4e152c3d3fb7293d9cd68d9',
    'f68e772b90bb92059d552f26d8fedeb82d5a13ff1db36d218a4c11cefe1cf07e',
    '5,8,4,9,3,9,9,3,5,4,3,2',
  ],
  [
    1000,
    'bf1394efc1e4d68c7eeac1ee35c9c0e03965fd44dc51d8548c179776311275e1',
    '46f7902db0d08c7753eb006f0fc8aedae92325c699a7be08c62fe27696a1043d',
    '5,8,4,9,3,9,9,3,5,4,3,3,',
  ],
]

void test('lists have the roots and the groups of the table', () => {
  for (const [count, xorb, file, groups] of table) {
    const leaves = pairs(count)
    assert.equal(formatXetHash(rootOf(leaves)), xorb, `${count}`)
    assert.equal(fileHashOf(leaves), file, `${count}`)
    const found = firstGroups(leaves).join(',')
    assert.equal(groups.endsWith(',') ? found.slice(0, groups.length) : found, groups)
  }
})

void test('nothing has the root of zeros', () => {
  assert.deepEqual(rootOf([]), new Uint8Array(32))
  assert.equal(fileHashOf([]), '0'.repeat(64))
})

void test('one leaf is its own root, and a copy of what was given', () => {
  // A Buffer too: its slices are views.
  for (const memory of [new Uint8Array(64).fill(7), Buffer.alloc(64, 7)]) {
    const merkle = makeMerkle(hasher)
    merkle.add(memory, 5, 32)
    memory.fill(0)
    assert.deepEqual(merkle.finish(), new Uint8Array(32).fill(7))
  }
})

void test('streaming agrees with lists of every size up to 300', () => {
  const all = pairs(300)
  for (let count = 0; count <= all.length; count += 1) {
    const leaves = all.slice(0, count)
    assert.deepEqual(rootOf(leaves), naiveRoot(leaves), `${count}`)
  }
})

void test('streaming agrees with lists of any hashes', () => {
  const random = lcg(200_000, 77)
  let at = 0
  const next = (limit: number): number => {
    at += 2
    return (((random[at] ?? 0) << 8) | (random[at + 1] ?? 0)) % limit
  }
  for (let round = 0; round < 40; round += 1) {
    // Many ends of groups, none at all, or as they come.
    const last = [undefined, 0, 1][round % 3]
    const leaves = Array.from({ length: next(round < 35 ? 100 : 3000) }, (_, i) => {
      const hash = hasher.chunk(u32le(round * 100_000 + i))
      if (last !== undefined && next(10) > 0) hash[24] = last
      return { hash, rawBytes: 1 + next(65_536) }
    })
    assert.deepEqual(rootOf(leaves), naiveRoot(leaves), `${round}: ${leaves.length}`)
  }
})

void test('the JavaScript client finds the same roots, files and ranges', () => {
  const all = pairs(5000)
  for (const count of [0, 1, 2, 3, 7, 9, 10, 11, 26, 27, 28, 81, 100, 243, 729, 1024, 4999]) {
    const leaves = all.slice(all.length - count)
    const chunks = leaves.map(({ hash, rawBytes }) => ({ hash, length: rawBytes }))
    assert.deepEqual(rootOf(leaves), xorbHash(chunks), `${count}`)
    assert.deepEqual(hasher.file(rootOf(leaves)), fileHash(chunks), `${count}`)
    const hashes = leaves.map(({ hash }) => hash)
    assert.deepEqual(hasher.range(Buffer.concat(hashes)), verificationHash(hashes), `${count}`)
  }
})

void test('raw lengths beyond 32 bits add up exactly', () => {
  const leaves = pairs(200).map(({ hash }) => ({ hash, rawBytes: 2 ** 40 + 1 }))
  assert.deepEqual(rootOf(leaves), naiveRoot(leaves))
})

void test('xorbs and ranges of whole files have the hashes of the vectors', () => {
  const vectors: readonly [Uint8Array, string, string][] = [
    [
      lcg(100_000, 1),
      'b5256df55a661e2b5d0b948f9c826565d4d4a8bd8093cf64c84faa1e48656796',
      '5539eb3754ed1f6e4e7403a704338873f927dfd6cdc0043d1e89078abf81ab04',
    ],
    [
      lcg(1_000_000, 1),
      'd02610a145528a164a13478a61bcbe8530ff83ead4bc8fda9b53b521fd920e25',
      'ea5a9d2d4aba8c671451b9c409058dc62c27d2b43e8979b29e8961e7a18668ee',
    ],
    [
      lcg(5_000_000, 1),
      'd824813621fcc1904d96a2153f33e683b4eb5e5fc57e8112593c0d63644ac02c',
      '65df2096fb29e22d515aebb09843ba4fbeb824c3f74909452da201e59d2dc9d7',
    ],
    [
      lcg(20_000_000, 1),
      '78e07f72743201e22f7b3e9c2c34a80cfdf1918075b418d523309c4c9cea9420',
      'f91e9c607e6eb537fe635c01c2df2cf819e7d05bfa10c405a6798c252dde84f1',
    ],
    [
      new Uint8Array(1_048_576),
      '8c15d5bfe292d5f8f3b992149581636a5c4078ce9c4349d43f1a762ba0609839',
      '4c8a43f586d304f6006c4a323671636fbb32ffc7d146b778ed91ddca10f80fce',
    ],
  ]
  for (const [file, xorb, range] of vectors) {
    const leaves = leavesOf(chunksOf(file))
    assert.equal(formatXetHash(rootOf(leaves)), xorb)
    const hashes = new Uint8Array(leaves.length * 32)
    leaves.forEach((leaf, i) => hashes.set(leaf.hash, i * 32))
    assert.equal(formatXetHash(hasher.range(hashes)), range)
  }
})
