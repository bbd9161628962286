/** `.gitattributes` and `.gitignore`: which files are uploads, and which a client is told to leave out. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import {
  attributeLine,
  type AttributeRules,
  isLfsTracked,
  parseAttributes,
} from '@weighhouse/formats/git/attributes.ts'
import { isIgnored, parseIgnore } from '@weighhouse/formats/git/ignore.ts'
import { limits } from '../kernel/limits.ts'
import type { ReadPermit } from '../policy/index.ts'
import type { Refs } from '../refs/index.ts'

export const attributesPath = '.gitattributes'
const ignorePath = '.gitignore'
const ruleFileBytesMax = 1024 * 1024

/** A file a client asks about before it sends it. `sample`: its first bytes, at most 512. */
export interface PlannedFile {
  readonly path: string
  readonly sizeBytes: number
  readonly sample: Uint8Array
}

export interface Plan {
  readonly path: string
  readonly mode: 'regular' | 'upload'
  readonly isIgnored: boolean
  /** What is at the path now: SHA-256 of an upload, blob id of a regular file. */
  readonly current: string | undefined
}

const isText = (sample: Uint8Array): boolean => {
  if (sample.includes(0)) return false
  try {
    // The sample may end inside a character: a stream decoder leaves that open.
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return true
  } catch {
    return false
  }
}

/** In order: empty files are regular; then the rules, the size, the looks. */
const modeOf = (file: PlannedFile, rules: AttributeRules): Plan['mode'] => {
  if (file.sizeBytes === 0) return 'regular'
  if (isLfsTracked(rules, file.path)) return 'upload'
  if (file.sizeBytes > limits.lfsThresholdBytes) return 'upload'
  return isText(file.sample) ? 'regular' : 'upload'
}

const readText = async (
  refs: Refs,
  permit: ReadPermit,
  commit: GitOid,
  path: string,
): Promise<string> => (await refs.read(permit, commit, path, ruleFileBytesMax))?.toString() ?? ''

/** Says how each file should come, in the order asked. */
export const planFiles = async (
  refs: Refs,
  permit: ReadPermit,
  commit: GitOid,
  wish: { files: readonly PlannedFile[]; gitAttributes?: string; gitIgnore?: string },
): Promise<Plan[]> => {
  const attributes = wish.gitAttributes ?? (await readText(refs, permit, commit, attributesPath))
  const ignore = wish.gitIgnore ?? (await readText(refs, permit, commit, ignorePath))
  const rules = parseAttributes(attributes)
  const ignored = parseIgnore(ignore)
  const plans: Plan[] = []
  for (const file of wish.files) {
    const entry = await refs.trees.entry(permit.repo.id, commit, file.path)
    plans.push({
      path: file.path,
      mode: modeOf(file, rules),
      isIgnored: isIgnored(ignored, file.path),
      current: entry?.kind === 'file' ? (entry.lfs?.sha256 ?? entry.oid) : undefined,
    })
  }
  return plans
}

/** The rules with a line for each upload they do not cover, or undefined when they cover all. */
export const coverUploads = (text: string, uploads: readonly string[]): string | undefined => {
  const rules = parseAttributes(text)
  const open = uploads.filter((path) => !isLfsTracked(rules, path))
  if (open.length === 0) return undefined
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return `${start}${open.map(attributeLine).join('\n')}\n`
}
