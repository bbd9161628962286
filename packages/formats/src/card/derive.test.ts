import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DerivedFacts, deriveRepoFacts, type RepoSigns } from './derive.ts'

const derive = (signs: Partial<RepoSigns>): DerivedFacts =>
  deriveRepoFacts({ type: 'model', card: {}, cardBody: '', paths: [], ...signs })

void test('an empty repo has no facts', () => {
  assert.deepEqual(derive({}), { tags: [], baseModels: [], languages: [], datasets: [] })
})

void test('a fine-tuned model gets the tags that the Hugging Face Hub would show', () => {
  const facts = derive({
    card: {
      license: 'apache-2.0',
      language: ['en', 'de'],
      base_model: 'org/base',
      datasets: ['org/data'],
      tags: ['chat'],
    },
    cardBody: 'See https://arxiv.org/abs/2307.09288 and https://arxiv.org/pdf/2307.09288v2.',
    paths: ['README.md', 'config.json', 'model-00001-of-00002.safetensors'],
    config: { architectures: ['LlamaForCausalLM'], model_type: 'llama' },
  })
  assert.equal(facts.libraryName, 'transformers')
  assert.equal(facts.pipelineTag, 'text-generation')
  assert.equal(facts.license, 'apache-2.0')
  assert.deepEqual(facts.baseModels, ['org/base'])
  assert.deepEqual(facts.languages, ['en', 'de'])
  assert.deepEqual(facts.datasets, ['org/data'])
  assert.deepEqual(
    facts.tags.toSorted(),
    [
      'arxiv:2307.09288',
      'base_model:finetune:org/base',
      'base_model:org/base',
      'chat',
      'dataset:org/data',
      'de',
      'en',
      'license:apache-2.0',
      'llama',
      'safetensors',
      'text-generation',
      'transformers',
    ].toSorted(),
  )
})

void test('the library follows from the files', () => {
  const cases: [string, string | undefined][] = [
    ['model_index.json', 'diffusers'],
    ['adapter_config.json', 'peft'],
    ['modules.json', 'sentence-transformers'],
    ['open_clip_config.json', 'open_clip'],
    ['model.keras', 'keras'],
    ['a.nemo', 'nemo'],
    ['x/Q4.GGUF', 'gguf'],
    ['onnx/model.onnx', 'onnx'],
    ['x.mlpackage/Manifest.json', 'coreml'],
    ['x/modules.json', undefined],
    ['README.md', undefined],
  ]
  for (const [path, library] of cases)
    assert.equal(derive({ paths: [path] }).libraryName, library, path)
})

void test('what the card says is never overruled', () => {
  const facts = derive({
    card: {
      library_name: 'own',
      pipeline_tag: 'own-task',
      base_model_relation: 'merge',
      base_model: 'o/b',
    },
    paths: ['model_index.json', 'x.gguf'],
    config: { architectures: ['BertForMaskedLM'] },
  })
  assert.equal(facts.libraryName, 'own')
  assert.equal(facts.pipelineTag, 'own-task')
  assert.deepEqual(facts.tags.slice(0, 2), ['own', 'own-task'])
  assert.ok(facts.tags.includes('base_model:merge:o/b'))
})

void test('the task follows from the tags, or from the architecture', () => {
  assert.equal(derive({ card: { tags: ['x', 'fill-mask'] } }).pipelineTag, 'fill-mask')
  const cases: [string, string | undefined][] = [
    ['GPT2LMHeadModel', 'text-generation'],
    ['BertForMaskedLM', 'fill-mask'],
    ['BertForSequenceClassification', 'text-classification'],
    ['RobertaForTokenClassification', 'token-classification'],
    ['DistilBertForQuestionAnswering', 'question-answering'],
    ['ViTForImageClassification', 'image-classification'],
    ['DetrForObjectDetection', 'object-detection'],
    ['SegformerForSemanticSegmentation', 'image-segmentation'],
    ['WhisperForConditionalGeneration', 'automatic-speech-recognition'],
    ['Wav2Vec2ForCTC', 'automatic-speech-recognition'],
    ['MarianMTModel', 'translation'],
    ['CLIPModel', 'zero-shot-image-classification'],
    ['BertModel', 'feature-extraction'],
    ['Mystery', undefined],
  ]
  for (const [name, task] of cases) {
    assert.equal(derive({ config: { architectures: [name] } }).pipelineTag, task, name)
  }
  const config = { architectures: ['Qwen2VLForConditionalGeneration'], vision_config: {} }
  assert.equal(derive({ config }).pipelineTag, 'image-text-to-text')
})

void test('how a model came from its base follows from its files', () => {
  const relation = (signs: Partial<RepoSigns>, base: unknown = 'o/b'): string | undefined =>
    derive({ card: { base_model: base }, ...signs }).tags.find((tag) => /:.*:/.test(tag))
  assert.equal(relation({}), 'base_model:finetune:o/b')
  assert.equal(relation({ paths: ['adapter_config.json'] }), 'base_model:adapter:o/b')
  assert.equal(relation({ paths: ['x.gguf'] }), 'base_model:quantized:o/b')
  assert.equal(relation({ config: { quantization_config: {} } }), 'base_model:quantized:o/b')
  assert.equal(relation({}, ['o/a', 'o/b']), 'base_model:merge:o/a')
})

void test('a dataset gets tags of its own kind, and no library or task', () => {
  const facts = derive({
    type: 'dataset',
    card: {
      license: 'mit',
      language: 'en',
      task_categories: ['text-generation'],
      size_categories: ['1K<n<10K'],
      library_name: 'x',
      pipeline_tag: 'x',
    },
    paths: ['data.parquet', 'x.safetensors'],
  })
  assert.equal(facts.libraryName, undefined)
  assert.equal(facts.pipelineTag, undefined)
  assert.deepEqual(facts.tags.toSorted(), [
    'language:en',
    'license:mit',
    'size_categories:1K<n<10K',
    'task_categories:text-generation',
  ])
})

void test('values of the wrong type are passed over, and lists are bounded', () => {
  const facts = derive({
    card: {
      license: 3,
      language: { a: 1 },
      tags: [
        1,
        null,
        ' ',
        ' x ',
        'x',
        'y'.repeat(1000),
        ...Array.from({ length: 2000 }, (_, i) => `t${i}`),
      ],
      base_model: [null, 'o/b'],
    },
    config: { architectures: 'LlamaForCausalLM', model_type: [1] },
  })
  assert.equal(facts.license, undefined)
  assert.deepEqual(facts.languages, [])
  assert.deepEqual(facts.baseModels, ['o/b'])
  assert.equal(facts.tags.filter((tag) => tag === 'x').length, 1)
  assert.ok(facts.tags.length <= 500)
  assert.ok(facts.tags.every((tag) => tag.trim() !== '' && tag.length < 500))
})
