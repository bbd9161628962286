import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCard, parseCardData, splitCard } from './front-matter.ts'

const card = (yaml: string): string => `---\n${yaml}\n---\n# Title\n`
const dataOf = (yaml: string): Record<string, unknown> => {
  const { data, errors } = parseCardData(card(yaml))
  assert.deepEqual(errors, [], yaml)
  return data
}
const refused = (yaml: string, about: RegExp): void => {
  const { errors } = checkCard(card(yaml), 'model')
  assert.ok(
    errors.some((error) => about.test(error)),
    `${yaml}: ${JSON.stringify(errors)}`,
  )
}

void test('front matter is what stands between the first two lines of dashes', () => {
  assert.deepEqual(splitCard('---\na: 1\n---\nbody\n'), { yaml: 'a: 1\n', body: 'body\n' })
  assert.deepEqual(splitCard('---\r\na: 1\r\n---\r\nbody'), { yaml: 'a: 1\r\n', body: 'body' })
  assert.deepEqual(splitCard('\ufeff\n--- \na: 1\n---'), { yaml: 'a: 1\n', body: '' })
  assert.deepEqual(splitCard('---\n---\nb'), { yaml: '', body: 'b' })
  assert.deepEqual(splitCard('---\na: x---y\n---\n---\n'), { yaml: 'a: x---y\n', body: '---\n' })
})

void test('a text without both lines is all body', () => {
  for (const text of [
    '',
    '# Title\n',
    '---',
    '---\na: 1\n',
    'x\n---\na: 1\n---\n',
    '----\na\n---\n',
  ]) {
    assert.deepEqual(splitCard(text), { yaml: undefined, body: text })
  }
})

void test('values come as plain JSON, by the core rules of YAML 1.2', () => {
  const data = dataOf(`license: mit
language: [en, no]
base_model:
- org/a
- org/b
score: 1.5
on: yes
when: 2024-01-02
not: .nan
text: |
  two
  lines
`)
  assert.deepEqual(data, {
    license: 'mit',
    language: ['en', 'no'],
    base_model: ['org/a', 'org/b'],
    score: 1.5,
    on: 'yes',
    when: '2024-01-02',
    not: null,
    text: 'two\nlines\n',
  })
})

void test('a card without metadata is only warned about', () => {
  for (const text of ['', '# Title', '---\n---\n', '---\n\n---\n']) {
    const { data, errors, warnings } = parseCardData(text)
    assert.deepEqual([data, errors, warnings.length], [{}, [], 1], JSON.stringify(text))
  }
})

void test('what is no YAML mapping is an error that says where', () => {
  refused('a: [1', /not valid YAML.*line \d+, column \d+/)
  refused('a: 1\nb: 2\na: 3', /unique.*line 3, column 1/)
  refused('a: {b: 1, "b": 2}', /unique/)
  refused('a: b: c', /not valid YAML/)
  refused('\t- x\n  y: "', /not valid YAML/)
  refused('- a\n- b', /key: value/)
  refused('just text', /key: value/)
  refused('a: *nobody', /not valid YAML/)
})

void test('keys with a meaning in JavaScript do no harm', () => {
  const data = dataOf('__proto__:\n  polluted: true\nconstructor: x')
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
  assert.deepEqual(Object.keys(data).toSorted(), ['__proto__', 'constructor'])
})

void test('fields that clients read have the type they expect', () => {
  refused('license: 1', /"license" should be/)
  refused('language:\n- en\n- false', /"language" should be/)
  refused('tags: {a: b}', /"tags" should be/)
  refused('pipeline_tag: [a]', /"pipeline_tag" should be/)
  refused('library_name: 3', /"library_name" should be/)
  assert.deepEqual(dataOf('tags:\nlicense: null'), { tags: null, license: null })
})

void test('evaluation results have the shape that clients read', () => {
  const good = `model-index:
- name: m
  results:
  - task: {type: text-generation}
    dataset: {name: d, type: d}
    metrics: [{type: acc, value: 1.5}]
`
  assert.deepEqual(checkCard(card(good), 'model'), { errors: [], warnings: [] })
  refused('model-index: x', /"model-index" should be/)
  refused('model-index:\n- results: x', /model-index\[0\]\.results" should be/)
  refused(good.replace(/ {2}- task.*\n {4}d/, '  - d'), /results\[0\]\.task" is required/)
  refused(good.replace(/dataset: .*/, 'dataset: d'), /results\[0\]\.dataset" is required/)
  refused(good.replace(/metrics: .*/, 'metrics: 3'), /results\[0\]\.metrics" should be/)
})

void test('what a reader would miss is a warning and no error', () => {
  const warned = (yaml: string, kind: 'model' | 'dataset'): number => {
    const { errors, warnings } = checkCard(card(yaml), kind)
    assert.deepEqual(errors, [])
    return warnings.length
  }
  assert.equal(warned('pipeline_tag: mind-reading', 'model'), 1)
  assert.equal(warned('pipeline_tag: text-generation', 'model'), 0)
  assert.equal(warned('base_model_relation: cousin', 'model'), 1)
  assert.equal(warned('base_model_relation: quantized', 'model'), 0)
  assert.equal(warned('license: other', 'dataset'), 1)
  assert.equal(warned('license: other\nlicense_name: ours', 'dataset'), 0)
})

void test('hostile metadata ends in an error, soon', () => {
  const bomb = Array.from(
    { length: 20 },
    (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
  )
  const texts = [
    `a0: &a0 [x,x]\n${bomb.join('\n')}`,
    '['.repeat(100_000),
    `[${','.repeat(200_000)}]`,
    '"'.repeat(200_000),
    'a: 1\n'.repeat(20_000),
    '{'.repeat(100_000),
    `a: ${'x'.repeat(1_000_000)}`,
  ]
  for (const text of texts) {
    const start = performance.now()
    const { data, errors } = parseCardData(card(text))
    assert.deepEqual(data, {})
    assert.ok(errors.length > 0 && errors.length <= 20)
    // A bound on hanging, not on speed: machines are busy.
    assert.ok(performance.now() - start < 60_000, text.slice(0, 20))
  }
})

void test('many different keys take no time in their square', () => {
  const start = performance.now()
  dataOf(Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n'))
  // A bound on hanging, not on speed: machines are busy.
  assert.ok(performance.now() - start < 60_000)
})
