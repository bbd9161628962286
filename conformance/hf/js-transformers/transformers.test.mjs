import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { AutoConfig, AutoTokenizer, env, pipeline } from '@huggingface/transformers'
import { embeddingModel } from './onnx.mjs'

const url = process.env.CONFORMANCE_URL
const repo = 'alice/tiny-bert-js'
const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'weigh', 'the', 'model', 'house']
const hidden = 4

env.remoteHost = `${url}/`
env.allowLocalModels = false
env.cacheDir = `${process.env.CONFORMANCE_WORK}/cache`

const post = async (path, body, type = 'application/json') => {
  const headers = { authorization: `Bearer ${process.env.CONFORMANCE_ALICE}`, 'content-type': type }
  const answer = await fetch(url + path, { method: 'POST', headers, body })
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`)
}

const tokenizerJson = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: words.slice(0, 5).map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
  },
}

const config = {
  model_type: 'bert',
  architectures: ['BertModel'],
  hidden_size: hidden,
  vocab_size: words.length,
}
const table = words.flatMap((_, row) =>
  Array.from({ length: hidden }, (__, column) => row * 10 + column),
)

before(async () => {
  await post('/api/repos/create', JSON.stringify({ name: 'tiny-bert-js', organization: 'alice' }))
  const files = {
    'config.json': JSON.stringify(config),
    'tokenizer.json': JSON.stringify(tokenizerJson),
    'tokenizer_config.json': JSON.stringify({
      tokenizer_class: 'BertTokenizer',
      model_max_length: 512,
    }),
    'onnx/model.onnx': embeddingModel(table, words.length, hidden),
  }
  const lines = [{ key: 'header', value: { summary: 'A tiny model' } }]
  for (const [path, content] of Object.entries(files)) {
    lines.push({
      key: 'file',
      value: { path, encoding: 'base64', content: Buffer.from(content).toString('base64') },
    })
  }
  const body = lines.map((line) => JSON.stringify(line)).join('\n')
  await post(`/api/models/${repo}/commit/main`, body, 'application/x-ndjson')
})

test('a configuration', async () => {
  assert.equal((await AutoConfig.from_pretrained(repo)).model_type, 'bert')
})

test('a tokenizer', async () => {
  const tokenizer = await AutoTokenizer.from_pretrained(repo)
  assert.deepEqual(tokenizer.encode('weigh the model'), [2, 5, 6, 7, 3])
})

test('a model runs', async () => {
  const extract = await pipeline('feature-extraction', repo, { dtype: 'fp32' })
  const output = await extract('the house')
  assert.deepEqual(output.dims, [1, 4, hidden])
  assert.deepEqual(
    [...output.data],
    [2, 6, 8, 3].flatMap((row) => table.slice(row * hidden, (row + 1) * hidden)),
  )
})

test('a revision by name', async () => {
  assert.equal((await AutoConfig.from_pretrained(repo, { revision: 'main' })).hidden_size, hidden)
})

test('what is not there is said so', async () => {
  await assert.rejects(
    AutoConfig.from_pretrained('alice/no-such-model'),
    /401|Unauthorized|could not|not found/i,
  )
})
