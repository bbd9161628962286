/** Tensors as a table. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterTensors, groupTensors, type TensorRow } from './tensors.ts'

const tensor = (name: string, dtype = 'BF16', shape = [2, 3]): TensorRow => ({
  name,
  dtype,
  shape,
  beginBytes: 0,
  sizeBytes: 12,
})

const some = [
  tensor('model.embed.weight'),
  tensor('model.layers.0.self_attn.q_proj.weight'),
  tensor('model.layers.10.self_attn.q_proj.weight', 'F32'),
  tensor('model.layers.0.mlp.weight'),
  tensor('norm.weight', 'F32', []),
]

void test('filters by name, star and dtype', () => {
  const names = (filter: string) => filterTensors(some, filter).map(({ name }) => name)
  assert.equal(names('').length, 5)
  assert.deepEqual(names('layers.*.q_proj'), [some[1]?.name, some[2]?.name])
  assert.deepEqual(names('dtype:f32 q_proj'), [some[2]?.name])
  assert.deepEqual(names('nothing'), [])
})

void test('layers are gathered, the rest stays in its place', () => {
  const groups = groupTensors(some).map(
    ({ name, tensors, values }) => `${name}:${tensors.length}:${values}`,
  )
  assert.deepEqual(groups, [':1:6', 'model.layers.0:2:12', 'model.layers.10:1:6', ':1:1'])
})
