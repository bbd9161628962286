/** What a card says of its licence and of what it was made from. Source: the Hugging Face Hub's model cards; keys of ours are marked. */
import { FormatError } from '../error.ts'
import { choicesOf, formatExpression, type Named, parseExpression } from './expression.ts'
import { licenceNamed, licenceOfId } from './table.ts'
import { familyIds } from './table-data.ts'

/** What somebody says a repo is under. */
export type Declared =
  | { readonly kind: 'none' }
  /** `choices`: the recipient takes one of these lists. Names in them may be unknown to the table. */
  | {
      readonly kind: 'expression'
      readonly text: string
      readonly choices: readonly (readonly Named[])[]
    }
  /** Something that names no licence. `why` ends a sentence. */
  | { readonly kind: 'unclear'; readonly found: string; readonly why: string }

/** Those of Hugging Face, ours, and what `datasets` means. */
export const relationNames = [
  'copy',
  'quantized',
  'converted',
  'adapter',
  'finetune',
  'merge',
  'distilled',
  'trained-on',
] as const
export type Relation = (typeof relationNames)[number]

/** One thing that a card names as what the model was made from. */
export interface DeclaredParent {
  readonly type: 'model' | 'dataset'
  /** As the card writes it: `owner/name`. */
  readonly name: string
  readonly relation: Relation
  /** What the card says its licence is (`base_model_license`, ours): used where the hub cannot look. */
  readonly licence: string | undefined
}

export const parentsMax = 64
const nameCharsMax = 200
const foundCharsMax = 80

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value])
    .filter((one): one is string => typeof one === 'string')
    .map((one) => one.trim())
    .filter((one) => one !== '')

const shown = (text: string): string => text.slice(0, foundCharsMax)

const unclear = (found: string, why: string): Declared => ({
  kind: 'unclear',
  found: shown(found),
  why,
})

/** Reads a licence as a card, a form or a command line writes it: an id of Hugging Face or an SPDX expression. Never throws. */
export const readLicence = (text: string): Declared => {
  if (text.trim() === '') return { kind: 'none' }
  if (familyIds.includes(text.toLowerCase())) {
    return unclear(text, 'which stands for no one licence')
  }
  try {
    const expression = parseExpression(licenceOfId(text)?.spdx ?? text)
    return {
      kind: 'expression',
      text: formatExpression(expression),
      choices: choicesOf(expression),
    }
  } catch (error) {
    if (error instanceof FormatError) return unclear(text, `which does not parse: ${error.message}`)
    throw error
  }
}

/** A licence of its own, by the name that `license: other` comes with. */
const otherLicence = (card: Readonly<Record<string, unknown>>): Declared => {
  const [name] = texts(card['license_name'])
  const [link] = texts(card['license_link'])
  if (name === undefined) {
    return unclear('other', 'without the name of the licence in "license_name"')
  }
  const row = licenceNamed(name)
  if (row !== undefined) return readLicence(row.id)
  if (link === undefined) {
    return unclear(`other (${name})`, 'without a "license_link" to its text')
  }
  const slug = name.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replaceAll(/^-+|-+$/g, '')
  return slug === ''
    ? unclear(`other (${name})`, 'whose name has no letters')
    : readLicence(`LicenseRef-${slug.slice(0, foundCharsMax)}`)
}

/** What a card declares. A list means that all of it holds. Never throws. */
export const declaredLicence = (card: Readonly<Record<string, unknown>>): Declared => {
  const stated = texts(card['license'])
  const [only] = stated
  if (only === undefined) return { kind: 'none' }
  if (stated.length === 1) {
    return only.toLowerCase() === 'other' ? otherLicence(card) : readLicence(only)
  }
  const parts = stated.map((one) =>
    one.toLowerCase() === 'other' ? otherLicence(card) : readLicence(one),
  )
  const wrong = parts.find(({ kind }) => kind !== 'expression')
  if (wrong !== undefined) return wrong
  return readLicence(
    parts.map((one) => (one.kind === 'expression' ? `(${one.text})` : '')).join(' AND '),
  )
}

const isRelation = (text: string): text is Relation =>
  (relationNames as readonly string[]).includes(text)

const baseRelation = (
  card: Readonly<Record<string, unknown>>,
  bases: readonly string[],
): Relation => {
  const [stated] = texts(card['base_model_relation'])
  if (stated !== undefined && isRelation(stated)) return stated
  return bases.length > 1 ? 'merge' : 'finetune'
}

/** In the order of the card, each name once, at most `parentsMax`; `isCut` says that there were more. */
export const declaredParents = (
  card: Readonly<Record<string, unknown>>,
): { parents: readonly DeclaredParent[]; isCut: boolean } => {
  const names = (key: string): string[] =>
    [...new Set(texts(card[key]))].filter((one) => one.length <= nameCharsMax)
  const bases = names('base_model')
  const licences = texts(card['base_model_license'])
  const relation = baseRelation(card, bases)
  const models = bases.map((name, index): DeclaredParent => ({
    type: 'model',
    name,
    relation,
    licence: licences.length === 1 ? licences[0] : licences[index],
  }))
  const data = names('datasets').map((name): DeclaredParent => ({
    type: 'dataset',
    name,
    relation: 'trained-on',
    licence: undefined,
  }))
  const all = [...models, ...data]
  return { parents: all.slice(0, parentsMax), isCut: all.length > parentsMax }
}

const multimodalTask = /image|video|audio|visual|any-to-any|document-question/

/** What else of a card the rules ask for. */
export const cardSigns = (
  card: Readonly<Record<string, unknown>>,
): { isMultimodal: boolean; isMedical: boolean } => ({
  isMultimodal: texts(card['pipeline_tag']).some((task) => multimodalTask.test(task)),
  isMedical: texts(card['intended_purpose']).some((one) =>
    /^(?:medical|clinical|duo:0000043)$/i.test(one),
  ),
})
