/** Lists that somebody came from: back to where they were, with their filters and their place. */
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { hrefOf } from './base.ts'

/** Of the newest list that was shown in this tab: its address, and its place among those that the browser goes back to. */
let last: { readonly href: string; readonly at: number } | undefined

/** The router counts its entries. A cast because the name is its own. */
const placeOf = (state: unknown): number =>
  (state as Readonly<Record<string, number>>)['__TSR_index'] ?? 0

/** For pages that are lists, with their path: their address is their state. */
export const useAsList = (path: string): void => {
  const { history } = useRouter()
  const { href, pathname, state } = history.location
  const at = placeOf(state)
  useEffect(() => {
    // A page is drawn once more while the next one comes.
    if (pathname === hrefOf(path)) last = { href, at }
  }, [href, pathname, path, at])
}

/** Back, if it lies behind; else to the list anew. */
export const useBackToList = (fallback: string): (() => void) => {
  const { history } = useRouter()
  return () => {
    const now = placeOf(history.location.state)
    if (last !== undefined && last.at < now) history.go(last.at - now)
    else history.push(last?.href ?? hrefOf(fallback))
  }
}
