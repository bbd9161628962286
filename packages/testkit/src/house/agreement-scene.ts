/** An agreement in force between the lab and the clinic about `lab/retina`, and a doctor of the clinic, whom nobody has named yet. */
import assert from 'node:assert/strict'
import type { BodyWish } from '@weighhouse/server/core/agreements/index.ts'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import {
  heading,
  managing,
  openTwoParties,
  sign,
  toAgreed,
  type TwoParties,
  wishOf,
} from './agreement-kit.ts'
import { commit, file, header } from './calls.ts'

export interface Scene extends TwoParties {
  readonly id: AgreementId
  /** Of a doctor of the clinic, who administers nothing. */
  readonly doctor: string
  readonly read: (
    path?: string,
  ) => Promise<{ status: number; code: string | undefined; message: string }>
}

export const openScene = async (
  engine: 'sqlite' | 'postgres' = 'sqlite',
  terms?: Partial<BodyWish['terms']>,
): Promise<Scene> => {
  const two = await openTwoParties(engine)
  const { dev, clinic } = two
  const writer = await dev.token('ann', 'write')
  const lines = [header(), file('config.json', '{"a":1}')]
  assert.equal((await commit(dev, 'lab/retina', lines, { token: writer })).status, 200)
  const doctor = await dev.user('dora')
  await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'read')
  const read: Scene['read'] = async (path = '/lab/retina/resolve/main/config.json') => {
    const answer = await dev.ask('GET', path, { token: doctor })
    return {
      status: answer.status,
      code: answer.headers['x-error-code'],
      message: answer.headers['x-error-message'] ?? '',
    }
  }
  const before = await read()
  assert.deepEqual([before.status, before.code], [404, 'RepoNotFound'], 'hidden before')
  const agreed = { ...wishOf(dev).terms, ...terms }
  const { id, what } = await toAgreed(two, { terms: agreed })
  assert.equal((await read()).status, 404, 'what is only agreed gives nothing')
  await sign(two, 'ann', 'lab', id, what)
  await sign(two, 'cem', 'clinic', id, what)
  await dev.hub.agreements.tick(dev.system)
  return { ...two, id, doctor, read }
}

export const grantTo = async ({ dev, clinic, id }: Scene, more = {}) =>
  dev.hub.agreements.grant(clinic, await managing(dev, clinic, 'clinic'), id, {
    project: 'retina study',
    purposes: ['NonCommercialResearch'],
    to: { kind: 'user', name: 'dora' },
    ...more,
  })
