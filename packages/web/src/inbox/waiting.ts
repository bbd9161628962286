/** What waits for the viewer, as the first page, the bar and the inbox count it. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMe } from '../accounts/me.ts'
import { viewersKey } from '../agreements/keys.ts'
import { hub } from '../app/api.ts'

const waitingQuery = queryOptions({
  queryKey: [...viewersKey, 'waiting'],
  queryFn: () => hub.listWaiting(),
})

const shownMax = 5

/** The newest requests at the viewer's gates; `next` where there are more. */
const requestsQuery = queryOptions({
  queryKey: ['inbox', 'decide', 'newest'],
  queryFn: () => hub.listAccessToDecide({ limit: shownMax }),
})

/** Undefined while it is not known, and for guests. */
export const useWaiting = () => {
  const isPerson = useMe() != null
  const { data: waiting } = useQuery({ ...waitingQuery, enabled: isPerson })
  const { data: requests } = useQuery({ ...requestsQuery, enabled: isPerson })
  if (waiting === undefined || requests === undefined) return undefined
  return { ...waiting, requests: requests.items, hasMoreRequests: requests.next !== null }
}

export type Waiting = NonNullable<ReturnType<typeof useWaiting>>

export const countsOf = ({ agreements, duties, requests, hasMoreRequests }: Waiting) => ({
  agreements: String(agreements.length + duties.length),
  requests: `${requests.length}${hasMoreRequests ? '+' : ''}`,
})
