/** A gated repo with people around it, for tests. */
import assert from 'node:assert/strict'
import { type Answer, type Ask, type DevHouse, openDevHouse } from '../dev-house.ts'
import type { EngineName } from '../engines.ts'
import { commit, file, header, lfsFile, upload } from './calls.ts'

export const weights = Buffer.alloc(90_000, 7)

export const card = `---
license: other
extra_gated_heading: Please read
extra_gated_prompt: You agree to be kind.
extra_gated_fields:
  Company: text
  Country: country
  Born: date_picker
  Use:
    type: select
    options:
      - Research
      - label: Something else
        value: other
  Newsletter:
    type: checkbox
    optional: true
  I agree: checkbox
---
# Gated
`

export const answers = {
  Company: 'Acme',
  Country: 'de',
  Born: '2001-02-28',
  Use: 'other',
  'I agree': true,
}

export interface GateWorld extends AsyncDisposable {
  readonly dev: DevHouse
  /** Tokens by name: owner (of lab), member (reads), writer, ann, bob. */
  readonly tokens: Readonly<Record<string, string>>
  api(method: string, path: string, who?: string, body?: unknown): Promise<Answer>
  ask(method: string, url: string, who?: string, more?: Ask): Promise<Answer>
}

/** `lab/gated`, a public model behind a gate, with a card, a licence, a small file and a large one. */
export const openGateWorld = async (
  gated: 'auto' | 'manual',
  engine: EngineName = 'sqlite',
): Promise<GateWorld> => {
  const dev = await openDevHouse({ engine })
  const tokens: Record<string, string> = {}
  for (const name of ['owner', 'member', 'writer', 'ann', 'bob']) {
    tokens[name] = await dev.user(name)
  }
  tokens['reader'] = await dev.token('owner', 'read')
  await dev.org('lab', 'owner')
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'lab')
  await dev.hub.identity.addMember(dev.system, permit, 'member', 'read')
  await dev.hub.identity.addMember(dev.system, permit, 'writer', 'write')
  await dev.repo('lab/gated')
  const owner = tokens['owner'] ?? ''
  await upload(dev, 'lab/gated', weights, owner)
  const made = await commit(
    dev,
    'lab/gated',
    [
      header(),
      file('README.md', card),
      file('LICENSE', 'Be kind.\r\n'),
      file('a.txt', 'secret'),
      lfsFile('w.bin', weights),
    ],
    { token: owner },
  )
  assert.equal(made.status, 200, made.text)
  const ask: GateWorld['ask'] = (method, url, who, more = {}) => {
    const token = who === undefined ? undefined : tokens[who]
    return dev.ask(method, url, { ...more, ...(token === undefined ? {} : { token }) })
  }
  const world: GateWorld = {
    dev,
    tokens,
    ask,
    api: (method, path, who, body) =>
      ask(method, `/api/models/lab/gated${path}`, who, body === undefined ? {} : { body }),
    [Symbol.asyncDispose]: () => dev[Symbol.asyncDispose](),
  }
  const set = await world.api('PUT', '/settings', 'owner', { gated })
  assert.deepEqual(set.json(), {
    visibility: 'public',
    private: false,
    gated,
    orgMembersGated: false,
  })
  return world
}
