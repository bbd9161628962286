/** Who looks at the page. Null for nobody: that is an answer, not an error. */
import { ApiError } from '@weighhouse/contract/client.ts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { hub } from '../app/api.ts'

const readMe = async () => {
  try {
    return await hub.getMe()
  } catch (error) {
    if (error instanceof ApiError && error.code === 'unauthenticated') return null
    throw error
  }
}

const meQuery = queryOptions({ queryKey: ['me'], queryFn: readMe, staleTime: 60_000 })

export const hubQuery = queryOptions({
  queryKey: ['hub'],
  queryFn: () => hub.getHub({}),
  staleTime: 600_000,
})

export type Me = NonNullable<Awaited<ReturnType<typeof readMe>>>

/** Undefined while it is asked. */
export const useMe = (): Me | null | undefined => useQuery(meQuery).data
