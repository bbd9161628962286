/** Each rule bites where it should, and lets be what is right. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls } from './calls.ts'
import { unreached, unusedExports } from './reach.ts'
import { docstrings, doors, fileLinesMax, headers, lengths } from './shape.ts'
import { makeSource, type Rule } from './source.ts'
import { browserSafe, walls } from './walls.ts'

const server = 'packages/server/src/'

const findings = (rule: Rule, files: Readonly<Record<string, string>>): string[] =>
  rule(Object.entries(files).map(([path, text]) => makeSource(path, text))).map(
    ({ path, line }) => `${path}:${line}`,
  )

/** What one import statement in one file comes to. */
const imports = (from: string, statement: string): boolean =>
  findings(walls, { [from]: `${statement}\n` }).length === 0

const forbidden: readonly [from: string, statement: string][] = [
  [`${server}core/content/index.ts`, `import { makeRefs } from '../refs/index.ts'`],
  [`${server}core/refs/index.ts`, `import { linkOf } from '../content/content.sql.ts'`],
  [`${server}core/refs/index.ts`, `import { sendFile } from '#doors/kit/send-file.ts'`],
  [`${server}core/refs/index.ts`, `import { openDiskStore } from '#drivers/bytes/disk/index.ts'`],
  [`${server}core/refs/index.ts`, `import { openSqlite } from '#db/connect.ts'`],
  [`${server}core/refs/index.ts`, `import type { X } from '#db/dialect/sqlite.ts'`],
  [`${server}core/refs/index.ts`, `import fastify from 'fastify'`],
  [`${server}core/refs/index.ts`, `import { sql } from 'kysely'`],
  [`${server}core/kernel/ids.ts`, `import type { Refs } from '../refs/index.ts'`],
  [`${server}core/ports/byte-store.ts`, `import type { Schema } from '#db/schema.ts'`],
  [`${server}doors/hf/tree.ts`, `import { makeTrees } from '#core/refs/tree.ts'`],
  [`${server}doors/hf/tree.ts`, `import { lfsStatus } from '../lfs/errors.ts'`],
  [`${server}doors/hf/tree.ts`, `import type { Database } from '#db/connect.ts'`],
  [`${server}doors/hf/tree.ts`, `import { DatabaseSync } from 'node:sqlite'`],
  [`${server}doors/kit/range.ts`, `import { hfStatus } from '../hf/errors.ts'`],
  [`${server}drivers/bytes/disk/index.ts`, `import { makeMemoryStore } from '../memory/index.ts'`],
  [`${server}drivers/bytes/disk/index.ts`, `import { makeContent } from '#core/content/index.ts'`],
  [`${server}db/connect.ts`, `import { makeContent } from '#core/content/index.ts'`],
  [`${server}config/config.ts`, `import { makeContent } from '#core/content/index.ts'`],
  [`${server}house.ts`, `import { openDevHouse } from '@weighhouse/testkit/dev-house.ts'`],
  ['packages/formats/src/git/tree.ts', `import { x } from '@weighhouse/server/core/kernel/ids.ts'`],
  ['packages/cli/src/repos.ts', `import { openHouse } from '@weighhouse/server/house.ts'`],
]

for (const [from, statement] of forbidden) {
  void test(`walls: ${from} may not ${statement}`, () =>
    assert.equal(imports(from, statement), false))
}

const allowed: readonly [from: string, statement: string][] = [
  [`${server}core/refs/index.ts`, `import { makeContent } from '../content/index.ts'`],
  [`${server}core/refs/index.ts`, `import * as sql from './refs.sql.ts'`],
  [`${server}core/refs/index.ts`, `import type { Database } from '#db/connect.ts'`],
  [`${server}core/refs/refs.sql.ts`, `import { sql } from 'kysely'`],
  [`${server}doors/hf/tree.ts`, `import type { Entry } from '#core/hub.ts'`],
  [`${server}doors/hf/tree.ts`, `import { parseRange } from '../kit/range.ts'`],
  [`${server}doors/server.ts`, `import { hfDoor } from './hf/index.ts'`],
  [`${server}house.ts`, `import { openDiskStore } from '#drivers/bytes/disk/index.ts'`],
  ['packages/cli/src/repos.ts', `import type { House } from '@weighhouse/server/house.ts'`],
  [
    `${server}core/refs/index.test.ts`,
    `import { openDevHouse } from '@weighhouse/testkit/dev-house.ts'`,
  ],
]

for (const [from, statement] of allowed) {
  void test(`walls: ${from} may ${statement}`, () => assert.equal(imports(from, statement), true))
}

void test('walls: an import of several lines is seen', () => {
  const text = `import {\n  a,\n  b,\n} from '#doors/kit/range.ts'\n`
  assert.deepEqual(findings(walls, { [`${server}core/refs/x.ts`]: text }), [
    `${server}core/refs/x.ts:1`,
  ])
})

void test('formats are safe for browsers', () => {
  const text = `import { createHash } from 'node:crypto'\n`
  assert.equal(findings(browserSafe, { 'packages/formats/src/a.ts': text }).length, 1)
  assert.equal(findings(browserSafe, { [`${server}core/a.ts`]: text }).length, 0)
})

const banned: readonly [path: string, line: string][] = [
  [`${server}core/a/index.ts`, 'const now = Date.now()'],
  [`${server}core/a/index.ts`, 'setTimeout(go, 10)'],
  [`${server}core/a/index.ts`, 'const id = randomBytes(8)'],
  [`${server}core/a/index.ts`, "db.selectFrom('repo')"],
  [`${server}core/a/index.ts`, 'reply.status(404)'],
  [`${server}doors/a/index.ts`, 'const port = process.env.PORT'],
  [`${server}doors/a/index.ts`, 'source.pipe(target)'],
  [`${server}doors/a/index.ts`, 'const all = Buffer.concat(chunks)'],
  [`${server}doors/a/index.ts`, 'console.log(1)'],
  ['packages/cli/src/a.ts', 'const x: any = 1'],
]

for (const [path, line] of banned) {
  void test(`calls: ${line}, in ${path}`, () => {
    assert.deepEqual(findings(calls, { [path]: `${line}\n` }), [`${path}:1`])
    assert.deepEqual(findings(calls, { [path]: `// ${line}\n` }), [], 'in a comment it is none')
  })
}

void test('calls: what is right is let be', () => {
  const right = {
    [`${server}config/env.ts`]: 'const source = process.env\n',
    [`${server}core/a/a.sql.ts`]: "db.selectFrom('repo')\n",
    [`${server}doors/a/index.ts`]: 'Buffer.concat(parts) // bounded: one line\n',
    [`${server}drivers/time/system.ts`]: 'Date.now()\n',
    [`${server}core/a/index.test.ts`]: 'Date.now()\n',
  }
  assert.deepEqual(findings(calls, right), [])
})

void test('lengths: a file over the bound is found', () => {
  const path = `${server}core/a/index.ts`
  assert.deepEqual(findings(lengths, { [path]: '\n'.repeat(fileLinesMax) }), [])
  assert.equal(findings(lengths, { [path]: '\n'.repeat(fileLinesMax + 1) }).length, 1)
})

void test('headers and docstrings are due where others lean', () => {
  const face = `${server}core/refs/index.ts`
  assert.equal(findings(headers, { [face]: 'export const a = 1\n' }).length, 1)
  assert.equal(findings(headers, { [face]: '/** What for. */\nexport const a = 1\n' }).length, 0)
  const codec = 'packages/formats/src/a.ts'
  assert.equal(findings(docstrings, { [codec]: 'export const parseA = 1\n' }).length, 1)
  assert.equal(
    findings(docstrings, { [codec]: '/** Reads. */\nexport const parseA = 1\n' }).length,
    0,
  )
})

void test('a door without its error table or its page is found', () => {
  const missing = findings(doors, { [`${server}doors/oci/index.ts`]: '' })
  assert.deepEqual(missing, [`${server}doors/oci/errors.ts:1`, `${server}doors/oci/README.md:1`])
})

void test('files nobody imports and exports nobody uses are found', () => {
  const files = {
    [`${server}core/a.ts`]: `import { used } from './b.ts'\nused()\n`,
    [`${server}core/b.ts`]: 'export const used = () => 1\nexport const alone = 2\n',
    [`${server}core/c.ts`]: '\n',
  }
  assert.deepEqual(findings(unreached, files), [`${server}core/a.ts:1`, `${server}core/c.ts:1`])
  assert.deepEqual(findings(unusedExports, files), [`${server}core/b.ts:2`])
})
