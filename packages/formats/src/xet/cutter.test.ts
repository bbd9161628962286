import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { getChunks } from '@huggingface/xetchunk-wasm'
import { GEAR_TABLE, Hasher } from 'gearhash-jit'
import { scanPlain } from './cutter-plain.ts'
import { inputAt, inputBytesMax, openCutterModule } from './cutter-wasm.ts'
import { makeCutter } from './cutter.ts'
import { gearTable } from './gear-table.ts'
import { chunksOf, fileHashOf, lcg, leavesOf, ramp, utf8 } from './test-support.ts'

const sha256 = (data: Uint8Array | string): string =>
  createHash('sha256').update(data).digest('hex')

const lengthsOf = (file: Uint8Array): number[] => chunksOf(file).map((chunk) => chunk.length)

/** Ends of chunks, of a stream sliced as `next` says. */
const endsOf = (
  file: Uint8Array,
  next: () => number,
  scan?: Parameters<typeof makeCutter>[0],
): number[] => {
  const cutter = makeCutter(scan)
  const ends: number[] = []
  for (let at = 0; at < file.length;) {
    const end = Math.min(file.length, at + next())
    for (const one of cutter.push(file.subarray(at, end))) ends.push(at + one)
    at = end
  }
  if (cutter.openBytes() > 0) ends.push(file.length)
  return ends
}

/** The rule as it is written, byte by byte, nothing skipped. */
const naiveEnds = (file: Uint8Array): number[] => {
  const ends: number[] = []
  let hash = 0n
  let open = 0
  file.forEach((byte, i) => {
    hash = BigInt.asUintN(64, (hash << 1n) + (gearTable[byte] ?? 0n))
    open += 1
    if (open < 8192 || (open < 131_072 && hash >> 48n !== 0n)) return
    ends.push(i + 1)
    hash = 0n
    open = 0
  })
  if (open > 0) ends.push(file.length)
  return ends
}

void test('the table is that of gearhash', () => {
  assert.equal(gearTable.length, 256)
  assert.equal(
    sha256(new Uint8Array(gearTable.buffer)),
    'e1d3936666d7ae7a977c958e9afcc75f90aaca758ce5fbe4ece61dffefe1912c',
  )
  let xor = 0n
  let sum = 0n
  for (const word of gearTable) {
    xor ^= word
    sum = BigInt.asUintN(64, sum + word)
  }
  assert.equal(xor, 0x6aa26c5ca5f6cbfcn)
  assert.equal(sum, 0xc1acb37ef35c570an)
  assert.deepEqual([...gearTable], [...GEAR_TABLE])
})

const files: readonly [() => Uint8Array, string, number, string][] = [
  [
    () => new Uint8Array(),
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    0,
    '0000000000000000000000000000000000000000000000000000000000000000',
  ],
  [
    () => Uint8Array.of(0),
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    1,
    '41f5539a8d8bdd7509fd9a319268aca47ea6d40b33394170182e09fa86345c7e',
  ],
  [
    () => utf8('Hello World!'),
    '7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069',
    1,
    'a9dae0ad88b060bdd7e7c87abdcf95b132c95a0414b06d4f6beb68d287b87165',
  ],
  [
    () => lcg(100_000, 1),
    '11ef51a068df1a663d61718bd8a5bd0c3e0e97ab84f131d94f8d73bd2a8b5549',
    2,
    '7680cf38586a5874c6a7411f77e8e3ec9da3500a820fdbc17cdfb066b620ec50',
  ],
  [
    () => lcg(1_000_000, 1),
    '4cf8ae68dca275e18031eba4d741efae0e76f496e4b038533372d1befb6b12e3',
    15,
    'cb96fe356439a5371453a000a1da8bdd26104f155bdbc4e0b503576d31c643f7',
  ],
  [
    () => lcg(5_000_000, 1),
    '6e3f505fd67d2ff9ecff59351404e37d96a78aa0965abd2b84d38f92b171aaf2',
    75,
    '5d2c583336573daec5b1258af4b441d795a69bb3fcb4f93636a6ced0d7096fa6',
  ],
  [
    () => lcg(20_000_000, 1),
    'a6a64ec96297c7e751eba376eadea140f2e093b08409c2618df9eb4d0c91f5a3',
    298,
    'fc69c5bb9754cf00404dfbf1ca4c42426b9dc476c88bbf96c68cf70c355f8ca4',
  ],
  [
    () => new Uint8Array(1_048_576),
    '30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58',
    8,
    '1e671fe124cea35586b1d1c30b9d4fc6b4e05ee60c93406986444f7c23d54056',
  ],
  [
    () => ramp(1_048_576),
    'fbbab289f7f94b25736c58be46a994c441fd02552cc6022352e3d86d2fab7c83',
    8,
    '64ced0eb807e8cdd2a45f3766c186f2e59106b04f97b3c4dee241ce52bebc779',
  ],
  [
    () => lcg(8_191, 9),
    '2c973fdb9c6da04a5ba7464ff02195c4fba0f202735344d05b62f2cda3451bcd',
    1,
    'a457b6b59cc5d9d62c4bab85de4c628ab85dc340d08170f0a72f8b783af1dda1',
  ],
  [
    () => lcg(8_192, 9),
    'f6f0fa16468c3a705d2d1bde6446a4817a934fbaef3771c09328a3ded310ad9c',
    1,
    '7b75a8ede25bee4371efacbd01bbf94f6d743c90850230f049f3f2434319fd3c',
  ],
  [
    () => lcg(8_193, 9),
    '8612d3d3067265faf7a4b6f66e2a42bc43c1a612fc1fb46a4e6ec4a43193a171',
    1,
    'e111fdd70731de87204584e39fc52b2f794bea0ff41f3091ea143594941d2e1c',
  ],
  [
    () => lcg(131_071, 9),
    '88b59c80b1f89c20f473fdd8b377433e51d1b733c10dd44dec3ae4dbc1eb4845',
    4,
    '75afd273e249f30d7b5607dfb4cf5a55d42266df2faa6879715ebff518bae20a',
  ],
  [
    () => lcg(131_072, 9),
    'd13c02b42dfc8e7318d87884d8042b62f4fb19b6571cbcc9db79d33b59c6520c',
    4,
    '2d8075c7afd84da01bb0563ca9705d1446173cf2120a5c46b322e962c3825396',
  ],
  [
    () => lcg(131_073, 9),
    '9acd085e55b53922f9014d13786155c3f5dda5ceea8707a77227329e08f12897',
    4,
    '35d1200a770f585160d19eb3dad76b958663da9f320545107b695de974ac3359',
  ],
]

void test('files have the chunks and the hashes of the vectors', () => {
  for (const [make, digest, count, hash] of files) {
    const file = make()
    assert.equal(sha256(file), digest, 'the input is that of the vector')
    const leaves = leavesOf(chunksOf(file))
    assert.equal(leaves.length, count, digest)
    assert.equal(fileHashOf(leaves), hash, digest)
  }
})

void test('chunks have the lengths of the vectors', () => {
  assert.deepEqual(lengthsOf(lcg(100_000, 1)), [18_142, 81_858])
  assert.deepEqual(
    lengthsOf(lcg(1_000_000, 1)),
    [
      18142, 131072, 86715, 131072, 38801, 131072, 12932, 30978, 131072, 35063, 29513, 131072,
      19907, 13708, 58881,
    ],
  )
  const five = lengthsOf(lcg(5_000_000, 1))
  assert.equal(
    sha256(five.join(',')),
    'b969e89c641624cdcdc73d154dd86d3414b0bf79deebcae3edf7a8a6cac124a3',
  )
  assert.equal(Math.min(...five), 8776)
  assert.equal(five.filter((length) => length === 131_072).length, 15)
  const twenty = lengthsOf(lcg(20_000_000, 1))
  assert.equal(
    sha256(twenty.join(',')),
    '046eceb6f18edf8ad11c7ff3ba519f6a0c6f4ebc18b747393d8a201069e27bcd',
  )
  assert.equal(Math.min(...twenty), 8212)
  assert.deepEqual(lengthsOf(lcg(131_072, 9)), [50_481, 31_667, 44_756, 4168])
  for (const file of [new Uint8Array(1_048_576), ramp(1_048_576)]) {
    assert.deepEqual(
      lengthsOf(file),
      Array.from({ length: 8 }, () => 131_072),
    )
  }
})

void test('a match before the minimum does not count', () => {
  const lengths = lengthsOf(lcg(5_000_000, 1))
  assert.equal(lengths.length, 75)
  assert.equal(
    lengths.slice(0, 19).reduce((sum, length) => sum + length, 0),
    1_386_495,
  )
  assert.equal(lengths[19], 64_582)
})

void test('the JavaScript client cuts at such a match', () => {
  const file = lcg(5_000_000, 1)
  const theirs = getChunks(file).map((chunk) => chunk.length)
  assert.equal(theirs.length, 80)
  assert.deepEqual(theirs.slice(19, 21), [8128, 56_454])
  assert.deepEqual(theirs.slice(0, 19), lengthsOf(file).slice(0, 19))
})

void test('the rule, byte by byte, cuts at the same places', () => {
  const file = lcg(3_000_000, 42)
  const ends = naiveEnds(file)
  assert.deepEqual(
    endsOf(file, () => file.length),
    ends,
  )
  assert.deepEqual(
    endsOf(file, () => file.length, scanPlain),
    ends,
  )
})

/** Runs of 64 bytes, of which the last one matches whatever comes before them, and no other. */
const matchingRuns = (): Uint8Array[] => {
  const random = lcg(1_000_000, 21)
  const state = new Uint32Array(2)
  const runs: Uint8Array[] = []
  for (let last = 0; ;) {
    const at = scanPlain(random, last, random.length, state)
    if (at === 0) return runs
    if (at - last > 64) runs.push(random.subarray(at - 64, at))
    last = at
  }
}

void test('a match counts from the 8,192nd byte on, and all of the 64 bytes before it do', () => {
  const runs = matchingRuns()
  assert.ok(runs.length > 8)
  // Its table entry matches by itself: the loops meet it before matches count.
  const early = gearTable.findIndex((word) => word >> 48n === 0n)
  for (const run of runs) {
    for (const length of [8128, 8190, 8191, 8192, 8193, 8194, 8224, 8255, 8256, 8257]) {
      const file = new Uint8Array(length + 100)
      file.set(run, length - 64)
      if (length >= 8192) file[8127] = early
      const ends = naiveEnds(file)
      assert.equal(ends[0], length < 8192 ? file.length : length)
      for (const scan of [undefined, scanPlain]) {
        for (const size of [file.length, 8127, 8191, 1000, 7]) {
          assert.deepEqual(
            endsOf(file, () => size, scan),
            ends,
            `${length} in slices of ${size}`,
          )
        }
      }
    }
  }
})

void test('a match on the last byte of the largest chunk cuts once', () => {
  const [run] = matchingRuns()
  assert.ok(run !== undefined)
  for (const length of [131_071, 131_072, 131_073]) {
    const file = new Uint8Array(131_072 + 9000)
    file.set(run, length - 64)
    const ends = naiveEnds(file)
    assert.equal(ends[0], Math.min(length, 131_072))
    for (const scan of [undefined, scanPlain]) {
      assert.deepEqual(
        endsOf(file, () => file.length, scan),
        ends,
      )
    }
  }
})

void test('how a stream is sliced does not matter, to either loop', () => {
  const file = lcg(1_500_000, 3)
  const whole = endsOf(file, () => file.length)
  const steps = lcg(100_000, 4)
  for (const scan of [undefined, scanPlain]) {
    for (const size of [1, 63, 64, 65, 8126, 8127, 8128, 8191, 8192, 8193, 131_072, 262_145]) {
      // A call a byte is slow, and shows it all in less.
      const part = size < 8 ? file.subarray(0, 300_000) : file
      const expected = part === file ? whole : endsOf(part, () => part.length)
      assert.deepEqual(
        endsOf(part, () => size, scan),
        expected,
        `${size}`,
      )
    }
    let at = 0
    const next = (): number => {
      at = (at + 1) % steps.length
      const odd = steps[at] ?? 0
      return odd < 40 ? 1 + (odd & 7) : odd * 173
    }
    for (let round = 0; round < 5; round += 1) {
      assert.deepEqual(endsOf(file, next, scan), whole, `round ${round}`)
    }
  }
})

void test('pushing nothing changes nothing', () => {
  const cutter = makeCutter()
  assert.deepEqual(cutter.push(new Uint8Array()), [])
  assert.equal(cutter.openBytes(), 0)
  const file = lcg(100_000, 1)
  assert.deepEqual(cutter.push(file.subarray(0, 50)), [])
  assert.deepEqual(cutter.push(new Uint8Array()), [])
  assert.equal(cutter.openBytes(), 50)
  assert.deepEqual(cutter.push(file.subarray(50)), [18_092])
  assert.equal(cutter.openBytes(), 81_858)
})

void test('cutters that take turns do not disturb each other', () => {
  const one = lcg(700_000, 5)
  const two = lcg(700_000, 6)
  const cutters = [makeCutter(), makeCutter()]
  const ends: number[][] = [[], []]
  for (let at = 0; at < one.length; at += 10_007) {
    ;[one, two].forEach((file, i) => {
      const found = cutters[i]?.push(file.subarray(at, at + 10_007)) ?? []
      ends[i]?.push(...found.map((end) => at + end))
    })
  }
  assert.deepEqual(
    ends.map((list, i) => [...list, 700_000 - (cutters[i]?.openBytes() ?? 0)]),
    [one, two].map((file) => {
      const all = naiveEnds(file)
      return [...all.slice(0, -1), all.at(-2)]
    }),
  )
})

void test('both inner loops find what gearhash-jit finds', () => {
  const file = lcg(3_000_000, 11)
  const module = openCutterModule()
  assert.ok(module !== undefined)
  const state = new Uint32Array(2)
  const oracle = new Hasher(0xffff000000000000n)
  let at = 0
  while (at < file.length) {
    const rest = file.subarray(at, at + inputBytesMax)
    const expected = Math.max(0, oracle.nextMatch(rest))
    module.memory.set(rest, inputAt)
    const found = module.scan(inputAt, inputAt + rest.length)
    assert.equal(found === 0 ? 0 : found - inputAt, expected)
    assert.equal(scanPlain(rest, 0, rest.length, state), expected)
    const words = new Uint32Array(Uint8Array.from(oracle.hash).buffer)
    assert.deepEqual([...state], [...words])
    assert.deepEqual([...module.state], [...words])
    at += expected === 0 ? rest.length : expected
  }
})

void test('where WebAssembly is missing, the other loop does the work', async () => {
  const kept = globalThis.WebAssembly
  const file = lcg(700_000, 8)
  const expected = naiveEnds(file)
  // A module of its own, which has not found WebAssembly before.
  const copy = new URL('cutter.ts?bare', import.meta.url).href
  // A cast because it is the module that is imported above.
  const bare = (await import(copy)) as { makeCutter: typeof makeCutter }
  try {
    Reflect.deleteProperty(globalThis, 'WebAssembly')
    assert.equal(openCutterModule(), undefined)
    const cutter = bare.makeCutter()
    assert.deepEqual([...cutter.push(file), file.length], expected)
    assert.equal(cutter.openBytes(), file.length - (expected.at(-2) ?? 0))
  } finally {
    globalThis.WebAssembly = kept
  }
})

void test('data without a match is cut at the maximum, however often', () => {
  const cutter = makeCutter()
  const ends = cutter.push(new Uint8Array(10 * 131_072 + 5))
  assert.deepEqual(
    ends,
    Array.from({ length: 10 }, (_, i) => (i + 1) * 131_072),
  )
  assert.equal(cutter.openBytes(), 5)
})
