/** What a part of code may be. Their places are the numbers that the API answers, so new ones come last. */
export const codeKinds = [
  'plain',
  'comment',
  'string',
  'number',
  'keyword',
  'function',
  'type',
  'constant',
  'tag',
  'attribute',
  'heading',
  'inserted',
  'deleted',
] as const

export type CodeKind = (typeof codeKinds)[number]

/** For each line the lengths of its parts, each with its kind: `[6, 4, 3, 0]`. What follows the last is plain. */
export type ColouredLine = readonly number[]

/** A line cut into its parts, whatever the numbers say: all of the line, in order, none of them empty. */
export const partsOfLine = (line: string, parts: ColouredLine): (readonly [string, CodeKind])[] => {
  const found: (readonly [string, CodeKind])[] = []
  let from = 0
  for (let at = 0; at + 1 < parts.length && from < line.length; at += 2) {
    const to = from + Math.max(0, parts[at] ?? 0)
    if (to > from) found.push([line.slice(from, to), codeKinds[parts[at + 1] ?? 0] ?? 'plain'])
    from = to
  }
  if (from < line.length) found.push([line.slice(from), 'plain'])
  return found
}
