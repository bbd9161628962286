/** Training and approvals that terms ask for: said by the consumer's administrators, with a document, until a day. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEnvelope } from '@weighhouse/formats/dsse/envelope.ts'
import type { Constraint } from '@weighhouse/formats/terms/terms.ts'
import { engineNames } from '../engines.ts'
import { dayMs, heading, managing, openTwoParties, toActive, wishOf } from './agreement-kit.ts'
import { commit, file, header } from './calls.ts'
import { clientOf, refusedWith } from './org-kit.ts'

const limits: readonly Constraint[] = [
  { operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] },
  { operand: 'ethicsApproval', operator: 'eq', value: 'OnFile' },
]

for (const engine of engineNames) {
  void test(`${engine}: missing, said, of another, over: each has its answer`, async () => {
    const two = await openTwoParties(engine)
    const { dev, lab, clinic } = two
    await using _ = dev
    const writer = await dev.token('ann', 'write')
    await commit(dev, 'lab/retina', [header(), file('config.json', '{}')], { token: writer })
    const doctor = await dev.user('dora')
    await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'read')
    const { permissions, ...terms } = wishOf(dev).terms
    const asking = permissions.map((one) =>
      one.action === 'download' ? { ...one, constraints: limits } : one,
    )
    const { id, forClinic } = await toActive(two, { terms: { ...terms, permissions: asking } })
    await dev.hub.agreements.grant(clinic, forClinic, id, {
      project: 'retina study',
      purposes: [],
      to: { kind: 'user', name: 'dora' },
    })
    const read = async (): Promise<string> => {
      const answer = await dev.ask('GET', '/lab/retina/resolve/main/config.json', { token: doctor })
      return `${answer.status} ${answer.headers['x-error-message'] ?? ''}`
    }
    assert.match(await read(), /^403 .*nothing is known about/)

    const cem = clientOf(dev, await dev.token('cem', 'write'))
    const ann = clientOf(dev, writer)
    const at = { org: 'clinic', id }
    const until = new Date(dev.clock.nowMs() + 100 * dayMs).toISOString()
    const approval = { kind: 'ethicsApproval', word: 'OnFile', sha256: 'a'.repeat(64) } as const
    const training = { kind: 'userTraining', word: 'HumanSubjects', until } as const
    const link = 'https://clinic.example/certificate'
    await refusedWith(
      cem.attest({ ...at, ...training, of: { kind: 'user', name: 'dora' } }),
      400,
      'invalid',
    )
    await refusedWith(
      cem.attest({ ...at, ...training, link, of: { kind: 'user', name: 'ann' } }),
      400,
      'invalid',
    )
    await refusedWith(
      ann.attest({ org: 'lab', id, ...approval, of: { kind: 'org' } }),
      409,
      'conflict',
    )
    await cem.attest({ ...at, ...approval, of: { kind: 'project', name: 'another study' } })
    await cem.attest({ ...at, ...training, link, of: { kind: 'user', name: 'cem' } })
    assert.match(await read(), /^403 .*nothing is known about/, 'of another project and person')
    const own = await cem.attest({
      ...at,
      ...approval,
      of: { kind: 'project', name: 'retina study' },
    })
    await cem.attest({ ...at, ...training, link, of: { kind: 'user', name: 'dora' } })
    assert.match(await read(), /^200/)
    dev.clock.advance(101 * dayMs)
    assert.match(await read(), /^403 .*missing or over.*Needed: a training certificate/)
    await cem.attest({ ...at, ...training, until: null, link, of: { kind: 'org' } })
    assert.match(await read(), /^200/)
    await cem.endAttestation({ ...at, attestation: own.id })
    await refusedWith(cem.endAttestation({ ...at, attestation: own.id }), 404, 'entry_not_found')
    assert.match(await read(), /^403 .*missing or over.*Needed: an ethics approval/)
    const { items } = await cem.listAttestations(at)
    assert.deepEqual(items.map(({ isOver }) => isOver).filter(Boolean).length, 3)
    assert.deepEqual((await ann.listAttestations({ org: 'lab', id })).items, [])
    const said = await dev.hub.agreements.statements(await managing(dev, lab, 'lab'), id, {
      after: 0,
      limit: 100,
    })
    const texts = said.map(({ envelope }) =>
      Buffer.from(parseEnvelope(JSON.parse(envelope)).payload, 'base64').toString(),
    )
    assert.match(texts.join(), /attestation_given.*HumanSubjects/)
    assert.doesNotMatch(texts.join(), /clinic\.example/, 'where it lies is their own affair')
  })
}
