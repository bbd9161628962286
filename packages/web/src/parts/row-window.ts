/** Which rows of a long table are in sight. Only those, and some around them, are in the page. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

export interface RowWindow {
  /** The body of the table. */
  readonly ref: RefObject<HTMLTableSectionElement | null>
  readonly first: number
  /** Exclusive. */
  readonly last: number
  /** Of the rows that are left out before and after. */
  readonly beforePx: number
  readonly afterPx: number
}

/** Tables up to this length are whole: they can be searched and printed by the browser. */
const wholeMax = 300
/** Rows kept beyond the edges: keys walk into them. */
const spare = 40
/** The edge moves in steps, so that scrolling draws anew now and then only. */
const step = 20
const leastHeight = 20

interface Sight {
  readonly topPx: number
  readonly screenPx: number
  readonly rowPx: number
  readonly count: number
}

/** Rows for a table whose first row stands `topPx` below the edge of the screen. */
export const rowsInSight = ({
  topPx,
  screenPx,
  rowPx,
  count,
}: Sight): [first: number, last: number] => {
  const above = Math.floor(-topPx / rowPx)
  const first = Math.floor((above - spare) / step) * step
  const last = Math.ceil((above + screenPx / rowPx + spare) / step) * step
  const clamp = (row: number): number => Math.min(count, Math.max(0, row))
  return [clamp(first), clamp(last)]
}

export const useRowWindow = (count: number): RowWindow => {
  const ref = useRef<HTMLTableSectionElement>(null)
  const isLong = count > wholeMax
  const [{ first, last, rowPx }, setSight] = useState({ first: 0, last: 100, rowPx: 30 })
  useLayoutEffect(() => {
    if (!isLong) return undefined
    let frame = 0
    const look = (): void => {
      frame = 0
      const body = ref.current
      if (body === null) return
      const found = body.querySelector<HTMLElement>('[data-row]')?.getBoundingClientRect().height
      const height = Math.max(leastHeight, found ?? leastHeight)
      const topPx = body.getBoundingClientRect().top
      const [from, to] = rowsInSight({ topPx, screenPx: innerHeight, rowPx: height, count })
      setSight((seen) =>
        seen.first === from && seen.last === to && seen.rowPx === height
          ? seen
          : { first: from, last: to, rowPx: height },
      )
    }
    const soon = (): void => {
      frame ||= requestAnimationFrame(look)
    }
    look()
    addEventListener('scroll', soon, { passive: true })
    addEventListener('resize', soon)
    return () => {
      cancelAnimationFrame(frame)
      removeEventListener('scroll', soon)
      removeEventListener('resize', soon)
    }
  }, [count, isLong])
  if (!isLong) return { ref, first: 0, last: count, beforePx: 0, afterPx: 0 }
  const end = Math.min(last, count)
  return { ref, first, last: end, beforePx: first * rowPx, afterPx: (count - end) * rowPx }
}
