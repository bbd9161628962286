/** What an organisation lets its own people take: one file and not its neighbour, by the licence, and never a reason to be shown more. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { openDevHouse } from '../dev-house.ts'
import { commit, file, header } from './calls.ts'
import { clientOf } from './org-kit.ts'
import { askGrant } from './xet-calls.ts'

for (const engine of engineNames) {
  void test(`${engine}: a pickle is refused while the safetensors beside it is served`, async () => {
    await using dev = await openDevHouse({ engine })
    for (const name of ['ann', 'cem', 'dora']) await dev.user(name)
    await dev.org('lab', 'ann')
    await dev.org('clinic', 'cem')
    const heading = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'clinic')
    await dev.hub.identity.addMember(dev.system, heading, 'dora', 'read')
    await dev.repo('lab/both')
    const ann = await dev.token('ann', 'write')
    const lines = [
      header(),
      file('old/model.bin', 'a pickle'),
      file('model.safetensors', 'tensors'),
      file('README.md', '---\nlicense: mit\n---\n'),
    ]
    assert.equal((await commit(dev, 'lab/both', lines, { token: ann })).status, 200)
    await dev.house.settle()
    const token = await dev.token('dora', 'write')
    const reads = async (path: string) => {
      const answer = await dev.ask('GET', `/lab/both/resolve/main/${path}`, { token })
      return [answer.status, answer.headers['x-weighhouse-reason']]
    }
    const cem = clientOf(dev, await dev.token('cem', 'write'))
    assert.deepEqual(await reads('old/model.bin'), [200, undefined])
    await cem.setTakingRules({ org: 'clinic', formatsDenied: ['pickle'] })
    assert.deepEqual(await reads('old/model.bin'), [403, 'ORG_POLICY'])
    assert.deepEqual(await reads('model.safetensors'), [200, undefined])
    const grant = await askGrant(dev, 'lab/both', { token, scope: 'read' })
    assert.match(grant.text, /clinic does not let its people take this.*pickle/)
    const stranger = await dev.token('ann', 'read')
    const theirs = await dev.ask('GET', '/lab/both/resolve/main/old/model.bin', { token: stranger })
    assert.equal(theirs.status, 200, 'the rule is for the clinic’s own people')
    await cem.setTakingRules({ org: 'clinic', formatsDenied: [], licencesAllowed: ['apache-2.0'] })
    assert.deepEqual(await reads('model.safetensors'), [403, 'ORG_POLICY'])
    await cem.setTakingRules({ org: 'clinic', licencesAllowed: ['apache-2.0', 'mit'] })
    assert.deepEqual(await reads('model.safetensors'), [200, undefined])
    assert.deepEqual((await cem.getTakingRules({ org: 'clinic' })).licencesAllowed, [
      'apache-2.0',
      'mit',
    ])
    await assert.rejects(
      cem.setTakingRules({ org: 'clinic', formatsDenied: ['magic'] }),
      /found "magic"/,
    )
    const dora = clientOf(dev, token)
    await assert.rejects(dora.setTakingRules({ org: 'clinic', formatsDenied: [] }), /permission/)
  })
}
