/**
 * Focus never falls to nothing. Where what had it is taken away (a row that was removed, a form that was sent), what now stands in its
 * place gets it: else a person without a pointer, or who hears the page, begins again at its top.
 */
const reachable =
  'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])'

const canHaveFocus = (one: HTMLElement): boolean =>
  !one.matches(':disabled, [tabindex="-1"]') && one.checkVisibility()

/** Where it stood: in what, and behind what. */
interface Gap {
  readonly within: Element
  readonly behind: Node | null
}

/** Of all that went, the part that held it and whose surroundings are still there. */
const gapOf = (lost: Element, records: readonly MutationRecord[]): Gap | undefined => {
  const held = records.find(
    ({ target, removedNodes }) =>
      target.isConnected && [...removedNodes].some((node) => node.contains(lost)),
  )
  return held?.target instanceof Element
    ? { within: held.target, behind: held.previousSibling }
    : undefined
}

const isBehind = (one: Element, { within, behind }: Gap): boolean => {
  const from = behind?.isConnected === true ? behind : within
  const isAfter = (from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
  return isAfter && (from === within || !from.contains(one))
}

/** The next one in the smallest part of the page that has any, or else the last one before. */
const nextOf = (gap: Gap, top: Element): HTMLElement | undefined => {
  for (let part: Element | null = gap.within; part !== null; part = part.parentElement) {
    const all = [...part.querySelectorAll<HTMLElement>(reachable)].filter(canHaveFocus)
    const found = all.find((one) => isBehind(one, gap)) ?? all.at(-1)
    if (found !== undefined || part === top) return found
  }
  return undefined
}

const isNowhere = (): boolean =>
  document.activeElement === null || document.activeElement === document.body

/** Until it is ended by what it answers. `main` gets focus where nothing else is left. */
export const keepFocus = (main: HTMLElement): (() => void) => {
  let last: Element | undefined
  const remember = ({ target }: FocusEvent): void => {
    last = target instanceof Element ? target : undefined
  }
  const look = (records: readonly MutationRecord[]): void => {
    if (last === undefined || last.isConnected || !isNowhere()) return
    const gap = gapOf(last, records)
    const top = gap?.within.closest('dialog[open]') ?? main
    const next = gap !== undefined && top.contains(gap.within) ? nextOf(gap, top) : undefined
    if (next === undefined) main.focus({ preventScroll: true })
    else next.focus()
  }
  const observer = new MutationObserver(look)
  observer.observe(document.body, { childList: true, subtree: true })
  document.addEventListener('focusin', remember)
  return () => {
    observer.disconnect()
    document.removeEventListener('focusin', remember)
  }
}
