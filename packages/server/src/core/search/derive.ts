/** What a commit says of itself: card, configuration, tensor counts. Every read is bounded; a broken file costs its own facts only. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { deriveRepoFacts } from '@weighhouse/formats/card/derive.ts'
import { fileFormatsOf } from '@weighhouse/formats/card/file-format.ts'
import { parseCardData, splitCard } from '@weighhouse/formats/card/front-matter.ts'
import { ggufSummary, parseGgufHeader } from '@weighhouse/formats/gguf/header.ts'
import {
  headerLengthOf,
  parameterCounts,
  parseSafetensorsHeader,
} from '@weighhouse/formats/safetensors/header.ts'
import { limits } from '../kernel/limits.ts'
import type { ReadPermit } from '../policy/index.ts'
import type { FileEntry, Refs } from '../refs/index.ts'

/** Plain data: kept as JSON. */
export interface RepoFacts {
  readonly commit: GitOid
  readonly tags: string[]
  readonly libraryName?: string
  readonly pipelineTag?: string
  readonly card?: Record<string, unknown>
  /** The parts of `config.json` that clients ask for. */
  readonly config?: Record<string, unknown>
  readonly safetensors?: { parameters: Record<string, number>; total: number }
  readonly gguf?: Record<string, unknown>
  /** Of its files, by their names. */
  readonly formats: string[]
  /** Bytes of all files of the commit. */
  readonly filesBytes: number
}

const shardsMax = 200
const ggufFirstBytes = 1024 * 1024

const readRange = async (
  refs: Refs,
  permit: ReadPermit,
  file: FileEntry,
  start: number,
  end: number,
): Promise<Buffer> => {
  const chunks: Buffer[] = []
  const source = await refs.open(permit, file, { start, end: Math.min(end, file.sizeBytes) })
  for await (const chunk of source) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks) // bounded: end - start
}

const countTensors = async (refs: Refs, permit: ReadPermit, file: FileEntry) => {
  const length = headerLengthOf(await readRange(refs, permit, file, 0, 8))
  if (length > limits.headerBytesMax) return undefined
  const json = await readRange(refs, permit, file, 8, 8 + length)
  return parameterCounts(parseSafetensorsHeader(json, file.sizeBytes))
}

const safetensorsOf = async (refs: Refs, permit: ReadPermit, files: readonly FileEntry[]) => {
  const single = files.find((file) => file.path === 'model.safetensors')
  const shards = files.filter((file) => /^model-\d+-of-\d+\.safetensors$/.test(file.path))
  const adapter = files.find((file) => file.path === 'adapter_model.safetensors')
  const chosen = single ? [single] : shards.length > 0 ? shards : adapter ? [adapter] : []
  if (chosen.length === 0 || chosen.length > shardsMax) return undefined
  const parameters: Record<string, number> = {}
  let total = 0
  for (const file of chosen) {
    const counts = await countTensors(refs, permit, file)
    if (counts === undefined) return undefined
    total += counts.total
    for (const [dtype, count] of Object.entries(counts.parameters)) {
      parameters[dtype] = (parameters[dtype] ?? 0) + count
    }
  }
  return { parameters, total }
}

const ggufOf = async (refs: Refs, permit: ReadPermit, files: readonly FileEntry[]) => {
  const file = files.find((one) => one.path.toLowerCase().endsWith('.gguf'))
  if (file === undefined) return undefined
  for (const end of [ggufFirstBytes, limits.headerBytesMax]) {
    const header = parseGgufHeader(await readRange(refs, permit, file, 0, end))
    if (header !== 'need_more') return ggufSummary(header)
  }
  return undefined
}

const configKeys = [
  'architectures',
  'model_type',
  'auto_map',
  'quantization_config',
  'task_specific_params',
] as const

const configOf = (text: string | undefined): Record<string, unknown> | undefined => {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const found = Object.entries(value).filter(([key]) =>
      (configKeys as readonly string[]).includes(key),
    )
    return Object.fromEntries(found)
  } catch {
    return undefined
  }
}

/** Runs a reader of one file; a file that cannot be read gives no facts. */
const orNothing = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work
  } catch {
    return undefined
  }
}

/** Reads the facts of one commit. */
export const deriveFacts = async (
  refs: Refs,
  permit: ReadPermit,
  commit: GitOid,
): Promise<RepoFacts> => {
  const entries = (await refs.trees.listAll(permit.repo.id, commit, '')) ?? []
  const files = entries.filter((entry): entry is FileEntry => entry.kind === 'file')
  const text = async (path: string): Promise<string | undefined> =>
    (await orNothing(refs.read(permit, commit, path, limits.cardBytesMax)))?.toString()
  const readme = (await text('README.md')) ?? ''
  const config = configOf(await text('config.json'))
  const card = parseCardData(readme).data
  const derived = deriveRepoFacts({
    type: permit.repo.type,
    card,
    cardBody: splitCard(readme).body,
    paths: files.map((file) => file.path),
    ...(config === undefined ? {} : { config }),
  })
  const isModel = permit.repo.type === 'model'
  const safetensors = isModel ? await orNothing(safetensorsOf(refs, permit, files)) : undefined
  const gguf = isModel ? await orNothing(ggufOf(refs, permit, files)) : undefined
  return {
    commit,
    tags: derived.tags,
    ...(derived.libraryName === undefined ? {} : { libraryName: derived.libraryName }),
    ...(derived.pipelineTag === undefined ? {} : { pipelineTag: derived.pipelineTag }),
    ...(Object.keys(card).length === 0 ? {} : { card }),
    ...(config === undefined ? {} : { config }),
    ...(safetensors === undefined ? {} : { safetensors }),
    ...(gguf === undefined ? {} : { gguf: { ...gguf } }),
    formats: fileFormatsOf(files.map((file) => file.path)),
    filesBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
  }
}
