/** A gate that opens by an agreement: asked with the client's own call, settled by what organisations sign, never by the request alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  begin,
  bySession,
  heading,
  managing,
  openTwoParties,
  sign,
  type TwoParties,
  wishOf,
} from './agreement-kit.ts'
import { batch, commit, file, header, sha256 } from './calls.ts'

const path = 'lab/retina'

/** Dora works for the clinic and has no role in it; the gate of the lab's public model asks for an agreement. */
const openGate = async (engine: 'sqlite' | 'postgres' = 'sqlite') => {
  const two = await openTwoParties(engine)
  const { dev, clinic } = two
  const owner = await dev.token('ann', 'write')
  const lines = [header(), file('config.json', '{"a":1}')]
  assert.equal((await commit(dev, path, lines, { token: owner })).status, 200)
  const dora = await dev.user('dora')
  await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'read')
  const open = await dev.ask('PUT', `/api/models/${path}/settings`, {
    token: owner,
    body: { private: false },
  })
  assert.equal(open.status, 200, open.text)
  const setGate = (body: unknown) =>
    dev.ask('PUT', `/weighhouse/v1/repos/model/${path}/gate`, { token: owner, body })
  const set = await setGate({ kind: 'manual', template: 'research' })
  assert.deepEqual(set.json(), { kind: 'manual', coversMembers: false, template: 'research' })
  const gateUrl = `/weighhouse/v1/repos/model/${path}/gate`
  const asked = await dev.ask('GET', gateUrl, { token: owner })
  assert.deepEqual(asked.json(), set.json())
  assert.equal((await dev.ask('GET', gateUrl, { token: dora })).status, 403)
  const ask = (token = dora, body: unknown = {}) =>
    dev.ask('POST', `/${path}/ask-access`, { token, body })
  const read = async (token = dora) => {
    const url = `/${path}/resolve/main/config.json`
    const { status, headers } = await dev.ask('GET', url, { token })
    return { status, said: headers['x-error-message'] ?? '' }
  }
  /** As the owner's client lists them. */
  const listed = async (state: string): Promise<string[]> => {
    const url = `/api/models/${path}/user-access-request/${state}`
    const answer = await dev.ask('GET', url, { token: owner })
    const rows = answer.json() as { user: { user: string } }[]
    return rows.map(({ user }) => user.user)
  }
  return { two, owner, dora, setGate, ask, read, listed }
}

const propose = async (two: TwoParties) => {
  const { dev, lab } = two
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const what = await dev.hub.agreements.draft(lab, forLab, id, wishOf(dev))
  await dev.hub.agreements.propose(lab, forLab, id, what)
  await dev.house.settle()
  return { id, what, forLab }
}

const signBoth = async (two: TwoParties, { id, what }: Awaited<ReturnType<typeof propose>>) => {
  const { dev, clinic } = two
  await dev.hub.agreements.agree(clinic, await managing(dev, clinic, 'clinic'), id, what)
  await sign(two, 'ann', 'lab', id, what)
  await sign(two, 'cem', 'clinic', id, what)
  await dev.hub.agreements.tick(dev.system)
  await dev.house.settle()
}

for (const engine of ['sqlite', 'postgres'] as const) {
  void test(`pending, accepted, rejected follow the agreement on ${engine}`, async () => {
    const { two, dora, ask, read, listed } = await openGate(engine)
    await using dev = two.dev
    const { agreements } = dev.hub
    assert.match(
      (await read()).said,
      /not in the authorized list.*an agreement between your organisation and lab: http:\/\/localhost\/agreements\/new\?repo=model\/lab\/retina/,
    )

    const object = { oid: sha256('x'), size: 1 }
    const options = { token: dora, operation: 'download' }
    const batched = await batch(dev, path, [object], options)
    assert.match(batched.text, /and lab: http:\/\/localhost\/agreements\/new/, 'at other doors too')

    const asked = (await ask()).json() as { status: string; agreement: string }
    assert.equal(asked.status, 'pending')
    assert.equal(asked.agreement, 'http://localhost/agreements/new?repo=model/lab/retina')
    assert.deepEqual(await listed('pending'), ['dora'])

    const offered = await propose(two)
    assert.deepEqual(await listed('pending'), ['dora'])
    assert.match(
      (await read()).said,
      new RegExp(`awaiting.*http://localhost/agreements/${offered.id}`),
    )

    await signBoth(two, offered)
    assert.deepEqual(await listed('pending'), ['dora'], 'nobody has let her use it')
    assert.equal((await read()).status, 403)

    const forClinic = await managing(dev, two.clinic, 'clinic')
    const grant = await agreements.grant(two.clinic, forClinic, offered.id, {
      project: 'Study',
      purposes: ['NonCommercialResearch'],
      to: { kind: 'user', name: 'dora' },
    })
    await dev.house.settle()
    assert.deepEqual(await listed('accepted'), ['dora'])
    assert.equal((await read()).status, 200)
    assert.equal(((await ask()).json() as { status: string }).status, 'accepted')

    await agreements.endGrant(two.clinic, forClinic, offered.id, grant.id)
    assert.equal((await read()).status, 403, 'the request opens nothing by itself')
    await dev.house.settle()
    assert.deepEqual(await listed('accepted'), [])
    assert.deepEqual(await listed('pending'), ['dora'])

    await agreements.terminate(two.lab, offered.forLab, offered.id, 'It is over.', { cause: true })
    await dev.house.settle()
    assert.deepEqual(await listed('rejected'), ['dora'])
    const again = (await ask(dora)).json() as { status: string }
    assert.equal(again.status, 'rejected')

    // Another one may be agreed on: nobody turned her away.
    await propose(two)
    assert.deepEqual(await listed('pending'), ['dora'])
  })
}

void test('only the agreement lets in, the owner gives access without one, and says so', async () => {
  const { two, owner, dora, setGate, ask, read, listed } = await openGate()
  await using dev = two.dev
  await ask()
  const handle = (status: string) =>
    dev.ask('POST', `/api/models/${path}/user-access-request/handle`, {
      token: owner,
      body: { user: 'dora', status },
    })
  const accepted = await handle('accepted')
  assert.equal(accepted.status, 409, accepted.text)
  assert.match(accepted.text, /opens by an agreement/)
  assert.equal((await handle('rejected')).status, 200)
  assert.equal((await ask()).status, 403, 'turned away by a person, asking again does not help')
  await propose(two)
  assert.deepEqual(await listed('rejected'), ['dora'])

  const given = await dev.ask('POST', `/api/models/${path}/user-access-request/grant`, {
    token: owner,
    body: { user: 'dora' },
  })
  assert.equal(given.status, 200, given.text)
  assert.equal((await read(dora)).status, 200)

  assert.equal((await setGate({ kind: 'auto', template: 'research' })).status, 400)
  assert.equal((await setGate({ template: 'no-such' })).status, 404)
  const plain = await setGate({ template: null })
  assert.deepEqual(plain.json(), { kind: 'manual', coversMembers: false, template: null })
})

void test('who belongs to no organisation is told, and who belongs to several says for which', async () => {
  const { two, ask } = await openGate()
  await using dev = two.dev
  const alone = await dev.user('alone')
  const none = await ask(alone)
  assert.equal(none.status, 400)
  assert.match(none.text, /only organisations agree: you belong to none/)

  const both = await dev.user('both')
  for (const org of ['one', 'other']) {
    await dev.user(`${org}-head`)
    await dev.org(org, `${org}-head`)
    const permit = await heading(dev, dev.system, org)
    await dev.hub.identity.addMember(dev.system, permit, 'both', 'read')
  }
  assert.match((await ask(both)).text, /for which organisation.*one, other/)
  assert.match((await ask(both, { for_organization: 'clinic' })).text, /found "clinic"/)
  const asked = await ask(both, { for_organization: 'other' })
  assert.equal(asked.status, 200, asked.text)
})

void test('an administrator accepts restrictions for a service account, and for no person', async () => {
  const { two, ask, listed } = await openGate()
  await using dev = two.dev
  const { agreements, identity } = dev.hub
  const head = await heading(dev, two.clinic, 'clinic')
  const robot = await identity.createService(two.clinic, head, 'clinic-robot')
  const wish = { userName: 'clinic-robot', label: 'pull', role: 'write' } as const
  const token = await identity.createToken(dev.system, dev.hub.policy.requireHub(dev.system), wish)
  assert.equal((await ask(token.secret)).status, 200)
  const offered = await propose(two)
  await signBoth(two, offered)
  const forClinic = await managing(dev, two.clinic, 'clinic')
  await agreements.grant(two.clinic, forClinic, offered.id, {
    project: 'Nightly',
    purposes: ['NonCommercialResearch'],
    to: { kind: 'org' },
  })
  const assent = async (account: string) => {
    const ctx = await bySession(dev, 'cem')
    const permit = await managing(dev, ctx, 'clinic')
    return agreements.acceptFor(ctx, permit, offered.id, account)
  }
  await assent('clinic-robot')
  await assert.rejects(assent('dora'), /People accept restrictions for themselves/)
  await dev.house.settle()
  assert.deepEqual(await listed('accepted'), ['clinic-robot'])
  const last = await agreements.statements(forClinic, offered.id, { after: 0, limit: 100 })
  const payload = JSON.parse(last.at(-1)?.envelope ?? '{}') as { payload: string }
  assert.match(Buffer.from(payload.payload, 'base64').toString(), new RegExp(robot.id))
})
