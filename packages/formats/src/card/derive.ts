/** Tags, library and task of a repo, from its card and the names of its files. What the card says is never overruled. */
import type { RepoKind } from './front-matter.ts'
import { isPipelineTag, taskOfArchitecture } from './pipeline-tags.ts'

export interface RepoSigns {
  readonly type: RepoKind
  /** Front matter. */
  readonly card: Readonly<Record<string, unknown>>
  /** The card without its front matter. */
  readonly cardBody: string
  readonly paths: readonly string[]
  /** Parsed `config.json`. */
  readonly config?: Readonly<Record<string, unknown>>
}

export interface DerivedFacts {
  /** Without duplicates, the card's own first. */
  readonly tags: string[]
  readonly libraryName?: string
  readonly pipelineTag?: string
  readonly license?: string
  readonly baseModels: string[]
  readonly languages: string[]
  readonly datasets: string[]
}

const tagsMax = 500
const tagCharsMax = 200
const bodyCharsRead = 500_000

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value])
    .filter((one): one is string => typeof one === 'string')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one.length <= tagCharsMax)

const text = (value: unknown): string | undefined => texts(value)[0]

/** Files and the library they belong to, most specific first. */
const libraryByFile: readonly (readonly [RegExp, string])[] = [
  [/^(modular_)?model_index\.json$/, 'diffusers'],
  [/\.dduf$/, 'diffusers'],
  [/^adapter_config\.json$/, 'peft'],
  [/^config_setfit\.json$/, 'setfit'],
  [/^(modules|config_sentence_transformers)\.json$/, 'sentence-transformers'],
  [/^open_clip_config\.json$/, 'open_clip'],
  [/^gliner_config\.json$/, 'gliner'],
  [/^mlc-chat-config\.json$/, 'mlc-llm'],
  [/^hyperparams\.yaml$/, 'speechbrain'],
  [/\.nemo$/, 'nemo'],
  [/\.keras$/, 'keras'],
  [/^sklearn_model\.joblib$|\.skops$/, 'sklearn'],
]

const libraryByFormat: readonly (readonly [RegExp, string])[] = [
  [/\.gguf$/i, 'gguf'],
  [/\.(mlpackage|mlmodel)(\/|$)/, 'coreml'],
  [/\.tflite$/, 'litert'],
  [/\.pte$/, 'executorch'],
  [/^MLmodel$/, 'mlflow'],
  [/\.onnx$/, 'onnx'],
]

/** Formats, as the tags by which people filter. */
const formatTags: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)pytorch_model[^/]*\.bin$|\.(pt|pth)$/, 'pytorch'],
  [/(^|\/)tf_model\.h5$/, 'tf'],
  [/(^|\/)flax_model\.msgpack$/, 'jax'],
  [/\.safetensors$/, 'safetensors'],
  [/\.gguf$/i, 'gguf'],
  [/\.onnx$/, 'onnx'],
  [/\.(mlpackage|mlmodel)(\/|$)/, 'coreml'],
  [/(^|\/)openvino_[^/]*\.xml$/, 'openvino'],
  [/\.tflite$/, 'tflite'],
  [/\.(keras)$/, 'keras'],
  [/\.joblib$/, 'joblib'],
  [/tfevents/, 'tensorboard'],
]

const firstOf = (
  rows: readonly (readonly [RegExp, string])[],
  paths: readonly string[],
): string | undefined => rows.find(([pattern]) => paths.some((path) => pattern.test(path)))?.[1]

const architecturesOf = (signs: RepoSigns): string[] => texts(signs.config?.['architectures'])

const libraryOf = (signs: RepoSigns): string | undefined => {
  if (signs.type !== 'model') return undefined
  const stated = text(signs.card['library_name'])
  if (stated !== undefined) return stated
  const byFile = firstOf(libraryByFile, signs.paths)
  if (byFile !== undefined) return byFile
  if (architecturesOf(signs).length > 0 || text(signs.config?.['model_type']) !== undefined) {
    return 'transformers'
  }
  return firstOf(libraryByFormat, signs.paths)
}

const taskOf = (signs: RepoSigns, library: string | undefined): string | undefined => {
  if (signs.type !== 'model') return undefined
  const stated = text(signs.card['pipeline_tag']) ?? texts(signs.card['tags']).find(isPipelineTag)
  if (stated !== undefined) return stated
  const [architecture] = architecturesOf(signs)
  const hasVision = signs.config?.['vision_config'] !== undefined
  if (architecture !== undefined) return taskOfArchitecture(architecture, hasVision)
  if (library === 'sentence-transformers') return 'sentence-similarity'
  if (library === 'diffusers') return 'text-to-image'
  return undefined
}

const relationOf = (signs: RepoSigns, bases: readonly string[]): string => {
  const stated = text(signs.card['base_model_relation'])
  if (stated !== undefined) return stated
  const has = (pattern: RegExp): boolean => signs.paths.some((path) => pattern.test(path))
  if (has(/(^|\/)adapter_(config\.json|model\.safetensors)$/)) return 'adapter'
  if (bases.length > 1) return 'merge'
  const isQuantized = signs.config?.['quantization_config'] !== undefined
  return isQuantized || has(/\.gguf$/i) ? 'quantized' : 'finetune'
}

const papersIn = (body: string): string[] => {
  const read = body.slice(0, bodyCharsRead)
  const found = read.matchAll(
    /(?:arxiv\.org\/(?:abs|pdf)\/|huggingface\.co\/papers\/)(\d{4}\.\d{4,5})/gi,
  )
  return [...new Set([...found].map((match) => `arxiv:${match[1]}`))]
}

const prefixed = (prefix: string, values: readonly string[]): string[] =>
  values.map((value) => `${prefix}:${value}`)

const datasetTags = (signs: RepoSigns, languages: readonly string[]): string[] => [
  ...prefixed('task_categories', texts(signs.card['task_categories'])),
  ...prefixed('task_ids', texts(signs.card['task_ids'])),
  ...prefixed('language', languages),
  ...prefixed('size_categories', texts(signs.card['size_categories'])),
]

const modelTags = (signs: RepoSigns, languages: readonly string[]): string[] => {
  const bases = texts(signs.card['base_model'])
  const relation = relationOf(signs, bases)
  return [
    ...formatTags
      .filter(([pattern]) => signs.paths.some((path) => pattern.test(path)))
      .map(([, tag]) => tag),
    ...texts(signs.config?.['model_type']),
    ...languages,
    ...prefixed('dataset', texts(signs.card['datasets'])),
    ...prefixed('base_model', bases),
    ...prefixed(`base_model:${relation}`, bases),
    ...(signs.card['model-index'] === undefined ? [] : ['model-index']),
    ...(signs.config?.['auto_map'] === undefined ? [] : ['custom_code']),
  ]
}

/** Reads no file itself: everything comes from `signs`. Lists are bounded and without duplicates. */
export const deriveRepoFacts = (signs: RepoSigns): DerivedFacts => {
  const libraryName = libraryOf(signs)
  const pipelineTag = taskOf(signs, libraryName)
  const license = text(signs.card['license'])
  const languages = texts(signs.card['language'])
  const tags = [
    ...texts(libraryName),
    ...texts(signs.card['tags']),
    ...texts(pipelineTag),
    ...(signs.type === 'dataset' ? datasetTags(signs, languages) : modelTags(signs, languages)),
    ...prefixed('license', texts(signs.card['license'])),
    ...papersIn(signs.cardBody),
  ]
  return {
    tags: [...new Set(tags)].slice(0, tagsMax),
    ...(libraryName === undefined ? {} : { libraryName }),
    ...(pipelineTag === undefined ? {} : { pipelineTag }),
    ...(license === undefined ? {} : { license }),
    baseModels: texts(signs.card['base_model']),
    languages,
    datasets: texts(signs.card['datasets']),
  }
}
