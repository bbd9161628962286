/** A theme whose colours are the numbers of kinds: what colour a kind has is the page's to say. */
import { type CodeKind, codeKinds } from '@weighhouse/formats/code/kinds.ts'

/** What grammars call things, by what they are to a reader. The longer a name that fits, the more it counts. */
const scopes: Readonly<Record<Exclude<CodeKind, 'plain'>, readonly string[]>> = {
  comment: ['comment', 'punctuation.definition.comment'],
  string: [
    'string',
    'constant.other.symbol',
    'string.regexp',
    'markup.inline.raw',
    'markup.fenced_code',
  ],
  number: ['constant.numeric', 'constant.character', 'string constant.character.escape'],
  keyword: [
    'keyword',
    'storage',
    'variable.language',
    'keyword.operator.word',
    'entity.name.directive',
  ],
  function: ['entity.name.function', 'support.function', 'meta.function-call.generic'],
  type: [
    'entity.name.type',
    'entity.name.class',
    'support.type',
    'support.class',
    'entity.other.inherited-class',
  ],
  constant: [
    'constant.language',
    'support.constant',
    'variable.other.constant',
    'constant.other.placeholder',
  ],
  tag: [
    'entity.name.tag',
    'support.type.property-name',
    'punctuation.support.type.property-name',
    'meta.object-literal.key',
    'entity.name.section.group-title',
  ],
  attribute: [
    'entity.other.attribute-name',
    'variable.parameter',
    'variable.other.assignment',
    'meta.function.decorator',
  ],
  heading: [
    'markup.heading',
    'entity.name.section',
    'markup.bold',
    'meta.diff.header',
    'meta.diff.range',
  ],
  inserted: ['markup.inserted'],
  deleted: ['markup.deleted'],
}

/** `#000000` is plain, and so are operators and the signs around other things. */
const plainScopes = ['keyword.operator', 'punctuation', 'meta.brace', 'storage.type.function.arrow']

const colourOf = (kind: number): string => `#${kind.toString(16).padStart(6, '0')}`

export const theme = {
  name: 'weighhouse',
  type: 'light' as const,
  fg: colourOf(0),
  bg: '#ffffff',
  settings: [
    { settings: { foreground: colourOf(0) } },
    { scope: plainScopes, settings: { foreground: colourOf(0) } },
    ...Object.entries(scopes).map(([kind, scope]) => ({
      scope: [...scope],
      // A cast because Object.entries forgets the names of the keys.
      settings: { foreground: colourOf(codeKinds.indexOf(kind as CodeKind)) },
    })),
    // The signs that open a text or a comment are part of it.
    {
      scope: ['punctuation.definition.string'],
      settings: { foreground: colourOf(codeKinds.indexOf('string')) },
    },
  ],
}

/** Of the number that a colour is; 0 for what is none of ours. */
export const kindOfColour = (colour: string | undefined): number => {
  const kind = Number.parseInt((colour ?? '').replace('#', ''), 16)
  return kind > 0 && kind < codeKinds.length ? kind : 0
}
