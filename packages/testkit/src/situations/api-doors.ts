/** Calls of our own API that tell anything of a repo: what the pages ask for, and what they do. */
import type { Answer } from '../dev-house.ts'
import { sha256 } from '../house/calls.ts'
import { type Asker, get, isListed, objectOf, send, type SituationDoor } from './asking.ts'
import type { Outcome } from './situation.ts'

const of =
  (rest = '') =>
  ({ repo }: Asker) =>
    `/weighhouse/v1/repos/model/${repo}${rest}`

const codeIn = (answer: Answer): Outcome => {
  // A cast because the answer's form is the contract's.
  const { code } = answer.json() as { code: string }
  return code.startsWith('OK_') ? 'ok' : code
}

/** A page tells it in advance, in the facts of the refusal. */
const refusalIn = (answer: Answer): Outcome => {
  const { refusal } = answer.json() as { refusal: { details: { reason?: string } } | null }
  return refusal === null ? 'ok' : (refusal.details.reason?.toUpperCase() ?? 'no reason')
}

const isCounted = (answer: Answer): Outcome => {
  const { total } = answer.json() as { total: number }
  return total === 1 ? 'ok' : 'hidden'
}

const seeing: readonly SituationDoor[] = [
  {
    name: 'API list',
    action: 'see',
    ask: get(() => '/weighhouse/v1/repos?type=model&owner=lab'),
    said: isListed,
  },
  {
    name: 'API counts',
    action: 'see',
    ask: get(() => '/weighhouse/v1/repo-counts?type=model&owner=lab'),
    said: isCounted,
  },
  { name: 'API repo', action: 'see', ask: get(of()) },
  { name: 'API likers', action: 'see', ask: get(of('/likers')) },
]

const browsing: readonly SituationDoor[] = [
  { name: 'API tree', action: 'browse', ask: get(of('/tree?at=main&withLast=true')) },
  { name: 'API card', action: 'browse', ask: get(of('/card?at=main')) },
  { name: 'API refs', action: 'browse', ask: get(of('/refs')) },
  { name: 'API commits', action: 'browse', ask: get(of('/commits?at=main')) },
  { name: 'API find files', action: 'browse', ask: get(of('/files?at=main&q=note')) },
  {
    name: 'API find by bytes',
    action: 'browse',
    ask: get(({ weights }) => `/weighhouse/v1/contents/${sha256(weights.bytes)}`),
    said: isListed,
    isSilent: true,
  },
  { name: 'API licence', action: 'browse', ask: get(of('/licence')) },
  {
    name: 'API licence check',
    action: 'browse',
    ask: send('POST', of('/licence/check'), () => ({ card: '' })),
  },
  { name: 'API lineage', action: 'browse', ask: get(of('/lineage')) },
  { name: 'API access terms', action: 'browse', ask: get(of('/access-terms')) },
]

const reading: readonly SituationDoor[] = [
  {
    name: 'API explain',
    action: 'read',
    ask: get(({ repo }) => `/weighhouse/v1/access/explain?repo=${repo}&action=repo.read`),
    said: codeIn,
  },
  { name: 'API repo, what it says of reading', action: 'read', ask: get(of()), said: refusalIn },
  { name: 'API file', action: 'read', ask: get(of('/file?at=main/w.safetensors')) },
  { name: 'API colours', action: 'read', ask: get(of('/colours?at=main/w.safetensors')) },
  { name: 'API tensors', action: 'read', ask: get(of('/tensors?at=main/w.safetensors')) },
  { name: 'API changes', action: 'read', ask: get(of('/changes?to=main')) },
]

const writing: readonly SituationDoor[] = [
  {
    // Of what is there: nothing begins.
    name: 'API upload',
    action: 'write',
    ask: send('POST', of('/uploads'), (asker) => {
      const { oid, size } = objectOf(asker)
      return { sha256: oid, sizeBytes: size }
    }),
  },
  {
    name: 'API commit',
    action: 'write',
    ask: send('POST', of('/commits'), () => ({
      branch: 'main',
      title: 'x',
      operations: [{ kind: 'text', path: '../x.txt', text: 'x' }],
    })),
    passes: 400,
  },
  {
    name: 'API branch',
    action: 'write',
    ask: send('POST', of('/branches'), () => ({ branch: 'no..name', from: 'main' })),
    passes: 400,
  },
  {
    name: 'API tag',
    action: 'write',
    ask: send('POST', of('/tags'), () => ({ tag: 'no..name', from: 'main' })),
    passes: 400,
  },
  { name: 'API access requests', action: 'write', ask: get(of('/access-requests')) },
]

const administering: readonly SituationDoor[] = [
  { name: 'API gate', action: 'admin', ask: get(of('/gate')) },
  { name: 'API settings', action: 'admin', ask: send('PATCH', of(), () => ({})) },
  {
    // To where it is.
    name: 'API move',
    action: 'admin',
    ask: send('POST', of('/move'), ({ repo }) => {
      const [toOwner, toName] = repo.split('/')
      return { toOwner, toName }
    }),
  },
]

export const apiDoors: readonly SituationDoor[] = [
  ...seeing,
  ...browsing,
  ...reading,
  ...writing,
  ...administering,
]
