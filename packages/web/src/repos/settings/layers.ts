/** Boxes in layers: the far ancestors on top, the repo in the middle, what was made from it below. */

interface Relative {
  readonly name: string
  readonly depth: number
}

interface Box {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly isSelf: boolean
}

interface Point {
  readonly x: number
  readonly y: number
}

export const boxSize = { width: 200, height: 34 } as const
const gap = { across: 16, down: 30 } as const
const inLayerMax = 6
const layersMax = 4

/** By depth, the near ones first; wide layers and deep families are cut, the list has all. */
const layersOf = (all: readonly Relative[]): string[][] => {
  const layers: string[][] = []
  for (let depth = 1; depth <= layersMax; depth += 1) {
    const names = [...new Set(all.filter((one) => one.depth === depth).map(({ name }) => name))]
    if (names.length === 0) break
    layers.push(names.slice(0, inLayerMax))
  }
  return layers
}

export interface Layout {
  readonly boxes: readonly Box[]
  /** From the bottom of an upper box to the top of one below; between neighbouring layers. */
  readonly lines: readonly { readonly from: Point; readonly to: Point }[]
  readonly width: number
  readonly height: number
}

export const layout = (
  self: string,
  ancestors: readonly Relative[],
  descendants: readonly Relative[],
): Layout => {
  const above = layersOf(ancestors).toReversed()
  const rows = [...above, [self], ...layersOf(descendants)]
  const widest = Math.max(...rows.map((row) => row.length))
  const width = widest * boxSize.width + (widest - 1) * gap.across + 2
  const placed = rows.map((row, layer) => {
    const rowWidth = row.length * boxSize.width + (row.length - 1) * gap.across
    return row.map((name, place) => ({
      name,
      x: (width - rowWidth) / 2 + place * (boxSize.width + gap.across),
      y: 1 + layer * (boxSize.height + gap.down),
      isSelf: layer === above.length,
    }))
  })
  const middle = boxSize.width / 2
  const lines = placed.slice(1).flatMap((row, layer) =>
    (placed[layer] ?? []).flatMap((upper) =>
      row.map((lower) => ({
        from: { x: upper.x + middle, y: upper.y + boxSize.height },
        to: { x: lower.x + middle, y: lower.y },
      })),
    ),
  )
  const height = rows.length * boxSize.height + (rows.length - 1) * gap.down + 2
  return { boxes: placed.flat(), lines, width, height }
}
