/** The one way to the hub: the contract's client, with the browser's own session. */
import { ApiError, makeClient } from '@weighhouse/contract/client.ts'
import { QueryCache } from '@tanstack/react-query'
import { hubUrl } from './base.ts'
import { reachingFetch, Unreached } from './reach.ts'
import { Reads } from './reads.ts'

export const hub = makeClient({ url: hubUrl, fetch: reachingFetch })

/** Refusals are answers: only what may pass by itself is tried again. */
const mayPass = (error: Error): boolean =>
  !(error instanceof ApiError) || error.status === 429 || error.status >= 500

export const queries = new Reads({
  queryCache: new QueryCache({
    // A band says that the hub cannot be reached: what stands there stays, with what was typed into it.
    onError: (error, query) => {
      if (error instanceof Unreached && query.state.data !== undefined)
        query.setState({ status: 'success', error: null })
    },
  }),
  defaultOptions: {
    queries: {
      // Whatever the browser thinks of its network: the hub may be on this machine.
      networkMode: 'always',
      refetchOnReconnect: true,
      staleTime: 30_000,
      gcTime: 600_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => times < 2 && mayPass(error),
    },
    // Answers to acts may be secrets: nothing keeps them longer than the form that shows them.
    mutations: { retry: false, gcTime: 0, networkMode: 'always' },
  },
})
