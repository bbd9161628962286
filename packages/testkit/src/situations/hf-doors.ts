/** Calls of the Hugging Face API that tell or change anything of a repo. */
import { commit, file, header } from '../house/calls.ts'
import { by, get, isListed, send, type SituationDoor } from './asking.ts'

const seeing: readonly SituationDoor[] = [
  { name: 'HF list', action: 'see', ask: get(() => '/api/models?author=lab'), said: isListed },
  {
    name: 'HF list, in full',
    action: 'see',
    ask: get(() => '/api/models?author=lab&full=true'),
    said: isListed,
  },
  { name: 'HF trending', action: 'see', ask: get(() => '/api/trending'), said: isListed },
  {
    name: 'HF quicksearch',
    action: 'see',
    ask: get(() => '/api/quicksearch?q=retina'),
    said: isListed,
  },
  { name: 'HF likers', action: 'see', ask: get(({ repo }) => `/api/models/${repo}/likers`) },
]

const browsing: readonly SituationDoor[] = [
  { name: 'HF info', action: 'browse', ask: get(({ repo }) => `/api/models/${repo}`) },
  {
    name: 'HF info of a revision',
    action: 'browse',
    ask: get(({ repo }) => `/api/models/${repo}/revision/main`),
  },
  { name: 'HF tree', action: 'browse', ask: get(({ repo }) => `/api/models/${repo}/tree/main`) },
  {
    name: 'HF tree size',
    action: 'browse',
    ask: get(({ repo }) => `/api/models/${repo}/treesize/main`),
  },
  {
    name: 'HF paths info',
    action: 'browse',
    ask: send(
      'POST',
      ({ repo }) => `/api/models/${repo}/paths-info/main`,
      () => ({ paths: ['note.txt'] }),
    ),
  },
  {
    name: 'HF commits',
    action: 'browse',
    ask: get(({ repo }) => `/api/models/${repo}/commits/main`),
  },
  { name: 'HF refs', action: 'browse', ask: get(({ repo }) => `/api/models/${repo}/refs`) },
  {
    name: 'HF access terms',
    action: 'browse',
    ask: get(({ repo }) => `/api/models/${repo}/access-terms`),
  },
]

const reading: readonly SituationDoor[] = [
  {
    name: 'HF auth-check',
    action: 'read',
    ask: get(({ repo }) => `/api/models/${repo}/auth-check`),
  },
  {
    name: 'HF compare',
    action: 'read',
    ask: get(({ repo }) => `/api/models/${repo}/compare/main?raw=true`),
  },
  {
    name: 'HF duplicate',
    action: 'read',
    ask: send(
      'POST',
      ({ repo }) => `/api/models/${repo}/duplicate`,
      () => ({ repository: 'no/such/name' }),
    ),
    passes: 400,
  },
]

const writing: readonly SituationDoor[] = [
  {
    name: 'HF commit',
    action: 'write',
    ask: (asker) => commit(asker.dev, asker.repo, [header(), file('note.txt', 'same')], by(asker)),
  },
  {
    name: 'HF preupload',
    action: 'write',
    ask: send(
      'POST',
      ({ repo }) => `/api/models/${repo}/preupload/main`,
      () => ({ files: [{ path: 'x.txt', size: 1, sample: 'eA==' }] }),
    ),
  },
  {
    name: 'HF contents',
    action: 'write',
    ask: get(({ repo }) => `/api/models/${repo}/lfs-files`),
  },
  {
    name: 'HF access report',
    action: 'write',
    ask: get(({ repo }) => `/${repo}/user-access-report`),
  },
]

const administering: readonly SituationDoor[] = [
  {
    name: 'HF settings',
    action: 'admin',
    ask: send(
      'PUT',
      ({ repo }) => `/api/models/${repo}/settings`,
      () => ({}),
    ),
  },
  {
    // To where it is.
    name: 'HF move',
    action: 'admin',
    ask: send(
      'POST',
      () => '/api/repos/move',
      ({ repo }) => ({ fromRepo: repo, toRepo: repo, type: 'model' }),
    ),
  },
]

export const hfDoors: readonly SituationDoor[] = [
  ...seeing,
  ...browsing,
  ...reading,
  ...writing,
  ...administering,
]
