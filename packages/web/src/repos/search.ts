/** What the address of a list says, both ways. The names are those of the public hub. */
import { formatRange, type ParameterRange, parseRange, rangeWords } from './parameters.ts'
import type { RepoType } from './place.ts'

export type Sort = 'lastModified' | 'downloads' | 'likes' | 'createdAt' | 'parameters'

export interface ListWish {
  readonly type: RepoType
  readonly q: string
  readonly owner: string
  readonly tags: readonly string[]
  readonly gated: boolean | undefined
  readonly parameters: ParameterRange | undefined
  readonly sort: Sort
}

export type SearchRecord = Readonly<Record<string, string | undefined>>

export const sorts: readonly { readonly value: Sort; readonly label: string }[] = [
  { value: 'lastModified', label: 'Recently updated' },
  { value: 'downloads', label: 'Most downloaded' },
  { value: 'likes', label: 'Most liked' },
  { value: 'createdAt', label: 'Newest' },
  { value: 'parameters', label: 'Largest' },
]

const isSort = (text: string | undefined): text is Sort => sorts.some(({ value }) => value === text)

const split = (text: string | undefined): string[] =>
  (text ?? '').split(',').filter((one) => one !== '')

export const readWish = (type: RepoType, search: SearchRecord): ListWish => ({
  type,
  q: search['search'] ?? '',
  owner: search['author'] ?? '',
  tags: [
    ...new Set([
      ...split(search['other']),
      ...split(search['filter']),
      ...split(search['pipeline_tag']),
      ...split(search['library']),
      ...split(search['license']).map((one) =>
        one.startsWith('license:') ? one : `license:${one}`,
      ),
      ...split(search['language']),
    ]),
  ],
  gated: search['gated'] === undefined ? undefined : search['gated'] === 'true',
  parameters: parseRange(search['num_parameters']),
  sort: isSort(search['sort']) ? search['sort'] : 'lastModified',
})

/** The shortest address that says the same. */
export const writeWish = (wish: ListWish): string => {
  const search = new URLSearchParams()
  if (wish.q !== '') search.set('search', wish.q)
  if (wish.owner !== '') search.set('author', wish.owner)
  if (wish.tags.length > 0) search.set('other', wish.tags.join(','))
  if (wish.gated !== undefined) search.set('gated', String(wish.gated))
  if (wish.parameters !== undefined) {
    search.set('num_parameters', formatRange(wish.parameters))
  }
  if (wish.sort !== 'lastModified') search.set('sort', wish.sort)
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

/** As the hub's calls take it. */
export const askOf = ({ type, q, owner, tags, gated, parameters }: ListWish) => ({
  type,
  ...(q === '' ? {} : { q }),
  ...(owner === '' ? {} : { owner }),
  ...(tags.length === 0 ? {} : { tags: tags.join(',') }),
  ...(gated === undefined ? {} : { gated }),
  ...(parameters?.min === undefined ? {} : { parametersMin: parameters.min }),
  ...(parameters?.max === undefined ? {} : { parametersMax: parameters.max }),
})

export const toggleTag = (wish: ListWish, tag: string): ListWish => ({
  ...wish,
  tags: wish.tags.includes(tag) ? wish.tags.filter((one) => one !== tag) : [...wish.tags, tag],
})

/** One thing that narrows a list, and the list without it. */
export interface Narrowing {
  readonly label: string
  readonly without: ListWish
}

/** All that narrows it, in the order in which pages show it. */
export const narrowings = (wish: ListWish): Narrowing[] => [
  ...(wish.q === '' ? [] : [{ label: `the words “${wish.q}”`, without: { ...wish, q: '' } }]),
  ...(wish.owner === '' ? [] : [{ label: wish.owner, without: { ...wish, owner: '' } }]),
  ...wish.tags.map((tag) => ({
    label: tag.slice(tag.indexOf(':') + 1),
    without: toggleTag(wish, tag),
  })),
  ...(wish.gated === undefined
    ? []
    : [
        {
          label: wish.gated ? 'ask first' : 'open without asking',
          without: { ...wish, gated: undefined },
        },
      ]),
  ...(wish.parameters === undefined
    ? []
    : [
        {
          label: `parameters ${rangeWords(wish.parameters)}`,
          without: { ...wish, parameters: undefined },
        },
      ]),
]

export interface FacetValue {
  readonly tag: string
  readonly label: string
  readonly count: number
}

export interface Facet {
  readonly name: string
  readonly values: readonly FacetValue[]
}

const formats = new Set(
  'safetensors gguf onnx pytorch tf jax coreml openvino tflite keras joblib'.split(' '),
)
const libraries = new Set(
  'transformers diffusers sentence-transformers peft timm sklearn spacy fasttext flair nemo setfit open_clip mlflow litert executorch gliner speechbrain keras mlc-llm transformers.js stable-baselines3 allennlp espnet asteroid pyannote-audio span-marker adapter-transformers'.split(
    ' ',
  ),
)
const prefixed = [
  ['license:', 'Licence'],
  ['language:', 'Language'],
  ['size_categories:', 'Size'],
  ['task_categories:', 'Task'],
  ['dataset:', 'Trained on'],
  ['base_model:', 'Base model'],
] as const

const order = [
  'Task',
  'Licence',
  'Format',
  'Library',
  'Language',
  'Size',
  'Base model',
  'Trained on',
  'Other',
]

/** Which facet a tag belongs to. `tasks` are the words that count as one. */
const facetOf = (
  tag: string,
  isTask: (tag: string) => boolean,
): [facet: string, label: string] | undefined => {
  if (/^(region|arxiv|base_model:\w+:)/.test(tag)) return undefined
  const found = prefixed.find(([prefix]) => tag.startsWith(prefix))
  if (found !== undefined) return [found[1], tag.slice(found[0].length)]
  if (tag.includes(':')) return undefined
  if (isTask(tag)) return ['Task', tag]
  if (formats.has(tag)) return ['Format', tag]
  if (libraries.has(tag)) return ['Library', tag]
  if (/^[a-z]{2}$/.test(tag)) return ['Language', tag]
  return ['Other', tag]
}

/** Counts of tags, sorted into facets as people look for them. */
export const facetsOf = (
  counts: readonly { readonly tag: string; readonly count: number }[],
  isTask: (tag: string) => boolean,
): Facet[] => {
  const byName = new Map<string, FacetValue[]>()
  for (const { tag, count } of counts) {
    const [name, label] = facetOf(tag, isTask) ?? []
    if (name === undefined || label === undefined) continue
    const values = byName.get(name) ?? []
    values.push({ tag, label, count })
    byName.set(name, values)
  }
  return order.flatMap((name) => {
    const values = byName.get(name)
    return values === undefined ? [] : [{ name, values }]
  })
}
