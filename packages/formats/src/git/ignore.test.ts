import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isIgnored, parseIgnore } from './ignore.ts'

const check = (text: string, yes: readonly string[], no: readonly string[]): void => {
  const rules = parseIgnore(text)
  for (const path of yes) assert.ok(isIgnored(rules, path), `${text} should ignore ${path}`)
  for (const path of no) assert.ok(!isIgnored(rules, path), `${text} should not ignore ${path}`)
}

/** The verdicts of this file are those of `git check-ignore`. */
void test('a name alone is ignored in every folder, and all below it', () => {
  check('*.log\n', ['a.log', 'x/y/a.log', 'a.log/x'], ['a.logs', 'log'])
  check('cache\n', ['cache', 'x/cache', 'cache/a/b', 'x/cache/a'], ['cached', 'xcache/a'])
})

void test('a slash at the start or within ties a pattern to the top', () => {
  check('/a\n', ['a', 'a/b'], ['x/a'])
  check('x/a\n', ['x/a', 'x/a/b'], ['y/x/a', 'a'])
  check('x/*.log\n', ['x/a.log'], ['x/y/a.log'])
})

void test('a slash at the end means folders only', () => {
  check('cache/\n', ['cache/a', 'x/cache/a'], ['cache', 'x/cache'])
  check('x/cache/\n', ['x/cache/a'], ['x/cache', 'y/x/cache/a'])
})

void test('two stars cross folders', () => {
  check('**/a\n', ['a', 'x/a', 'x/y/a'], ['xa'])
  check('x/**\n', ['x/a', 'x/y/a'], ['x', 'y/x/a'])
  check('x/**/a\n', ['x/a', 'x/y/a', 'x/y/z/a'], ['xa', 'x/b'])
})

void test('an exclamation mark takes a path back, in the order of the lines', () => {
  check('*.log\n!keep.log\n', ['a.log'], ['keep.log', 'x/keep.log'])
  check('!keep.log\n*.log\n', ['keep.log'], [])
  check('*\n!*.md\n', ['a'], ['a.md'])
})

void test('a file cannot be taken back when its folder is ignored', () => {
  check('cache\n!cache/keep\n', ['cache/keep'], [])
  check('cache/*\n!cache/keep\n', ['cache/a'], ['cache/keep'])
})

void test('comments, empty lines and the slash alone ignore nothing', () => {
  check('# a\n\n   \n/\n!\n#b\n', [], ['a', '# a', '#b', 'x/y'])
  check('', [], ['a'])
})

void test('a backslash keeps signs at the start and a space at the end', () => {
  check('\\#a\n\\!b\n', ['#a', '!b'], ['a', 'b', '\\#a'])
  check('a  \nb\\  \n c\n', ['a', 'b ', ' c'], ['a ', 'b', 'c'])
  // Here the backslash is itself escaped, so the space goes.
  check('a\\\\ \n', ['a\\'], ['a\\ ', 'a '])
  check('a\\\\\\ \n', ['a\\ '], ['a\\'])
})

void test('lines may end as on Windows and the text begin with a byte order mark', () => {
  check('\ufeffa\r\nb/ \r\n', ['a', 'b/x'], ['b', 'a\r'])
})

void test('a pattern that never closes ignores nothing', () => {
  check('a[\n[!\nb\\\nc\n', ['c'], ['a[', 'a', 'b', 'b\\'])
})

void test('long lines and many lines take no time', () => {
  const start = performance.now()
  check(`${' '.repeat(1_000_000)}x\n${'\\'.repeat(1_000_000)} \na\n`, ['a'], ['x'])
  assert.ok(parseIgnore('a\n'.repeat(100_000)).length <= 20_000)
  // A bound on hanging, not on speed: machines are busy.
  assert.ok(performance.now() - start < 60_000)
})
