/** Lists by their address. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facetsOf, narrowings, readWish, toggleTag, writeWish } from './search.ts'

void test('the parameters of the public hub are understood', () => {
  const wish = readWish('model', {
    pipeline_tag: 'text-generation',
    library: 'transformers',
    license: 'mit',
    search: 'x y',
    sort: 'likes',
  })
  assert.deepEqual(wish.tags, ['text-generation', 'transformers', 'license:mit'])
  assert.equal(wish.sort, 'likes')
  assert.equal(readWish('model', { sort: 'nonsense' }).sort, 'lastModified')
})

void test('what is written is read back, and the plain list has a plain address', () => {
  const wish = toggleTag(
    toggleTag(readWish('model', { gated: 'true', author: 'acme' }), 'a'),
    'license:mit',
  )
  const address = writeWish(wish)
  assert.deepEqual(readWish('model', Object.fromEntries(new URLSearchParams(address))), wish)
  assert.deepEqual(toggleTag(wish, 'a').tags, ['license:mit'])
  assert.equal(writeWish(readWish('model', {})), '')
})

void test('all that narrows a list can be left out alone', () => {
  const wish = readWish('model', {
    search: 'x',
    author: 'acme',
    other: 'license:mit,en',
    gated: 'true',
    num_parameters: 'min:1B',
  })
  assert.deepEqual(
    narrowings(wish).map(({ label, without }) => `${label}: ${writeWish(without)}`),
    [
      'the words “x”: ?author=acme&other=license%3Amit%2Cen&gated=true&num_parameters=min%3A1B',
      'acme: ?search=x&other=license%3Amit%2Cen&gated=true&num_parameters=min%3A1B',
      'mit: ?search=x&author=acme&other=en&gated=true&num_parameters=min%3A1B',
      'en: ?search=x&author=acme&other=license%3Amit&gated=true&num_parameters=min%3A1B',
      'ask first: ?search=x&author=acme&other=license%3Amit%2Cen&num_parameters=min%3A1B',
      'parameters from 1B: ?search=x&author=acme&other=license%3Amit%2Cen&gated=true',
    ],
  )
  assert.deepEqual(narrowings(readWish('model', {})), [])
})

void test('tags are sorted into facets', () => {
  const counts = [
    'license:mit',
    'text-generation',
    'en',
    'safetensors',
    'odd',
    'arxiv:1',
    'base_model:finetune:a/b',
    'base_model:a/b',
  ].map((tag) => ({ tag, count: 1 }))
  const names = facetsOf(counts, (tag) => tag === 'text-generation').map(
    ({ name, values }) => `${name}:${values.map((one) => one.label).join()}`,
  )
  assert.deepEqual(names, [
    'Task:text-generation',
    'Licence:mit',
    'Format:safetensors',
    'Language:en',
    'Base model:a/b',
    'Other:odd',
  ])
})
