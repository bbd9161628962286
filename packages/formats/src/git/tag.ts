/** Annotated tags. */
import { type GitOid, isGitOid } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { toBytes } from './bytes.ts'
import { formatHeaders, parseHeaders } from './headers.ts'
import type { ObjectKind } from './object.ts'
import { formatSignature, parseSignature, type Signature } from './signature.ts'

export interface GitTag {
  readonly object: GitOid
  readonly kind: ObjectKind
  readonly name: string
  /** Very old tags have none. */
  readonly tagger?: Signature
  readonly message: string
}

const kinds: readonly string[] = ['blob', 'tree', 'commit', 'tag'] satisfies ObjectKind[]
const isKind = (text: string | undefined): text is ObjectKind =>
  text !== undefined && kinds.includes(text)

/** Errors: FormatError when the object, its kind or the name is missing. */
export const parseTag = (bytes: Uint8Array): GitTag => {
  const { headers, message } = parseHeaders(bytes)
  const value = (name: string): string | undefined =>
    headers.find((header) => header.name === name)?.value
  const object = value('object')
  const kind = value('type')
  const name = value('tag')
  const tagger = value('tagger')
  if (object === undefined || !isGitOid(object) || !isKind(kind) || name === undefined) {
    throw new FormatError('A tag lacks its object, type or name.')
  }
  return {
    object,
    kind,
    name,
    ...(tagger === undefined ? {} : { tagger: parseSignature(tagger) }),
    message,
  }
}

/** The body git would hash; a message ends in a newline, as git writes it. */
export const formatTag = (tag: GitTag): Uint8Array =>
  toBytes(
    formatHeaders(
      [
        { name: 'object', value: tag.object },
        { name: 'type', value: tag.kind },
        { name: 'tag', value: tag.name },
        ...(tag.tagger === undefined
          ? []
          : [{ name: 'tagger', value: formatSignature(tag.tagger) }]),
      ],
      tag.message === '' || tag.message.endsWith('\n') ? tag.message : `${tag.message}\n`,
    ),
  )
