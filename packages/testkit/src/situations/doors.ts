/** Every door at which something can be asked of a repo, and how it is asked there. */
import type { Answer, DevHouse } from '../dev-house.ts'
import { batch, commit, file, header, local, offered, sha256 } from '../house/calls.ts'
import { askGrant, cas, type Grant, reader } from '../house/xet-calls.ts'
import type { XetFile } from '../house/xet-kit.ts'
import type { Outcome, Situation } from './situation.ts'

export interface Asker {
  readonly dev: DevHouse
  readonly repo: string
  readonly weights: XetFile
  readonly token: string | undefined
  /** Taken while everything was allowed: what was given out is decided again when it is used. */
  readonly tickets: { readonly link: string; readonly grant: Grant }
}

export interface SituationDoor {
  readonly name: string
  readonly action: 'see' | 'browse' | 'read' | 'write' | 'admin'
  ask(asker: Asker): Promise<Answer>
  /** Where an answer of 200 may say no. */
  readonly said?: (answer: Answer, asker: Asker) => Outcome
  /** What is asked for is nonsense, so that nothing is made: this status says that it was allowed. */
  readonly passes?: number
}

const get =
  (path: (asker: Asker) => string, method = 'GET') =>
  (asker: Asker): Promise<Answer> =>
    asker.dev.ask(method, path(asker), by(asker))

const by = ({ token }: Pick<Asker, 'token'>) => (token === undefined ? {} : { token })

const objectOf = ({ weights }: Asker) => ({
  oid: sha256(weights.bytes),
  size: weights.bytes.length,
})

/** The tickets of somebody who may read now. */
export const takeTickets = async (asker: Omit<Asker, 'tickets'>): Promise<Asker['tickets']> => {
  const { dev, repo, weights, token } = asker
  const object = { oid: sha256(weights.bytes), size: weights.bytes.length }
  const asked = await batch(dev, repo, [object], { ...by(asker), operation: 'download' })
  return {
    link: local(offered(asked).actions?.download?.href),
    grant: await reader(dev, repo, token),
  }
}

const isListed = ({ text }: Answer, { repo }: Asker): Outcome =>
  text.includes(`"${repo}"`) ? 'ok' : 'hidden'

const codeIn = (answer: Answer): Outcome => {
  // A cast because the answer's form is the contract's.
  const { code } = answer.json() as { code: string }
  return code.startsWith('OK_') ? 'ok' : code
}

export const situationDoors: readonly SituationDoor[] = [
  {
    name: 'HF list',
    action: 'see',
    ask: get(() => '/api/models?author=lab'),
    said: isListed,
  },
  {
    name: 'HF quicksearch',
    action: 'see',
    ask: get(() => '/api/quicksearch?q=retina'),
    said: isListed,
  },
  { name: 'HF info', action: 'browse', ask: get(({ repo }) => `/api/models/${repo}`) },
  { name: 'HF tree', action: 'browse', ask: get(({ repo }) => `/api/models/${repo}/tree/main`) },
  {
    name: 'HF commits',
    action: 'browse',
    ask: get(({ repo }) => `/api/models/${repo}/commits/main`),
  },
  { name: 'HF refs', action: 'browse', ask: get(({ repo }) => `/api/models/${repo}/refs`) },
  {
    name: 'API access terms',
    action: 'browse',
    ask: get(({ repo }) => `/weighhouse/v1/repos/model/${repo}/access-terms`),
  },
  {
    name: 'API explain',
    action: 'read',
    ask: get(({ repo }) => `/weighhouse/v1/access/explain?repo=${repo}&action=repo.read`),
    said: codeIn,
  },
  {
    name: 'HF auth-check',
    action: 'read',
    ask: get(({ repo }) => `/api/models/${repo}/auth-check`),
  },
  {
    name: 'HF resolve, HEAD',
    action: 'read',
    ask: get(({ repo }) => `/${repo}/resolve/main/w.safetensors`, 'HEAD'),
  },
  {
    name: 'HF resolve, GET',
    action: 'read',
    ask: get(({ repo }) => `/${repo}/resolve/main/w.safetensors`),
  },
  { name: 'HF raw', action: 'read', ask: get(({ repo }) => `/${repo}/raw/main/w.safetensors`) },
  {
    name: 'LFS batch, download',
    action: 'read',
    ask: (asker) =>
      batch(asker.dev, asker.repo, [objectOf(asker)], { ...by(asker), operation: 'download' }),
  },
  { name: 'LFS link', action: 'read', ask: ({ dev, tickets }) => dev.ask('GET', tickets.link) },
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
    name: 'HF duplicate',
    action: 'read',
    ask: (asker) =>
      asker.dev.ask('POST', `/api/models/${asker.repo}/duplicate`, {
        ...by(asker),
        body: { repository: 'no/such/name' },
      }),
    passes: 400,
  },
  {
    name: 'HF commit',
    action: 'write',
    ask: (asker) => commit(asker.dev, asker.repo, [header(), file('note.txt', 'same')], by(asker)),
  },
  {
    name: 'HF preupload',
    action: 'write',
    ask: (asker) =>
      asker.dev.ask('POST', `/api/models/${asker.repo}/preupload/main`, {
        ...by(asker),
        body: { files: [{ path: 'x.txt', size: 1, sample: 'eA==' }] },
      }),
  },
  {
    name: 'LFS batch, upload',
    action: 'write',
    ask: (asker) => batch(asker.dev, asker.repo, [objectOf(asker)], by(asker)),
  },
  {
    name: 'Xet token, write',
    action: 'write',
    ask: (asker) => askGrant(asker.dev, asker.repo, { ...by(asker), scope: 'write' }),
  },
  {
    name: 'HF settings',
    action: 'admin',
    ask: (asker) =>
      asker.dev.ask('PUT', `/api/models/${asker.repo}/settings`, { ...by(asker), body: {} }),
  },
  {
    // To where it is.
    name: 'HF move',
    action: 'admin',
    ask: (asker) =>
      asker.dev.ask('POST', '/api/repos/move', {
        ...by(asker),
        body: { fromRepo: asker.repo, toRepo: asker.repo, type: 'model' },
      }),
  },
]

/** Doors at which an action is not offered: nothing is asked there, and the table says so. */
export const notOffered: readonly string[] = ['git (smart HTTP)', 'OCI', 'MLflow', 'inference']

/** What a door said, in the words of the table. */
export const outcomeAt = async (door: SituationDoor, asker: Asker): Promise<Outcome> => {
  const answer = await door.ask(asker)
  const { status, headers, text } = answer
  if (status < 400) return door.said === undefined ? 'ok' : door.said(answer, asker)
  const reason = headers['x-weighhouse-reason']
  if (reason !== undefined) return reason
  if (status === door.passes) return 'ok'
  return status === 404 || status === 401 ? 'hidden' : `${status}: ${text.slice(0, 200)}`
}

/** Its owner's administrators look after what they may not write to now, unless a court holds it. */
const adminOf = ({ who, write }: Situation): Outcome => {
  if (write !== 'TAKEDOWN' && write !== 'QUARANTINE') return write
  return who === 'ann' || who === 'root' ? 'ok' : 'ROLE_TOO_LOW'
}

/** Whatever is refused, that it exists is known to all from whom it is not hidden. */
export const expectedAt = (situation: Situation, { action }: SituationDoor): Outcome => {
  if (action === 'admin') return adminOf(situation)
  if (action !== 'see') return situation[action]
  return situation.browse === 'hidden' ? 'hidden' : 'ok'
}
