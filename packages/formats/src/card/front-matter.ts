/** The YAML block at the top of a README, by which models and datasets describe themselves. Source: the Hugging Face Hub's model cards. */
import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { isPipelineTag } from './pipeline-tags.ts'

export type RepoKind = 'model' | 'dataset' | 'space' | 'kernel'

const frontMatterCharsMax = 256 * 1024
const problemsMax = 20
const aliasesMax = 100

/** `yaml` is undefined when the text has no front matter. */
export const splitCard = (text: string): { yaml: string | undefined; body: string } => {
  const open = /^\ufeff?\s*---[ \t]*\r?\n/.exec(text)
  if (open === null) return { yaml: undefined, body: text }
  const start = open[0].length
  const close = /^---[ \t]*(?:\r?\n|$)/m
  const rest = text.slice(start)
  const end = close.exec(rest)
  if (end === null) return { yaml: undefined, body: text }
  return { yaml: rest.slice(0, end.index), body: rest.slice(end.index + end[0].length) }
}

export interface CardCheck {
  /** What must be mended before the card can be stored. */
  readonly errors: string[]
  /** What a reader would miss. */
  readonly warnings: string[]
}

export interface CardData extends CardCheck {
  /** Empty when there is none or it cannot be read. Plain JSON values. */
  readonly data: Record<string, unknown>
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const place = (lines: LineCounter, at: number | undefined): string => {
  const { line, col } = lines.linePos(at ?? 0)
  return `at line ${line}, column ${col}`
}

/** Where a key comes a second time. The parser's own check takes time in the square of the keys. */
const repeatedKeyAt = (document: Document.Parsed): number | undefined => {
  let at: number | undefined
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        if (seen.has(key.value)) {
          at = key.range?.[0] ?? 0
          return visit.BREAK
        }
        seen.add(key.value)
      }
      return undefined
    },
  })
  return at
}

const readYaml = (yaml: string): { data: Record<string, unknown>; errors: string[] } => {
  if (yaml.length > frontMatterCharsMax) {
    return { data: {}, errors: [`the metadata has more than ${frontMatterCharsMax} characters`] }
  }
  try {
    const lineCounter = new LineCounter()
    // The parser's pretty errors are made for every error: seconds, when each comma is one.
    const document = parseDocument(yaml, {
      schema: 'core',
      prettyErrors: false,
      uniqueKeys: false,
      lineCounter,
    })
    if (document.errors.length > 0) {
      const errors = document.errors.slice(0, problemsMax)
      const say = ({ message, pos }: (typeof errors)[number]): string =>
        `not valid YAML: ${message.trim()} ${place(lineCounter, pos[0])}`
      return { data: {}, errors: errors.map(say) }
    }
    const repeated = repeatedKeyAt(document)
    if (repeated !== undefined) {
      return {
        data: {},
        errors: [`not valid YAML: Map keys must be unique ${place(lineCounter, repeated)}`],
      }
    }
    // Through JSON, so that what is kept equals what is answered: no NaN, no shared references.
    const value: unknown = JSON.parse(
      JSON.stringify(document.toJS({ maxAliasCount: aliasesMax }) ?? {}),
    )
    if (isMapping(value)) return { data: value, errors: [] }
    return { data: {}, errors: ['the metadata should be "key: value" lines'] }
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unreadable'
    return { data: {}, errors: [`not valid YAML: ${reason}`] }
  }
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText)
const isTextOrList = (value: unknown): boolean => isText(value) || isTextList(value)

interface Rule {
  readonly keys: readonly string[]
  readonly holds: (value: unknown) => boolean
  readonly expected: string
}

const rules: readonly Rule[] = [
  {
    keys: [
      'license',
      'language',
      'datasets',
      'metrics',
      'base_model',
      'base_model_license',
      'intended_purpose',
      'task_categories',
      'size_categories',
    ],
    holds: isTextOrList,
    expected: 'a text or a list of texts (quote values such as "no" or 1.0)',
  },
  { keys: ['tags'], holds: isTextOrList, expected: 'a list of texts' },
  {
    keys: [
      'library_name',
      'pipeline_tag',
      'license_name',
      'license_link',
      'pretty_name',
      'new_version',
      'base_model_relation',
    ],
    holds: isText,
    expected: 'a text',
  },
]

const typeErrors = (data: Record<string, unknown>): string[] =>
  rules.flatMap(({ keys, holds, expected }) =>
    keys
      .filter((key) => data[key] !== undefined && data[key] !== null && !holds(data[key]))
      .map(
        (key) => `"${key}" should be ${expected}; found ${JSON.stringify(data[key])?.slice(0, 80)}`,
      ),
  )

const isObjectList = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every(isMapping)

/** `model-index` breaks clients when its shape is wrong, so its shape is checked. */
const indexErrors = (data: Record<string, unknown>): string[] => {
  const index = data['model-index']
  if (index === undefined || index === null) return []
  if (!isObjectList(index)) return ['"model-index" should be a list of objects']
  const errors: string[] = []
  index.forEach((model, i) => {
    const results = model['results'] ?? []
    if (!isObjectList(results)) {
      errors.push(`"model-index[${i}].results" should be a list of objects`)
      return
    }
    results.forEach((result, j) => {
      const where = `model-index[${i}].results[${j}]`
      for (const part of ['task', 'dataset']) {
        if (!isMapping(result[part]))
          errors.push(`"${where}.${part}" is required and should be an object`)
      }
      if (!isObjectList(result['metrics']))
        errors.push(`"${where}.metrics" should be a list of objects`)
    })
  })
  return errors.slice(0, problemsMax)
}

/** Those of Hugging Face, and ours. */
const relations = ['adapter', 'merge', 'quantized', 'finetune', 'copy', 'converted', 'distilled']

const modelWarnings = (data: Record<string, unknown>): string[] => {
  const warnings: string[] = []
  const task = data['pipeline_tag']
  if (typeof task === 'string' && !isPipelineTag(task)) {
    warnings.push(`"pipeline_tag" ${JSON.stringify(task)} is no known task; it is kept as it is`)
  }
  const relation = data['base_model_relation']
  if (typeof relation === 'string' && !relations.includes(relation)) {
    warnings.push(`"base_model_relation" should be one of ${relations.join(', ')}`)
  }
  return warnings
}

const warningsFor = (data: Record<string, unknown>, kind: RepoKind): string[] => {
  const warnings = kind === 'model' ? modelWarnings(data) : []
  if (data['license'] === 'other' && data['license_name'] === undefined) {
    warnings.push('"license: other" should come with "license_name" and "license_link"')
  }
  return warnings
}

/** Reads the front matter of a card. Never throws: what is wrong is in `errors`. */
export const parseCardData = (text: string, kind: RepoKind = 'model'): CardData => {
  const { yaml } = splitCard(text)
  if (yaml === undefined || yaml.trim() === '') {
    return { data: {}, errors: [], warnings: ['empty or missing yaml metadata in repo card'] }
  }
  const { data, errors } = readYaml(yaml)
  if (errors.length > 0) return { data, errors, warnings: [] }
  return {
    data,
    errors: [...typeErrors(data), ...indexErrors(data)],
    warnings: warningsFor(data, kind),
  }
}

/** What is wrong with a card before it is committed. */
export const checkCard = (text: string, kind: RepoKind): CardCheck => {
  const { errors, warnings } = parseCardData(text, kind)
  return { errors, warnings }
}
