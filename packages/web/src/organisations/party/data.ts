/** What is read again after something changed about an organisation as a party: agreements name it. */
import type { Client } from '@weighhouse/contract/client.ts'

export type Key = Awaited<ReturnType<Client['listKeys']>>['items'][number]

export const stale = [['party'], ['agreements']] as const
