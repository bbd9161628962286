/** Says that the hub cannot be reached, and that what is shown is of then. It goes away by itself. */
import { useQueryClient } from '@tanstack/react-query'
import { Banner } from '../parts/Banner.tsx'
import { Button } from '../parts/Button.tsx'
import { clockWords } from '../parts/words.ts'
import { useLostSince } from './reach.ts'

export const LostBand = () => {
  const cache = useQueryClient()
  const sinceMs = useLostSince()
  if (sinceMs === undefined) return null
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
