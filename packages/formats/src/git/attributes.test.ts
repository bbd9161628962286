import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributeLine, defaultAttributes, isLfsTracked, parseAttributes } from './attributes.ts'

const tracked = (text: string, path: string): boolean => isLfsTracked(parseAttributes(text), path)

const check = (text: string, yes: readonly string[], no: readonly string[]): void => {
  for (const path of yes) assert.ok(tracked(text, path), `${text} should cover ${path}`)
  for (const path of no) assert.ok(!tracked(text, path), `${text} should not cover ${path}`)
}

void test('a pattern without a slash matches names in every folder', () => {
  check('*.bin filter=lfs\n', ['a.bin', 'x/y/a.bin', '.bin'], ['a.bin/x', 'a.bins', 'abin'])
})

void test('a pattern with a slash matches from the top', () => {
  check('data/*.bin filter=lfs\n', ['data/a.bin'], ['x/data/a.bin', 'data/x/a.bin'])
  check('/a.bin filter=lfs\n', ['a.bin'], ['x/a.bin'])
  check('saved_model/**/* filter=lfs\n', ['saved_model/a', 'saved_model/x/y'], ['saved_model'])
  // A folder's own name says nothing about what is in it, unlike in .gitignore.
  check('data filter=lfs\n', ['data', 'x/data'], ['data/a'])
  check('data/ filter=lfs\n', [], ['data', 'data/a'])
})

void test('the last line that matches decides, and the last word of a line', () => {
  check('*.bin filter=lfs\nsmall.bin -filter\n', ['a.bin'], ['small.bin', 'x/small.bin'])
  check('a.bin !filter\n*.bin filter=lfs\n', ['a.bin'], [])
  check('*.bin filter=lfs\n*.bin filter=other\n', [], ['a.bin'])
  check('*.bin filter=lfs\n*.bin text\n*.bin -text diff\n', ['a.bin'], [])
  check('*.bin -filter filter=lfs\n*.pt filter=lfs -filter\n', ['a.bin'], ['a.pt'])
  check('*.bin filter\n', [], ['a.bin'])
  check('*.bin filter=lfsx xfilter=lfs\n', [], ['a.bin'])
})

void test('comments, empty lines, negative patterns and patterns alone are passed over', () => {
  const text = '# *.a filter=lfs\n\n!*.b filter=lfs\n"!*.e" filter=lfs\n*.c\n[ filter=lfs\n'
  check(`${text}\t *.d  diff=lfs \t filter=lfs \r\n`, ['x.d'], ['x.a', 'x.b', '!x.e', 'x.c'])
  assert.equal(parseAttributes('').length, 0)
})

void test('a quoted pattern may hold spaces, escapes and bytes in octal', () => {
  check('"a b.bin" filter=lfs\n', ['a b.bin', 'x/a b.bin'], ['a', 'b.bin'])
  check('"say \\"hi\\".bin" filter=lfs\n', ['say "hi".bin'], ['say hi.bin'])
  check('"\\303\\251\\tx.bin" filter=lfs\n', ['é\tx.bin'], ['303251tx.bin'])
  check('"a\\\\*b c" filter=lfs\n', ['a*b c'], ['axb c'])
})

void test('only ASCII blanks end a pattern', () => {
  check('a\u00a0b.bin filter=lfs\n', ['a\u00a0b.bin'], ['a'])
  check('a\tfilter=lfs\n', ['a'], [])
})

void test('a byte order mark before the first line is no part of it', () => {
  check('\ufeff*.bin filter=lfs\n', ['a.bin'], [])
})

void test('a line for a path covers this path and no other', () => {
  const paths = [
    'a.bin',
    'x/a.bin',
    'a b.bin',
    'a*b',
    'axb',
    'a?b',
    '[a]',
    'a',
    'a\\b',
    '!a',
    '#a',
    '"a"',
    'a"',
    '" [*]?\\ "',
    'é\u00a0ü',
    ' a ',
    '\u{1f600}',
    "it's",
    'a]',
    '-a',
    '{a,b}',
  ]
  for (const path of paths) {
    const rules = parseAttributes(`${attributeLine(path)}\n`)
    const found = paths.filter((other) => isLfsTracked(rules, other))
    assert.deepEqual(found, [path], attributeLine(path))
    assert.equal(isLfsTracked(rules, `deeper/${path}`), false, path)
  }
})

/** Each of these was put to `git check-attr`, which took it for exactly its path. */
void test('lines for paths are spelled so that git reads them', () => {
  const attributes = 'filter=lfs diff=lfs merge=lfs -text'
  assert.equal(attributeLine('a.bin'), `/a.bin ${attributes}`)
  assert.equal(attributeLine('x/a*.bin'), `/x/a\\*.bin ${attributes}`)
  assert.equal(attributeLine('a b'), `"/a b" ${attributes}`)
  assert.equal(attributeLine('a"\\ ?'), `"/a\\"\\\\\\\\ \\\\?" ${attributes}`)
})

void test('a new repo tracks weights, and a new dataset media too', () => {
  for (const type of ['model', 'dataset', 'space', 'kernel'] as const) {
    const weights = [
      'model.safetensors',
      'x/y.gguf.bin',
      'saved_model/v/w',
      'a.tar.gz',
      'e.parquet',
    ]
    check(defaultAttributes(type), weights, ['README.md', 'config.json', 'a.txt', '.gitattributes'])
  }
  check(defaultAttributes('dataset'), ['a.png', 'x/b.wav'], ['a.csv'])
  check(defaultAttributes('model'), [], ['a.png', 'x/b.wav'])
})

void test('too many or too long lines are not read', () => {
  const long = `${'x'.repeat(5000)} filter=lfs\n`
  check(`${long}a filter=lfs\n`, ['a'], ['x'.repeat(5000)])
  assert.ok(parseAttributes('*.a filter=lfs\n'.repeat(100_000)).length <= 20_000)
})
