/** Times and sizes: short words, with everything that is known on hover and for those who listen. */
import { useEffect, useState } from 'react'
import {
  countWords,
  dayWords,
  grouped,
  sizeExact,
  sizeWords,
  timeExact,
  timeWords,
} from './words.ts'

const everyMs = 30_000

/** The clock of all times on the page; it moves slowly. */
export const useNow = (): number => {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}

interface TimeProps {
  readonly at: string
  /** The day itself, where it decides something. */
  readonly asDay?: boolean
}

export const Time = ({ at, asDay = false }: TimeProps) => {
  const nowMs = useNow()
  const atMs = Date.parse(at)
  if (Number.isNaN(atMs)) return null
  return (
    <time dateTime={at} title={timeExact(atMs)} className="whitespace-nowrap">
      {asDay ? dayWords(atMs) : timeWords(atMs, nowMs)}
    </time>
  )
}

export const Size = ({ bytes }: { readonly bytes: number }) => (
  <span title={sizeExact(bytes)} className="whitespace-nowrap">
    {sizeWords(bytes)}
  </span>
)

export const Amount = ({ value }: { readonly value: number }) => (
  <span title={grouped(value)} className="whitespace-nowrap">
    {countWords(value)}
  </span>
)
