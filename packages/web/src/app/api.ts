/** The one way to the hub: the contract's client, with the browser's own session. */
import { ApiError, makeClient } from '@weighhouse/contract/client.ts'
import { QueryClient } from '@tanstack/react-query'
import { hubUrl } from './base.ts'
import { reachingFetch } from './reach.ts'

export const hub = makeClient({ url: hubUrl, fetch: reachingFetch })

/** Refusals are answers: only what may pass by itself is tried again. */
const mayPass = (error: Error): boolean =>
  !(error instanceof ApiError) || error.status === 429 || error.status >= 500

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 600_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => times < 2 && mayPass(error),
    },
    // Answers to acts may be secrets: nothing keeps them longer than the form that shows them.
    mutations: { retry: false, gcTime: 0 },
  },
})
