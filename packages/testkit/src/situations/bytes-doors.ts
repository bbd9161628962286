/** Doors at which bytes go in and out: by name, by LFS, by Xet, and by links that were given out before. */
import { batch, lfsJson } from '../house/calls.ts'
import { askGrant, cas } from '../house/xet-calls.ts'
import { type Asker, by, get, objectOf, type SituationDoor } from './asking.ts'

const weightsOf = ({ repo }: Asker): string => `/${repo}/resolve/main/w.safetensors`

const withHeaders = (headers: (asker: Asker) => Record<string, string>) => (asker: Asker) =>
  asker.dev.ask('GET', weightsOf(asker), { ...by(asker), headers: headers(asker) })

const byName: readonly SituationDoor[] = [
  { name: 'HF resolve, HEAD', action: 'read', ask: get(weightsOf, 'HEAD') },
  { name: 'HF resolve, GET', action: 'read', ask: get(weightsOf) },
  {
    name: 'HF resolve, a range',
    action: 'read',
    ask: withHeaders(() => ({ range: 'bytes=0-7' })),
  },
  {
    name: 'HF resolve, if changed',
    action: 'read',
    ask: withHeaders((asker) => ({ 'if-none-match': `"${objectOf(asker).oid}"` })),
  },
  {
    name: 'HF resolve, where its chunks are',
    action: 'read',
    ask: withHeaders(() => ({ accept: 'application/vnd.xet-fileinfo+json' })),
  },
  {
    name: 'HF resolve-cache',
    action: 'read',
    ask: get(
      ({ repo, tickets }) => `/api/resolve-cache/models/${repo}/${tickets.commit}/w.safetensors`,
    ),
  },
  { name: 'HF raw', action: 'read', ask: get(({ repo }) => `/${repo}/raw/main/w.safetensors`) },
]

const byLfs: readonly SituationDoor[] = [
  {
    name: 'LFS batch, download',
    action: 'read',
    ask: (asker) =>
      batch(asker.dev, asker.repo, [objectOf(asker)], { ...by(asker), operation: 'download' }),
  },
  { name: 'LFS link', action: 'read', ask: ({ dev, tickets }) => dev.ask('GET', tickets.link) },
  {
    name: 'LFS link, HEAD',
    action: 'read',
    ask: ({ dev, tickets }) => dev.ask('HEAD', tickets.link),
  },
  {
    name: 'LFS batch, upload',
    action: 'write',
    ask: (asker) => batch(asker.dev, asker.repo, [objectOf(asker)], by(asker)),
  },
  {
    name: 'LFS verify',
    action: 'write',
    ask: (asker) =>
      asker.dev.ask('POST', `/${asker.repo}.git/info/lfs/objects/verify`, {
        ...by(asker),
        headers: { 'content-type': lfsJson },
        body: JSON.stringify(objectOf(asker)),
      }),
  },
]

const byXet: readonly SituationDoor[] = [
  {
    name: 'Xet token, read',
    action: 'read',
    ask: (asker) => askGrant(asker.dev, asker.repo, { ...by(asker), scope: 'read' }),
  },
  {
    name: 'Xet reconstruction',
    action: 'read',
    ask: ({ dev, tickets, weights }) =>
      cas(dev, tickets.grant, 'GET', `/v2/reconstructions/${weights.hash}`),
  },
  {
    name: 'Xet reconstruction, v1',
    action: 'read',
    ask: ({ dev, tickets, weights }) =>
      cas(dev, tickets.grant, 'GET', `/v1/reconstructions/${weights.hash}`),
  },
  {
    name: 'Xet file, HEAD',
    action: 'read',
    ask: ({ dev, tickets, weights }) =>
      cas(dev, tickets.grant, 'HEAD', `/v1/files/${weights.hash}`),
  },
  {
    // Its clients take a reason for leave to ask again.
    name: 'Xet link',
    action: 'read',
    ask: ({ dev, tickets: { data } }) =>
      dev.ask('GET', data.link, { headers: { range: data.range } }),
    isSilent: true,
  },
  {
    name: 'Xet token, write',
    action: 'write',
    ask: (asker) => askGrant(asker.dev, asker.repo, { ...by(asker), scope: 'write' }),
  },
]

export const bytesDoors: readonly SituationDoor[] = [...byName, ...byLfs, ...byXet]
