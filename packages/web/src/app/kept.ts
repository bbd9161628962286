/** What somebody types, kept in this tab until it is sent: going back, loading again and signing in again lose none of it. */
import { useEffect, useState } from 'react'
import { useMe } from '../accounts/me.ts'

const read = <T>(key: string): T | undefined => {
  try {
    const text = sessionStorage.getItem(key)
    // A cast because only this file writes under these keys.
    return text === null ? undefined : (JSON.parse(text) as T)
  } catch {
    return undefined
  }
}

const write = (key: string, value: unknown): void => {
  try {
    if (value === undefined) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(value))
  } catch {
    // The browser keeps nothing, or no more: then the page alone has it.
  }
}

export interface Kept<T> {
  readonly value: T
  readonly set: (value: T) => void
  /** Was it typed before this page was opened? */
  readonly isBack: boolean
  /** When it is sent, or not wanted. */
  readonly forget: () => void
  /** What the page would have begun with. */
  readonly startOver: () => void
}

/** `name` says what it is about. It is kept for who typed it. */
export const useKept = <T>(name: string, begin: () => T): Kept<T> => {
  const me = useMe()
  // As it was at first: who is signed out meanwhile finds it again, and nobody else does.
  const [key] = useState(() => `weighhouse:${me?.id ?? ''}:${name}`)
  const [state, setState] = useState(() => {
    const found = read<T>(key)
    return { value: found ?? begin(), isBack: found !== undefined, isOwn: false }
  })
  const { value, isOwn, isBack } = state
  useEffect(() => {
    if (isOwn) write(key, value)
  }, [key, value, isOwn])
  return {
    value,
    isBack,
    set: (next) => setState({ value: next, isBack: false, isOwn: true }),
    forget: () => write(key, undefined),
    startOver: () => {
      write(key, undefined)
      setState({ value: begin(), isBack: false, isOwn: false })
    },
  }
}
