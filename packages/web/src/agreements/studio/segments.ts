/** What a comparison of clauses tells of their text alone: its first line is the title with what backs it, which stands elsewhere. */
import type { Diff } from '../data.ts'

type Segment = Diff['clauses'][number]['segments'][number]

export const textSegments = (segments: readonly Segment[]): Segment[] => {
  // The first line may differ on either side.
  const inTitle = { old: true, new: true }
  return segments.flatMap(({ kind, text }): Segment[] => {
    const isTitle = kind === 'removed' ? inTitle.old : inTitle.new
    if (!isTitle) return [{ kind, text }]
    const end = text.indexOf('\n')
    if (end === -1) return []
    if (kind !== 'added') inTitle.old = false
    if (kind !== 'removed') inTitle.new = false
    const rest = text.slice(end + 1)
    return rest === '' ? [] : [{ kind, text: rest }]
  })
}
