/** What is owed, and what was used of what is counted. */
import type { Client } from '@weighhouse/contract/client.ts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { hub } from '../../app/api.ts'
import type { Named } from '../data.ts'

export type Duty = Awaited<ReturnType<Client['listDuties']>>['items'][number]
export type Meter = Awaited<ReturnType<Client['listAgreementMeters']>>['items'][number]
export type Usage = Awaited<ReturnType<Client['listUsage']>>['items'][number]

export const dutiesQuery = (org: string) =>
  infiniteQueryOptions({
    queryKey: ['agreements', org, 'duties'],
    queryFn: ({ pageParam }) =>
      hub.listDuties({ org, limit: 100, ...(pageParam === '' ? {} : { cursor: pageParam }) }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const metersQuery = ({ org, id }: Named) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'meters'],
    queryFn: async () => (await hub.listAgreementMeters({ org, id })).items,
  })

export const usageQuery = ({ org, id }: Named) =>
  queryOptions({
    queryKey: ['agreements', org, id, 'usage'],
    queryFn: async () => (await hub.listUsage({ org, id })).items,
  })
