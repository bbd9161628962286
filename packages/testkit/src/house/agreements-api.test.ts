/** Two organisations come to an agreement by the API, as two browsers; what they signed is checked by a program that is not ours. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { agreementType, statementType } from '@weighhouse/formats/agreement/statement.ts'
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { signedBytes } from '@weighhouse/formats/dsse/envelope.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { dayMs, wishOf } from './agreement-kit.ts'
import { commit, file, header } from './calls.ts'
import { clientOf, refusedWith } from './org-kit.ts'
import { signedIn, userWithPassword } from './signin-kit.ts'

const run = promisify(execFile)

/** What a page of the hub can do for somebody who is signed in. */
const browserOf = async (dev: DevHouse, name: string) =>
  clientOf(dev, undefined, { cookie: await signedIn(dev, name), origin: 'http://localhost' })

/** By the openssl of the machine, from the three things that anybody is given. */
const isRightByOpenssl = async (
  publicKey: string,
  signed: Uint8Array,
  signature: Buffer,
): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-openssl-'))
  try {
    const der = Buffer.from(
      `302a300506032b6570032100${Buffer.from(publicKey, 'base64url').toString('hex')}`,
      'hex',
    )
    const pem = `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`
    const at = (name: string): string => join(folder, name)
    await writeFile(at('key.pem'), pem)
    await writeFile(at('signed'), signed)
    await writeFile(at('signature'), signature)
    const asked = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      at('key.pem'),
      '-rawin',
      '-in',
      at('signed'),
      '-sigfile',
      at('signature'),
    ]
    return await run('openssl', asked).then(
      ({ stdout }) => stdout.includes('Verified Successfully'),
      () => false,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

void test('described, sealed, named, drafted, countered, signed, used, suspended, ended: all by the API', async () => {
  await using dev = await openDevHouse({ env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost' } })
  const people = { lab: ['ann', 'ada'], clinic: ['cem', 'cia'] } as const
  for (const [org, [first, second]] of Object.entries(people)) {
    for (const name of [first, second]) await userWithPassword(dev, name)
    await dev.org(org, first)
    const one = await browserOf(dev, first)
    await one.setMember({ org, user: second, role: 'admin' })
    const two = await browserOf(dev, second)
    await one.describeParty({ org, legalName: `${org} e.V.`, seat: 'DE', orgType: 'Academic' })
    await refusedWith(
      clientOf(dev, await dev.token(first, 'write')).makeKey({ org, use: 'seal' }),
      403,
      'permission_denied',
    )
    await one.makeKey({ org, use: 'seal' })
    // The second one names the first; nobody confirms what is about themselves.
    const to = new Date(dev.clock.nowMs() + 300 * dayMs).toISOString()
    const named = await one.nameSignatory({
      org,
      user: second,
      title: 'Director',
      sides: ['provider', 'consumer'],
      to,
    })
    await refusedWith(one.confirmSignatory({ org, id: named.id }), 403, 'permission_denied')
    await refusedWith(two.confirmSignatory({ org, id: named.id }), 403, 'permission_denied')
    const third = `${org}-third`
    await userWithPassword(dev, third)
    await one.setMember({ org, user: third, role: 'admin' })
    const confirmed = await (await browserOf(dev, third)).confirmSignatory({ org, id: named.id })
    assert.equal(confirmed.state, 'in_force')
  }
  const lab = await browserOf(dev, 'ann')
  const clinic = await browserOf(dev, 'cem')
  await dev.repo('lab/retina', { visibility: 'private' })
  const writer = await dev.token('ann', 'write')
  await commit(dev, 'lab/retina', [header(), file('config.json', '{}')], { token: writer })

  const parties = [
    { name: 'lab', role: 'provider' },
    { name: 'clinic', role: 'consumer' },
  ] as const
  const { id } = await lab.createAgreement({
    org: 'lab',
    title: 'Retina',
    template: 'research',
    parties: [...parties],
  })
  const ofLab = { org: 'lab', id }
  const ofClinic = { org: 'clinic', id }
  const plain = wishOf(dev)
  const wish = { ...plain, repos: [...plain.repos] }
  const first = await lab.draftAgreement({ ...ofLab, wish })
  assert.deepEqual(
    first.findings.map(({ level, code, rule }) => [level, code, rule]),
    [
      ['warning', 'no_enforced_limit', 'see'],
      ['warning', 'no_enforced_limit', 'get'],
      ['warning', 'not_enforceable', 'no-pass'],
    ],
  )
  const asked = { ...ofLab, version: String(first.version) }
  assert.deepEqual((await lab.getAgreementVersion(asked)).findings, first.findings)
  await refusedWith(clinic.getAgreement(ofClinic), 404, 'entry_not_found')
  await lab.proposeAgreement({ ...ofLab, ...first, key: 'once' })
  await lab.proposeAgreement({ ...ofLab, ...first, key: 'once' })
  const second = await clinic.counterAgreement({ ...ofClinic, wish: { ...wish, noticeDays: 60 } })
  await lab.agree({ ...ofLab, ...second })
  await refusedWith(lab.signAgreement({ ...ofLab, ...second }), 403, 'permission_denied')
  await (await browserOf(dev, 'ada')).signAgreement({ ...ofLab, ...second })
  await (await browserOf(dev, 'cia')).signAgreement({ ...ofClinic, ...second })
  await dev.hub.agreements.tick(dev.system)
  assert.equal((await clinic.getAgreement(ofClinic)).state, 'active')

  await dev.user('dora')
  await clinic.setMember({ org: 'clinic', user: 'dora', role: 'read' })
  const doctor = await dev.token('dora', 'read')
  const read = async (): Promise<number> =>
    (await dev.ask('GET', '/lab/retina/resolve/main/config.json', { token: doctor })).status
  assert.equal(await read(), 403)
  await clinic.grantAgreement({
    ...ofClinic,
    project: 'study',
    purposes: [],
    to: { kind: 'user', name: 'dora' },
  })
  assert.equal(await read(), 200)
  await lab.suspendAgreement({ ...ofLab, reason: 'We look into something.' })
  assert.equal(await read(), 403)
  await lab.terminateAgreement({ ...ofLab, reason: 'It was something.', cause: true })
  assert.equal(await read(), 403)

  const { text } = await clinic.getAgreementVersion({
    ...ofClinic,
    version: String(second.version),
  })
  const body = parseBody(JSON.parse(text))
  const { items } = await clinic.listStatements(ofClinic)
  const seal = await clinic.getHubSeal()
  let signatures = 0
  for (const { envelope } of items) {
    const {
      payload,
      signatures: [own],
    } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] }
    const bytes = Buffer.from(payload, 'base64')
    const statement = JSON.parse(bytes.toString()) as {
      kind: string
      org: string
      data: { sig?: string }
    }
    assert.ok(
      await isRightByOpenssl(
        seal.publicKey,
        signedBytes(statementType, bytes),
        Buffer.from(own?.sig ?? '', 'base64'),
      ),
    )
    if (statement.kind !== 'signed') continue
    const key = body.parties.find(({ org }) => org === statement.org)?.keys[0] ?? ''
    const sig = Buffer.from(statement.data.sig ?? '', 'base64')
    const signed = signedBytes(agreementType, Buffer.from(text))
    assert.ok(await isRightByOpenssl(key, signed, sig))
    const forged = signedBytes(
      agreementType,
      Buffer.from(text.replace('"noticeDays":60', '"noticeDays":61')),
    )
    assert.equal(await isRightByOpenssl(key, forged, sig), false)
    signatures += 1
  }
  assert.equal(signatures, 2)
})
