/** What somebody agrees to at a gate, as the default branch says it: words of the card, and the licence beside it. */
import { createHash } from 'node:crypto'
import { parseCardData } from '@weighhouse/formats/card/front-matter.ts'
import { isHubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Permit, Policy } from '../policy/index.ts'
import type { Refs } from '../refs/index.ts'
import { type GateField, parseFields } from './form.ts'

export interface GateTerms {
  readonly heading: string | undefined
  readonly prompt: string | undefined
  readonly description: string | undefined
  /** What the button says. */
  readonly button: string | undefined
  readonly fields: readonly GateField[]
  /** All of it as one text: what is agreed to. */
  readonly text: string
  /** SHA-256 of the text in UTF-8, hex. */
  readonly sha256: string
}

const licenceForm = /^LICEN[CS]E([.-][^/]*)?$/i

/** A text of the card without the differences that a reader does not see. */
const clean = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/\r\n?/g, '\n').trim()
  return text === '' ? undefined : text
}

/** Parts in this order, an empty line between them. Changing this changes every hash. */
const canonical = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join('\n\n')

const licenceOf = async (
  { refs, policy }: { refs: Refs; policy: Policy },
  permit: Permit<'repo.browse'>,
  commit: Parameters<Refs['read']>[1],
): Promise<string | undefined> => {
  const entries = (await refs.trees.list(permit.repo.id, commit, '')) ?? []
  const path = entries.find((one) => one.kind === 'file' && licenceForm.test(one.path))?.path
  if (path === undefined) return undefined
  const read = policy.open(permit, path)
  return clean((await refs.read(read, commit, path, limits.cardBytesMax))?.toString('utf8'))
}

/** Reads the terms at HEAD; a repo without a commit or a card has the terms that say nothing. */
export const readTerms = async (
  parts: { refs: Refs; policy: Policy },
  permit: Permit<'repo.browse'>,
): Promise<GateTerms> => {
  const { refs, policy } = parts
  const head = await refs.resolve(permit, 'HEAD').catch((error: unknown) => {
    if (isHubError(error, 'revision_not_found')) return undefined
    throw error
  })
  let card: Readonly<Record<string, unknown>> = {}
  let licence: string | undefined
  if (head !== undefined) {
    const read = policy.open(permit, 'README.md')
    const readme = await refs.read(read, head.commit, 'README.md', limits.cardBytesMax)
    if (readme !== undefined) card = parseCardData(readme.toString('utf8')).data
    licence = await licenceOf(parts, permit, head.commit)
  }
  const heading = clean(card['extra_gated_heading'])
  const prompt = clean(card['extra_gated_prompt'])
  const description = clean(card['extra_gated_description'])
  const text = canonical([heading, prompt, description, licence])
  return {
    heading,
    prompt,
    description,
    button: clean(card['extra_gated_button_content']),
    fields: parseFields(card['extra_gated_fields']),
    text,
    sha256: createHash('sha256').update(text).digest('hex'),
  }
}
