/** The head of commits and tags: `name SP value` lines, continued by a leading space, ended by an empty line. */
import { FormatError } from '../error.ts'
import { toText } from './bytes.ts'

export interface Header {
  readonly name: string
  /** Lines of a continued value are joined by a newline. */
  readonly value: string
}

/** Errors: FormatError when a line has no name. */
export const parseHeaders = (bytes: Uint8Array): { headers: Header[]; message: string } => {
  const text = toText(bytes)
  const end = text.startsWith('\n') ? 0 : text.indexOf('\n\n')
  const head = end === -1 ? text : text.slice(0, end)
  const message = end === -1 ? '' : text.slice(end === 0 ? 1 : end + 2)
  const headers: { name: string; value: string }[] = []
  for (const line of head.split('\n')) {
    if (line === '') continue
    const last = headers.at(-1)
    if (line.startsWith(' ') && last !== undefined) {
      last.value += `\n${line.slice(1)}`
      continue
    }
    const space = line.indexOf(' ')
    if (space <= 0) throw new FormatError('A git object has a header line without a name.')
    headers.push({ name: line.slice(0, space), value: line.slice(space + 1) })
  }
  return { headers, message }
}

/** Header lines in the order given, an empty line, the message as it is. */
export const formatHeaders = (headers: readonly Header[], message: string): string =>
  `${headers.map(({ name, value }) => `${name} ${value.replaceAll('\n', '\n ')}\n`).join('')}\n${message}`
