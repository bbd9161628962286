import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Declared, declaredLicence, declaredParents, parentsMax } from './card.ts'
import { lineageCountMax, lineageDepthMax, type Tie, walkLineage } from './lineage.ts'

const shown = (declared: Declared): string => {
  if (declared.kind === 'none') return 'none'
  return declared.kind === 'expression' ? declared.text : `unclear: ${declared.found}`
}

void test('the licence of a card', () => {
  for (const [card, expected] of [
    [{}, 'none'],
    [{ license: null }, 'none'],
    [{ license: '' }, 'none'],
    [{ license: 7 }, 'none'],
    [{ license: 'apache-2.0' }, 'Apache-2.0'],
    [{ license: 'openrail++' }, 'LicenseRef-OpenRAIL-PP-M'],
    [{ license: 'MIT OR Apache-2.0' }, 'MIT OR Apache-2.0'],
    [{ license: ['apache-2.0', 'llama3.1'] }, 'Apache-2.0 AND LicenseRef-Llama-3.1'],
    [{ license: ['MIT OR ISC', 'gemma'] }, '(MIT OR ISC) AND LicenseRef-Gemma'],
    [{ license: ['mit', 'gpl'] }, 'unclear: gpl'],
    [{ license: 'gpl' }, 'unclear: gpl'],
    [{ license: 'unknown' }, 'unclear: unknown'],
    [{ license: 'my own words' }, 'unclear: my own words'],
    [{ license: 'other' }, 'unclear: other'],
    [{ license: 'other', license_name: 'lab terms' }, 'unclear: other (lab terms)'],
    [
      { license: 'other', license_name: 'lab terms', license_link: 'LICENSE' },
      'LicenseRef-lab-terms',
    ],
    [{ license: 'other', license_name: 'exaone-nc' }, 'LicenseRef-EXAONE-NC'],
    [{ license: 'other', license_name: '??', license_link: 'LICENSE' }, 'unclear: other (??)'],
  ] as const) {
    assert.equal(shown(declaredLicence(card)), expected, JSON.stringify(card))
  }
})

void test('what a card says a model was made from', () => {
  const { parents } = declaredParents({
    base_model: ['a/x', 'b/y', 'a/x'],
    base_model_license: ['mit', 'gemma'],
    datasets: 'c/z',
  })
  assert.deepEqual(parents, [
    { type: 'model', name: 'a/x', relation: 'merge', licence: 'mit' },
    { type: 'model', name: 'b/y', relation: 'merge', licence: 'gemma' },
    { type: 'dataset', name: 'c/z', relation: 'trained-on', licence: undefined },
  ])
  const one = declaredParents({ base_model: 'a/x', base_model_relation: 'distilled' })
  assert.equal(one.parents[0]?.relation, 'distilled')
  assert.equal(
    declaredParents({ base_model: 'a/x', base_model_relation: 'cousin' }).parents[0]?.relation,
    'finetune',
  )
  const many = Array.from({ length: parentsMax + 1 }, (_, i) => `a/${i}`)
  assert.deepEqual(
    [
      declaredParents({ base_model: many }).parents.length,
      declaredParents({ base_model: many }).isCut,
    ],
    [parentsMax, true],
  )
})

const none: Declared = { kind: 'none' }
const walk = (ties: Readonly<Record<string, readonly Tie[]>>) =>
  walkLineage(
    'root',
    (key) => ties[key] ?? [],
    (name) => ({ name, declared: none, isOwn: false }),
  )

const tie = (parent: string, relation: Tie['relation'] = 'finetune'): Tie => ({ parent, relation })

void test('lineage is walked to its end, and no further', () => {
  const plain = walk({
    root: [tie('a', 'quantized')],
    a: [tie('b'), tie('d', 'trained-on')],
    b: [tie('c', 'distilled')],
  })
  assert.deepEqual(
    plain.ancestors.map(({ name, relation, depth }) => `${name} ${relation} ${depth}`),
    ['a quantized 1', 'b quantized 2', 'd trained-on 2', 'c distilled 3'],
  )
  assert.deepEqual([plain.isCyclic, plain.isCut], [false, false])
  const circle = walk({ root: [tie('a')], a: [tie('b')], b: [tie('root')] })
  assert.deepEqual([circle.isCyclic, circle.isCut, circle.ancestors.length], [true, false, 2])
  const itself = walk({ root: [tie('root')] })
  assert.deepEqual([itself.isCyclic, itself.ancestors.length], [true, 0])
  const above = walk({ root: [tie('a')], a: [tie('b')], b: [tie('a')] })
  assert.deepEqual([above.isCyclic, above.isCut, above.ancestors.length], [false, false, 2])
})

void test('lineage without end is cut, and says so', () => {
  const deep: Record<string, Tie[]> = { root: [tie('0')] }
  for (let i = 0; i < lineageDepthMax + 5; i += 1) deep[`${i}`] = [tie(`${i + 1}`)]
  assert.deepEqual([walk(deep).isCut, walk(deep).ancestors.length], [true, lineageDepthMax])
  const wide = { root: Array.from({ length: lineageCountMax + 1 }, (_, i) => tie(`p${i}`)) }
  assert.deepEqual([walk(wide).isCut, walk(wide).ancestors.length], [true, lineageCountMax])
})
