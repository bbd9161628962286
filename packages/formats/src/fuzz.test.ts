/** Random and broken bytes: every parser returns or throws FormatError, soon. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deriveRepoFacts } from './card/derive.ts'
import { parseCardData } from './card/front-matter.ts'
import { parseSha256 } from './digest/digest.ts'
import { FormatError } from './error.ts'
import { ggufSummary, parseGgufHeader } from './gguf/header.ts'
import { attributeLine, isLfsTracked, parseAttributes } from './git/attributes.ts'
import { joinBytes, toBytes, toText } from './git/bytes.ts'
import { commitBody, commitTitle, formatCommit, parseCommit } from './git/commit.ts'
import { parseHeaders } from './git/headers.ts'
import { isIgnored, parseIgnore } from './git/ignore.ts'
import { pathProblem } from './git/path.ts'
import { refNameProblem, shortNameProblem } from './git/ref-name.ts'
import { formatSignature, parseSignature } from './git/signature.ts'
import { formatTag, parseTag } from './git/tag.ts'
import { formatTree, parseTree } from './git/tree.ts'
import { matchesWildcard, parseWildcard } from './git/wildmatch.ts'
import { parsePointer } from './lfs/pointer.ts'
import {
  formatSafetensorsHead,
  headerLengthOf,
  parameterCounts,
  parseSafetensorsHeader,
} from './safetensors/header.ts'
import { scanJson } from './safetensors/json.ts'

/** A linear congruential generator: small, and the same everywhere. */
const makeRandom = (seed: number) => {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256))
  return { below, bytes }
}
type Random = ReturnType<typeof makeRandom>

const interesting = [0x00, 0x0a, 0x20, 0x22, 0x2a, 0x2d, 0x2f, 0x3a, 0x5b, 0x5c, 0x5d, 0x7f, 0xff]

const mutate = (random: Random, valid: Uint8Array): Uint8Array => {
  let bytes = valid
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const at = random.below(bytes.length + 1)
    const end = Math.min(bytes.length, at + random.below(12))
    const part = bytes.subarray(at, end)
    const odd = interesting[random.below(interesting.length)] ?? 0
    const replacements = [
      Uint8Array.of(odd),
      Uint8Array.of(random.below(256)),
      random.bytes(random.below(9)),
      new Uint8Array(random.below(9)).fill(odd),
      joinBytes([part, part]),
      joinBytes([part, Uint8Array.of(odd), part, part]),
      new Uint8Array(),
    ]
    const replacement = replacements[random.below(replacements.length)] ?? part
    const rest = random.below(12) === 0 ? new Uint8Array() : bytes.subarray(end)
    bytes = joinBytes([bytes.subarray(0, at), replacement, rest])
  }
  return bytes
}

const oid = 'ce013625030ba8dba906f756967f9e9ca394464a'
const who = 'author Zoë <z@x> 1700000000 +0530\ncommitter A <a@b> 1 -0330\n'
const commit = `tree ${oid}\nparent ${oid}\n${who}gpgsig a\n \n b\n\nTitle\nmore\n\nBody\n`
const path = 'data/.git/a*[b].bin'
const patterns =
  '*.bin filter=lfs -text\n"a b/**/[[:alpha:]-]?" filter=lfs\n!x/\n\\#a[!]a-z]\\ \n/**/y/*\n'

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}${oid.slice(0, 24)}\nsize 12345\n`

const safetensors = formatSafetensorsHead(
  [
    { name: 'a', dtype: 'F32', shape: [2, 1], data: new Uint8Array(8) },
    { name: 'é', dtype: 'U8', shape: [], data: new Uint8Array(1) },
  ],
  { format: 'pt' },
)

/** Alignment, an array of texts and two tensors. */
const gguf = (() => {
  const number = (value: number, size: number): Uint8Array =>
    Uint8Array.from({ length: size }, (_, i) => (i < 4 ? (value >>> (8 * i)) & 0xff : 0))
  const text = (value: string): Uint8Array => joinBytes([number(value.length, 8), toBytes(value)])
  const tensor = (name: string, dim: number, type: number, offset: number): Uint8Array =>
    joinBytes([text(name), number(1, 4), number(dim, 8), number(type, 4), number(offset, 8)])
  return joinBytes([
    toBytes('GGUF'),
    number(3, 4),
    number(2, 8),
    number(3, 8),
    joinBytes([text('general.alignment'), number(4, 4), number(32, 4)]),
    joinBytes([text('tokenizer.ggml.tokens'), number(9, 4), number(8, 4), number(2, 8)]),
    joinBytes([text('<s>'), text('</s>')]),
    joinBytes([text('tokenizer.ggml.bos_token_id'), number(4, 4), number(1, 4)]),
    tensor('a', 64, 2, 0),
    tensor('b', 3, 0, 64),
  ])
})()

const card = `---
license: mit
tags: [a, &x b, *x]
base_model:
- o/b
"pipeline_tag": 'fill-mask'
model-index:
- name: m
  results:
  - task: {type: t}
    metrics: [{value: 1.5}]
text: |
  two
---
# Title arxiv.org/abs/2307.09288
`

interface Target {
  readonly valid: Uint8Array
  readonly run: (bytes: Uint8Array) => void
  /** Bytes of a long run: enough that time in their square shows, unless said otherwise. */
  readonly runBytes?: number
}

const onText =
  (run: (text: string) => void): Target['run'] =>
  (bytes) =>
    run(toText(bytes))

const targets: Readonly<Record<string, Target>> = {
  tree: {
    valid: joinBytes([
      toBytes('100644 a\0'),
      new Uint8Array(20).fill(5),
      toBytes('40000 é\0'),
      new Uint8Array(20).fill(9),
    ]),
    run: (bytes) => {
      const entries = parseTree(bytes)
      const byName = (tree: typeof entries): typeof entries =>
        tree.toSorted((a, b) => (a.name < b.name ? -1 : 1))
      assert.deepEqual(byName(parseTree(formatTree(entries))), byName(entries))
    },
  },
  commit: {
    valid: toBytes(commit),
    run: (bytes) => {
      const parsed = parseCommit(bytes)
      // What we write can be read, and then no more changes.
      const again = parseCommit(formatCommit(parsed))
      assert.deepEqual(parseCommit(formatCommit(again)), again)
      assert.equal(again.message, parsed.message)
      assert.deepEqual(again.parents, parsed.parents)
    },
  },
  tag: {
    valid: toBytes(`object ${oid}\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n\nm\n`),
    run: (bytes) => {
      const parsed = parseTag(bytes)
      const again = parseTag(formatTag(parsed))
      assert.deepEqual([again.object, again.name], [parsed.object, parsed.name])
    },
  },
  commitMessage: {
    valid: toBytes('\n Title \nmore\n \nBody\n'),
    run: onText((text) => {
      assert.doesNotMatch(commitTitle(text), /\n/)
      assert.ok(text.includes(commitBody(text)))
    }),
  },
  headers: { valid: toBytes(commit), run: (bytes) => void parseHeaders(bytes) },
  signature: {
    valid: toBytes('Zoë <z@x> 1700000000 +0530'),
    run: onText((text) => {
      const signature = parseSignature(text)
      assert.ok(Number.isFinite(new Date(signature.atMs).getTime()))
      assert.doesNotMatch(formatSignature(signature), /[\n\0]/)
    }),
  },
  path: { valid: toBytes(path), run: onText((text) => void pathProblem(text)) },
  refName: {
    valid: toBytes('refs/heads/a@b.c'),
    run: onText((text) => {
      refNameProblem(text)
      shortNameProblem(text)
      parseSha256(text)
    }),
  },
  wildmatch: {
    valid: toBytes('a/**/[[:alpha:]!a-z\\]]*?/**'),
    run: onText((text) => {
      const wildcard = parseWildcard(text)
      if (wildcard !== undefined) matchesWildcard(wildcard, path)
    }),
  },
  attributes: {
    valid: toBytes(patterns),
    run: onText((text) => {
      isLfsTracked(parseAttributes(text), path)
      if (pathProblem(text) === undefined && text.length < 500) {
        assert.ok(isLfsTracked(parseAttributes(attributeLine(text)), text), attributeLine(text))
      }
    }),
  },
  attributeLine: {
    valid: toBytes('x y/"a*[b]?!#\\.bin'),
    run: onText((text) => {
      // A line of more than 2048 bytes is read neither by git nor by us.
      if (pathProblem(text.replaceAll('\\', '')) !== undefined || text.length > 400) return
      const rules = parseAttributes(attributeLine(text))
      assert.ok(isLfsTracked(rules, text), attributeLine(text))
      assert.ok(!isLfsTracked(rules, `${text}x`), attributeLine(text))
    }),
  },
  ignore: {
    valid: toBytes(patterns),
    run: onText((text) => void isIgnored(parseIgnore(text), path)),
  },
  pointer: { valid: toBytes(pointer), run: (bytes) => void parsePointer(bytes) },
  safetensorsLength: { valid: safetensors.slice(0, 8), run: (bytes) => void headerLengthOf(bytes) },
  safetensors: {
    valid: safetensors.slice(8),
    run: (bytes) => {
      const header = parseSafetensorsHeader(bytes)
      parameterCounts(header)
      const end = header.tensors.at(-1)?.end ?? 0
      parseSafetensorsHeader(bytes, 8 + bytes.length + end)
    },
  },
  json: {
    valid: toBytes('{"a":[1,"\\u00e9\\n",true,null,{"b":{}}],"__proto__":0}'),
    run: onText((text) => {
      scanJson(text)
      // What is taken here is JSON to everybody.
      JSON.parse(text)
    }),
  },
  gguf: {
    valid: gguf,
    run: (bytes) => {
      const header = parseGgufHeader(bytes)
      if (header !== 'need_more') assert.ok(ggufSummary(header).total >= 0)
    },
  },
  card: {
    valid: toBytes(card),
    // The YAML parser takes its time, in proportion.
    runBytes: 20_000,
    run: onText((text) => {
      const { data, errors } = parseCardData(text)
      assert.deepEqual(JSON.parse(JSON.stringify(data)), data)
      assert.ok(errors.length < 100)
      deriveRepoFacts({ type: 'model', card: data, cardBody: text, paths: [text], config: data })
    }),
  },
}

/** Far above what any input takes even on a busy machine: beyond it a reader hangs. */
const slowMs = 60_000

const show = (bytes: Uint8Array): string =>
  bytes.length > 1000
    ? `${show(bytes.subarray(0, 1000))}… (${bytes.length})`
    : Buffer.from(bytes).toString('hex')

/** A failure names what is needed to see it again. */
const attempt = (name: string, seed: number, target: Target, bytes: Uint8Array): boolean => {
  const start = performance.now()
  let isRead = true
  try {
    target.run(bytes)
  } catch (error) {
    isRead = false
    if (!(error instanceof FormatError)) {
      throw new Error(`${name}, seed ${seed}, bytes ${show(bytes)}`, { cause: error })
    }
  }
  const ms = performance.now() - start
  assert.ok(ms < slowMs, `${name}, seed ${seed}: ${ms} ms for the bytes ${show(bytes)}`)
  return isRead
}

for (const [name, target] of Object.entries(targets)) {
  void test(`random and mutated bytes do no harm to ${name}`, () => {
    assert.ok(
      attempt(name, 0, target, target.valid),
      'the input that mutations start from is valid',
    )
    for (let seed = 1; seed <= 3000; seed += 1) {
      const random = makeRandom(seed * 2_654_435)
      attempt(name, seed, target, random.bytes(random.below(200)))
      attempt(name, seed, target, mutate(random, target.valid))
      attempt(name, seed, target, mutate(random, mutate(random, target.valid)))
    }
  })
  void test(`long runs and repetitions do not slow ${name} down`, () => {
    for (const odd of [...interesting, 0x09, 0x0d, 0x2e, 0x2c, 0x30, 0x3c, 0x7b]) {
      const run = new Uint8Array(target.runBytes ?? 100_000).fill(odd)
      attempt(name, 0, target, run)
      const middle = Math.floor(target.valid.length / 2)
      for (const at of [0, middle, target.valid.length]) {
        const parts = [target.valid.subarray(0, at), run, toBytes('x'), target.valid.subarray(at)]
        attempt(name, 0, target, joinBytes(parts))
      }
    }
    attempt(name, 0, target, joinBytes(Array.from({ length: 50 }, () => target.valid)))
  })
}
