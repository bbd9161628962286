/** Repos as the clients read them. Members nobody asked for are left out; what does not exist is left out, not null. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { FileEntry, Entry, Repo, RepoFacts, RepoType } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'

const shared = [
  'author',
  'cardData',
  'createdAt',
  'disabled',
  'downloads',
  'downloadsAllTime',
  'gated',
  'lastModified',
  'likes',
  'private',
  'resourceGroup',
  'sha',
  'siblings',
  'tags',
  'trendingScore',
  'usedStorage',
  'xetEnabled',
  'gitalyUid',
]

const expandable: Readonly<Record<RepoType, readonly string[]>> = {
  model: [
    ...shared,
    'baseModels',
    'childrenModelCount',
    'config',
    'evalResults',
    'gguf',
    'inference',
    'inferenceProviderMapping',
    'library_name',
    'mask_token',
    'model-index',
    'pipeline_tag',
    'safetensors',
    'securityStatus',
    'spaces',
    'transformersInfo',
    'widgetData',
  ],
  dataset: [...shared, 'citation', 'description', 'mainSize', 'paperswithcode_id'],
  space: [
    ...shared,
    'datasets',
    'models',
    'region',
    'runtime',
    'sdk',
    'shortDescription',
    'subdomain',
  ],
  kernel: shared,
}

/** Errors: `invalid` for a member that the type does not have, in the words that clients look for. */
export const checkExpand = (type: RepoType, wanted: readonly string[]): void => {
  const known = expandable[type]
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new HubError('invalid', `"expand" must be one of [${known.join(', ')}], found "${unknown}"`)
}

export interface InfoSource {
  readonly repo: Repo
  readonly sha: string | undefined
  readonly facts: RepoFacts | undefined
  readonly siblings: readonly FileEntry[] | undefined
  /** Sizes and hashes in siblings. */
  readonly withBlobs: boolean
  /** False behind a gate: hashes are not shown. */
  readonly isOpen?: boolean
  readonly usedBytes?: number
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sibling = (file: FileEntry, withBlobs: boolean, isOpen: boolean): object => {
  if (!withBlobs) return { rfilename: file.path }
  const lfs = isOpen &&
    file.lfs && {
      lfs: { sha256: file.lfs.sha256, size: file.sizeBytes, pointerSize: file.lfs.pointerBytes },
    }
  return { rfilename: file.path, size: file.sizeBytes, blobId: file.oid, ...lfs }
}

const autoModels: readonly [suffix: string, auto: string, pipeline: string | undefined][] = [
  ['ForCausalLM', 'AutoModelForCausalLM', 'text-generation'],
  ['LMHeadModel', 'AutoModelForCausalLM', 'text-generation'],
  ['ForMaskedLM', 'AutoModelForMaskedLM', 'fill-mask'],
  ['ForSequenceClassification', 'AutoModelForSequenceClassification', 'text-classification'],
  ['ForTokenClassification', 'AutoModelForTokenClassification', 'token-classification'],
  ['ForQuestionAnswering', 'AutoModelForQuestionAnswering', 'question-answering'],
  ['ForConditionalGeneration', 'AutoModelForSeq2SeqLM', undefined],
  ['ForImageClassification', 'AutoModelForImageClassification', 'image-classification'],
  ['Model', 'AutoModel', 'feature-extraction'],
]

const transformersInfo = (facts: RepoFacts | undefined): object | undefined => {
  const names = facts?.config?.['architectures']
  const name: unknown = Array.isArray(names) ? names[0] : undefined
  if (facts?.libraryName !== 'transformers' || typeof name !== 'string') return undefined
  const found = autoModels.find(([suffix]) => name.endsWith(suffix))
  if (found === undefined) return undefined
  const [, auto, pipeline] = found
  const pipelineTag = facts.pipelineTag ?? pipeline
  return { auto_model: auto, ...(pipelineTag === undefined ? {} : { pipeline_tag: pipelineTag }) }
}

const ofModel = ({ facts }: InfoSource): Record<string, unknown> => ({
  pipeline_tag: facts?.pipelineTag,
  library_name: facts?.libraryName,
  config: facts?.config,
  safetensors: facts?.safetensors,
  gguf: facts?.gguf,
  transformersInfo: transformersInfo(facts),
  'model-index': isRecord(facts?.card) ? (facts.card['model-index'] ?? null) : null,
  spaces: [],
  childrenModelCount: 0,
  inferenceProviderMapping: {},
})

const ofSpace = ({ repo, facts }: InfoSource): Record<string, unknown> => ({
  sdk: facts?.card?.['sdk'],
  runtime: { stage: 'STOPPED', hardware: {} },
  subdomain: repo.path.replace('/', '-').toLowerCase(),
  models: [],
  datasets: [],
})

const ofDataset = ({ facts }: InfoSource): Record<string, unknown> => ({
  description: facts?.card?.['description'],
  citation: facts?.card?.['citation'],
})

const all = (source: InfoSource): Record<string, unknown> => {
  const { repo, sha, facts, siblings, withBlobs } = source
  return {
    author: repo.owner,
    sha,
    lastModified: isoDate(repo.updatedAtMs),
    createdAt: isoDate(repo.createdAtMs),
    private: repo.visibility === 'private',
    gated: repo.gate ?? false,
    disabled: repo.hold !== undefined,
    downloads: repo.downloads,
    downloadsAllTime: repo.downloads,
    likes: repo.likes,
    trendingScore: repo.downloads,
    tags: facts?.tags ?? [],
    cardData: facts?.card,
    usedStorage: source.usedBytes ?? facts?.filesBytes ?? 0,
    siblings: siblings?.map((file) => sibling(file, withBlobs, source.isOpen ?? true)),
    xetEnabled: true,
    ...(repo.type === 'model' ? ofModel(source) : {}),
    ...(repo.type === 'space' ? ofSpace(source) : {}),
    ...(repo.type === 'dataset' ? ofDataset(source) : {}),
  }
}

const identity = ({ repo }: InfoSource): Record<string, unknown> => ({
  _id: repo.id,
  id: repo.path,
  ...(repo.type === 'model' ? { modelId: repo.path } : {}),
})

/** Left out of a default answer: read only when asked for by `expand`. */
const onlyExpanded = new Set([
  'downloadsAllTime',
  'trendingScore',
  'childrenModelCount',
  'inferenceProviderMapping',
  'xetEnabled',
])

/** The whole default object. */
export const fullInfo = (source: InfoSource): object => {
  const kept = Object.entries(all(source)).filter(([name]) => !onlyExpanded.has(name))
  return { ...identity(source), ...Object.fromEntries(kept) }
}

/** Ids and just the members asked for. */
export const expandedInfo = (source: InfoSource, wanted: readonly string[]): object => {
  const members = all(source)
  const chosen = wanted.filter((name) => members[name] !== undefined)
  const { _id, id } = identity(source)
  return { _id, id, ...Object.fromEntries(chosen.map((name) => [name, members[name]])) }
}

const slimMembers = [
  'likes',
  'trendingScore',
  'private',
  'gated',
  'downloads',
  'tags',
  'pipeline_tag',
  'library_name',
  'createdAt',
  'lastModified',
  'author',
  'sdk',
]

/** What a list says of each repo when nothing more is asked for. */
export const slimInfo = (source: InfoSource): object => ({
  ...identity(source),
  ...expandedInfo(source, slimMembers),
})

export interface LastCommit {
  readonly id: string
  readonly title: string
  readonly date: string
}

/** One item of a tree or of paths-info. */
export const treeItem = (
  entry: Entry,
  {
    isOpen,
    lastCommit,
    xetHash,
  }: { isOpen: boolean; lastCommit?: LastCommit | null; xetHash: XetHash | undefined },
): object => {
  const last = lastCommit === undefined ? {} : { lastCommit }
  if (entry.kind === 'directory') {
    return { type: 'directory', oid: entry.oid, size: 0, path: entry.path, ...last }
  }
  const lfs = isOpen &&
    entry.lfs && {
      lfs: { oid: entry.lfs.sha256, size: entry.sizeBytes, pointerSize: entry.lfs.pointerBytes },
      ...(xetHash === undefined ? {} : { xetHash }),
    }
  return { type: 'file', oid: entry.oid, size: entry.sizeBytes, path: entry.path, ...lfs, ...last }
}
