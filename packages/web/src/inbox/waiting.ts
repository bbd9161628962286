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

/** `waiting` is undefined while it is not known, and for guests. */
export const useWaiting = () => {
  const isPerson = useMe() != null
  const own = useQuery({ ...waitingQuery, enabled: isPerson })
  const { data: requests, error } = useQuery({ ...requestsQuery, enabled: isPerson })
  const waiting =
    own.data === undefined || requests === undefined
      ? undefined
      : { ...own.data, requests: requests.items, hasMoreRequests: requests.next !== null }
  return { waiting, error: own.error ?? error }
}

export type Waiting = NonNullable<ReturnType<typeof useWaiting>['waiting']>

/** The hub tells no more of each. */
const toldMax = 50

const orMore = (count: number, isMore: boolean): string => `${count}${isMore ? '+' : ''}`

export const countsOf = ({ agreements, duties, requests, hasMoreRequests }: Waiting) => ({
  agreements: orMore(
    agreements.length + duties.length,
    agreements.length >= toldMax || duties.length >= toldMax,
  ),
  requests: orMore(requests.length, hasMoreRequests),
})
