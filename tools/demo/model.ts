/** A real small model: a bag-of-words text classifier with weights, configuration, vocabulary and card. */
import { formatSafetensorsHead } from '@weighhouse/formats/safetensors/header.ts'

const words = ['[UNK]', 'clear', 'lesion', 'shadow', 'normal', 'opaque', 'healthy', 'nodule']
const labels = ['follow-up', 'no finding']
const width = 256
const hidden = 8192

/** The same numbers each time, spread like small random weights. */
const weights = (count: number, seed: number): Float32Array => {
  const values = new Float32Array(count)
  let state = seed
  for (let i = 0; i < count; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    values[i] = (state / 2 ** 32 - 0.5) * 0.2
  }
  return values
}

const tensor = (name: string, shape: number[], seed: number) => {
  const count = shape.reduce((product, size) => product * size, 1)
  return { name, dtype: 'F32' as const, shape, data: new Uint8Array(weights(count, seed).buffer) }
}

const card = `---
license: apache-2.0
library_name: safetensors
pipeline_tag: text-classification
language: en
tags: [demo, bag-of-words]
---
# Report triage

Sorts short radiology reports into *${labels.join('* and *')}*. A demonstration: ${words.length} words, untrained weights.
`

export interface ModelFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** Its files, ready to be pushed. A fine-tuned version has another head on the same body. */
export const makeModel = ({ isFineTuned = false } = {}): ModelFile[] => {
  const headSeed = isFineTuned ? 100 : 4
  const tensors = [
    tensor('embedding.weight', [words.length, width], 1),
    tensor('hidden.weight', [hidden, width], 2),
    tensor('hidden.bias', [hidden], 3),
    tensor('classifier.weight', [labels.length, hidden], headSeed),
    tensor('classifier.bias', [labels.length], headSeed + 1),
  ]
  const head = formatSafetensorsHead(tensors, { format: 'pt' })
  const parts = [head, ...tensors.map(({ data }) => data)]
  const text = (content: string): Uint8Array => new TextEncoder().encode(content)
  const config = {
    model_type: 'bag-of-words',
    architectures: ['BagOfWordsForSequenceClassification'],
    vocab_size: words.length,
    hidden_size: width,
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
  }
  return [
    { path: 'README.md', bytes: text(card) },
    { path: 'config.json', bytes: text(`${JSON.stringify(config, null, 2)}\n`) },
    { path: 'vocab.txt', bytes: text(`${words.join('\n')}\n`) },
    { path: 'model.safetensors', bytes: Buffer.concat(parts) },
  ]
}
