/** Says that the hub cannot be reached, and that what is shown is of then. It goes away by itself. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Banner } from '../parts/Banner.tsx'
import { Button } from '../parts/Button.tsx'
import { clockWords } from '../parts/words.ts'
import { hub } from './api.ts'
import { useLostSince } from './reach.ts'

const askAgainMs = 5_000

export const LostBand = () => {
  const cache = useQueryClient()
  const sinceMs = useLostSince()
  const isLost = sinceMs !== undefined
  useEffect(() => {
    if (!isLost) return undefined
    // Whatever answers ends it.
    const timer = setInterval(() => void hub.getHub({}).catch(() => undefined), askAgainMs)
    return () => {
      clearInterval(timer)
      void cache.refetchQueries({ type: 'active' })
    }
  }, [isLost, cache])
  if (!isLost) return null
  return (
    <div className="border-b border-line bg-surface px-4 py-2 sm:px-6">
      <Banner
        kind="warn"
        action={
          <Button size="small" onClick={() => void cache.refetchQueries({ type: 'active' })}>
            Try again
          </Button>
        }
      >
        No connection since {clockWords(sinceMs)}. You see what was loaded then; nothing that you
        typed is lost.
      </Banner>
    </div>
  )
}
