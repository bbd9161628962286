/** Path segments as the client escaped them: `%2F` inside a segment is not a separator. */
import { HubError } from '#core/kernel/errors.ts'

/** The path of a request target, without its query. */
export const pathOf = (url: string): string => {
  const mark = url.indexOf('?')
  return mark === -1 ? url : url.slice(0, mark)
}

export const queryTextOf = (url: string): string => {
  const mark = url.indexOf('?')
  return mark === -1 ? '' : url.slice(mark + 1)
}

/** Percent-decodes once. Errors: `invalid` for what is not UTF-8. */
export const decodeSegment = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new HubError(
      'invalid',
      `The path holds "${segment.slice(0, 100)}", which is not percent-encoded UTF-8.`,
    )
  }
}

/** Still encoded segments after the first `count` ones; a trailing slash makes no empty one. */
export const segmentsAfter = (url: string, count: number): string[] => {
  const segments = pathOf(url)
    .split('/')
    .slice(1 + count)
  if (segments.at(-1) === '') segments.pop()
  return segments
}
