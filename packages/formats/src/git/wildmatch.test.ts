import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesWildcard, parseWildcard } from './wildmatch.ts'

const matches = (pattern: string, text: string): boolean => {
  const wildcard = parseWildcard(pattern)
  return wildcard !== undefined && matchesWildcard(wildcard, text)
}

type Case = readonly [pattern: string, matching: readonly string[], others: readonly string[]]

const check = (cases: readonly Case[]): void => {
  for (const [pattern, matching, others] of cases) {
    for (const text of matching) assert.ok(matches(pattern, text), `${pattern} against ${text}`)
    for (const text of others) assert.ok(!matches(pattern, text), `${pattern} not against ${text}`)
  }
}

/** The verdicts here and below are those of git's own wildmatch tests for paths, and of `git check-attr`. */
void test('plain text, questions and stars', () => {
  check([
    ['foo', ['foo'], ['bar', 'fo', 'fooo', '']],
    ['', [''], ['a']],
    ['???', ['foo'], ['fo', 'fooo', 'f/o']],
    ['*', ['foo', ''], ['foo/bar']],
    ['f*', ['foo', 'f'], ['of', 'f/']],
    ['*foo*', ['foo', 'xfoox'], ['fo/o']],
    ['*ob*a*r*', ['foobar'], ['foobra']],
    ['*ab', ['aaaaaaabababab'], ['aaaaaaabababa']],
    ['b*a', [], ['aaabbb']],
    ['*ba*', [], ['aabcaa']],
    ['@foo', ['@foo'], ['foo']],
    ['*X*i', ['abcXdefXghi'], ['ab/cXd/efXg/hi']],
    [']', [']'], ['[']],
  ])
})

void test('a star does not cross a slash, and two stars between slashes do', () => {
  check([
    ['foo*bar', ['foobar', 'foobazbar'], ['foo/baz/bar']],
    ['foo**bar', ['foobazbar'], ['foo/baz/bar']],
    ['foo/**/bar', ['foo/bar', 'foo/baz/bar', 'foo/b/a/z/bar'], ['foobar', 'foo/barx', 'xfoo/bar']],
    ['foo/**/**/bar', ['foo/bar', 'foo/baz/bar', 'foo/b/a/z/bar'], ['foo/baz/barx']],
    ['foo?bar', [], ['foo/bar']],
    ['**/foo', ['foo', 'XXX/foo', 'bar/baz/foo'], ['barfoo', 'bar/xfoo']],
    ['*/foo', ['bar/foo'], ['foo', 'bar/baz/foo']],
    ['**/bar*', ['bar', 'x/barx'], ['foo/bar/baz']],
    ['**/bar/*', ['deep/foo/bar/baz', 'bar/x'], ['deep/foo/bar/baz/', 'deep/foo/bar']],
    ['**/bar/**', ['deep/foo/bar/baz/', 'deep/foo/bar/', 'bar/x'], ['deep/foo/bar']],
    ['*/bar/**', ['foo/bar/baz/x'], ['deep/foo/bar/baz/x']],
    ['**/bar/*/*', ['deep/foo/bar/baz/x'], ['bar/x']],
    ['foo/**', ['foo/bba/arr', 'foo/x'], ['foo', 'foox']],
    ['foo/**arr', ['foo/barr'], ['foo/bba/arr']],
    ['**', ['', 'a', 'a/b/c'], []],
    ['***', ['', 'a', 'a/b/c'], []],
    ['**/**/**', ['foo/bb/aa/rr'], []],
    ['*/*/*', ['foo/bba/arr'], ['foo', 'foo/bar', 'foo/bb/aa/rr']],
    ['**/*X*/**/*i', ['ab/cXd/efXg/hi'], ['ab/cd/efg/hi']],
    ['**/*a*b*g*n*t', ['abcd/abcdefg/abcdefghijk/abcdefghijklmnop.txt'], ['ab/abgn.txtz']],
    ['**/t[o]', ['foo/bar/baz/to', 'to'], ['foo/tx']],
  ])
})

void test('bracket expressions', () => {
  check([
    ['t[a-g]n', ['ten'], ['tin']],
    ['t[!a-g]n', ['ton'], ['ten']],
    ['t[^a-g]n', ['ton'], ['ten']],
    ['**[!te]', ['ten'], ['tent']],
    ['a[]]b', ['a]b'], ['ab', 'a[b']],
    ['a[]-]b', ['a-b', 'a]b'], ['aab']],
    ['a[]a-]b', ['aab', 'a-b', 'a]b'], ['abb']],
    ['[!]-]', ['a'], [']', '-']],
    ['[]-a]', ['^', ']', 'a'], ['[']],
    ['[!]-a]', ['['], ['^']],
    ['[a-e-n]', ['-', 'b', 'n'], ['j']],
    ['[--A]', ['-', '5', 'A'], ['B', ',']],
    ['[ --]', [' ', '$', '-'], ['0']],
    ['[---]', ['-'], ['a']],
    ['[!------]', ['a'], ['-']],
    ['[a^bc]', ['^', 'a'], ['d']],
    ['[a-]b]', ['-b]', 'ab]'], ['bb]']],
    ['[,-.]', ['-', ',', '.'], ['+', '-.]']],
    ['[b-a]', ['b'], ['a']],
    ['foo[/]bar', [], ['foo/bar']],
    ['foo[^a-z]bar', ['foo-bar'], ['foo/bar']],
    ['[[]ab]', ['[ab]'], ['ab]']],
  ])
})

void test('character classes', () => {
  check([
    ['[[:alpha:]][[:digit:]][[:upper:]]', ['a1B'], ['a1b', '11B']],
    ['[[:digit:][:upper:][:space:]]', ['A', '1', ' '], ['a', '.']],
    ['[[:digit:][:punct:][:space:]]', ['.', '~', '!'], ['a', '/']],
    ['[[:xdigit:]]', ['5', 'f', 'D'], ['g']],
    ['[^[:alnum:][:blank:][:cntrl:]]', ['.', '_'], ['5', ' ', '\t', '\x7f']],
    ['[[:graph:]]', ['!', '~', 'a'], [' ', '\n', 'é', '/']],
    ['[[:print:]]', [' ', 'a'], ['\n', '\x7f']],
    ['[[:cntrl:]]', ['\n', '\x7f', '\0'], [' ', 'a']],
    ['[[:lower:]]', ['a'], ['A']],
    ['[a-c[:digit:]x-z]', ['5', 'b', 'y'], ['q']],
    // A class must be known and closed; what merely begins like one is characters.
    ['[[:digit:][:upper:][:spaci:]]', [], ['1', 'A']],
    ['[![:nope:]]', [], ['x']],
    ['[[:constructor:]]', [], ['c']],
    ['[[:]ab]', ['[ab]', ':ab]'], ['ab]']],
    ['[[::]ab]', [], ['[ab]', ':ab]']],
    ['[[:digit]ab]', ['[ab]', 'dab]'], ['5ab]']],
  ])
})

void test('a backslash makes the next character plain, also inside brackets', () => {
  check([
    ['foo\\*', ['foo*'], ['foox', 'foo\\*']],
    ['f\\\\oo', ['f\\oo'], ['foo']],
    ['\\[ab]', ['[ab]'], ['a']],
    ['\\??\\?b', ['?a?b'], ['xa?b']],
    ['\\a\\b\\c', ['abc'], ['\\a\\b\\c']],
    ['*/\\\\', ['XXX/\\'], ['XXX/']],
    ['[\\\\-^]', [']', '\\', '^'], ['[']],
    ['[\\-_]', ['-', '_'], ['\\']],
    ['[\\]]', [']'], ['\\]', '\\']],
    ['[A-\\\\]', ['G', '\\'], [']']],
    ['[\\1-\\3]', ['2', '3'], ['4', '\\']],
    ['[[-\\]]', ['\\', '[', ']'], ['-']],
    ['[!\\\\]', ['a'], ['\\']],
  ])
})

void test('a pattern that never closes can match nothing', () => {
  for (const pattern of [
    'a[]b',
    'ab[',
    '[!',
    '[-',
    '[a-',
    '[!a-',
    '[\\]',
    '\\',
    '*/\\',
    '[[:digit:]',
  ]) {
    assert.equal(parseWildcard(pattern), undefined, pattern)
  }
})

void test('no pattern is slow', () => {
  const start = performance.now()
  assert.equal(matches(`${'*a'.repeat(200)}b`, 'a'.repeat(4000)), false)
  assert.equal(matches(`${'**/'.repeat(200)}b`, 'a/'.repeat(2000)), false)
  assert.equal(matches('[[:'.repeat(5000), 'a'), false)
  // A bound on hanging, not on speed: machines are busy.
  assert.ok(performance.now() - start < 60_000)
})
