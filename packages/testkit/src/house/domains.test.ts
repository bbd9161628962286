/** Proofs of domains, looked for in a name server and a web server on this machine. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { test } from 'node:test'
import type { AddressInfo } from 'node:net'
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { openDevHouse } from '../dev-house.ts'
import { bySession, dayMs, managing, openTwoParties, wishOf } from './agreement-kit.ts'
import { clientOf, refusedWith } from './org-kit.ts'
import { userWithPassword } from './signin-kit.ts'

/** Answers every question with the texts of the name that is asked for. */
const openNameServer = async (texts: Map<string, readonly string[]>) => {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const labels: string[] = []
    let at = 12
    for (let size = question[at] ?? 0; size > 0; size = question[at] ?? 0) {
      labels.push(question.toString('latin1', at + 1, at + 1 + size))
      at += size + 1
    }
    const found = texts.get(labels.join('.').toLowerCase()) ?? []
    const answers = found.map((text) => {
      const data = Buffer.from(text)
      const head = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, data.length + 1, data.length])
      return Buffer.concat([head, data])
    })
    const head = Buffer.from(question.subarray(0, at + 5))
    head.writeUInt16BE(0x8180, 2)
    head.writeUInt16BE(answers.length, 6)
    head.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([head, ...answers]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket
}

/** Serves the file of a domain; answers the domain. */
const openWebServer = async (text: () => string) => {
  const web = createServer((request, answer) => {
    answer.statusCode = request.url === '/.well-known/weighhouse.txt' ? 200 : 404
    answer.end(text())
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
  // A cast because it listens on a port.
  return { web, domain: `localhost:${(web.address() as AddressInfo).port}` }
}

const open = async () => {
  const texts = new Map<string, readonly string[]>()
  const names = await openNameServer(texts)
  const dev = await openDevHouse({
    env: {
      WEIGHHOUSE_PUBLIC_URL: 'http://localhost',
      WEIGHHOUSE_DNS_SERVERS: `127.0.0.1:${names.address().port}`,
      WEIGHHOUSE_OUTBOUND_PRIVATE: 'true',
    },
  })
  for (const [org, person] of [
    ['lab', 'ann'],
    ['clinic', 'cem'],
  ] as const) {
    await userWithPassword(dev, person)
    await dev.org(org, person)
  }
  const leave = async (org: string, person: string) => {
    const ctx = await bySession(dev, person)
    return { ctx, permit: await managing(dev, ctx, org) }
  }
  return { dev, texts, names, lab: await leave('lab', 'ann'), clinic: await leave('clinic', 'cem') }
}

void test('a text in the name system proves a domain, for one organisation at a time, and for as long as it stays', async () => {
  const { dev, texts, names, lab, clinic } = await open()
  await using _ = dev
  try {
    const { signing } = dev.hub
    const added = await signing.addDomain(lab.ctx, lab.permit, 'Lab.Example.')
    assert.equal(added.domain, 'lab.example')
    assert.equal(added.state, 'pending')
    assert.equal(added.textName, '_weighhouse.lab.example')
    await assert.rejects(signing.verifyDomain(lab.ctx, lab.permit, 'lab.example'), /was not found/)
    texts.set(added.textName, ['v=spf1 -all', added.proof])
    const proved = await signing.verifyDomain(lab.ctx, lab.permit, 'lab.example')
    assert.deepEqual([proved.state, proved.method], ['verified', 'dns'])

    const theirs = await signing.addDomain(clinic.ctx, clinic.permit, 'lab.example')
    assert.notEqual(theirs.proof, added.proof)
    texts.set(added.textName, [added.proof, theirs.proof])
    await assert.rejects(
      signing.verifyDomain(clinic.ctx, clinic.permit, 'lab.example'),
      /Another organisation/,
    )

    texts.set(added.textName, [theirs.proof])
    const recheck = () => signing.recheckDomains(dev.system, new AbortController().signal)
    dev.clock.advance(2 * dayMs)
    assert.equal(await recheck(), 0)
    const [waiting] = await signing.domains(lab.permit.namespace.id)
    assert.equal(waiting?.state, 'verified')
    assert.match(waiting?.problem ?? '', /1 other texts/)
    dev.clock.advance(6 * dayMs)
    assert.equal(await recheck(), 1)
    const now = await leaveAgain(dev, 'clinic', 'cem')
    const taken = await signing.verifyDomain(now.ctx, now.permit, 'lab.example')
    assert.equal(taken.state, 'verified')
    assert.deepEqual(
      [...(await signing.provenDomains([lab.permit.namespace.id, clinic.permit.namespace.id]))],
      [[clinic.permit.namespace.id, ['lab.example']]],
    )

    texts.set(added.textName, [added.proof, theirs.proof])
    dev.clock.advance(2 * dayMs)
    assert.equal(await recheck(), 0)
    const [lost] = await signing.domains(lab.permit.namespace.id)
    assert.deepEqual([lost?.state, lost?.checkedAtMs], ['lost', dev.clock.nowMs()])
    assert.match(lost?.problem ?? '', /Another organisation/)
  } finally {
    names.close()
  }
})

const leaveAgain = async (
  dev: Awaited<ReturnType<typeof openDevHouse>>,
  org: string,
  person: string,
) => {
  const ctx = await bySession(dev, person)
  return { ctx, permit: await managing(dev, ctx, org) }
}

void test('a line of a file proves it too; other answers are told as what they are', async () => {
  const { dev, names, lab } = await open()
  await using _ = dev
  let body = 'hello'
  const { web, domain } = await openWebServer(() => body)
  try {
    const { signing } = dev.hub
    const added = await signing.addDomain(lab.ctx, lab.permit, domain)
    await assert.rejects(
      signing.verifyDomain(lab.ctx, lab.permit, domain),
      /does not have this line/,
    )
    body = `# ours\r\n${added.proof}\r\n`
    const { state, method } = await signing.verifyDomain(lab.ctx, lab.permit, domain)
    assert.deepEqual([state, method], ['verified', 'file'])
    await signing.removeDomain(lab.ctx, lab.permit, domain)
    await assert.rejects(signing.verifyDomain(lab.ctx, lab.permit, domain), /has named no domain/)
  } finally {
    web.close()
    names.close()
  }
})

void test('what is given up while it is looked for stays given up; what is named twice at once is named once', async () => {
  const { dev, names, lab } = await open()
  await using _ = dev
  const { signing } = dev.hub
  const asked = Promise.withResolvers<void>()
  const removed = Promise.withResolvers<string>()
  const web = createServer((_request, answer) => {
    asked.resolve()
    void removed.promise.then((proof) => answer.end(proof))
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
  try {
    // A cast because it listens on a port.
    const domain = `localhost:${(web.address() as AddressInfo).port}`
    const { proof } = await signing.addDomain(lab.ctx, lab.permit, domain)
    const verifying = assert.rejects(
      signing.verifyDomain(lab.ctx, lab.permit, domain),
      /has named no domain/,
    )
    await asked.promise
    await signing.removeDomain(lab.ctx, lab.permit, domain)
    removed.resolve(proof)
    await verifying
    assert.deepEqual(await signing.domains(lab.permit.namespace.id), [])

    const twice = await Promise.allSettled(
      [1, 2].map(() => signing.addDomain(lab.ctx, lab.permit, 'lab.example')),
    )
    assert.deepEqual(twice.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  } finally {
    web.close()
    names.close()
  }
})

void test('what is no domain is refused, and neither tokens nor strangers name one', async () => {
  await using dev = await openDevHouse({ env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost' } })
  await userWithPassword(dev, 'ann')
  await dev.org('lab', 'ann')
  const ctx = await bySession(dev, 'ann')
  const permit = await managing(dev, ctx, 'lab')
  for (const wrong of [
    '',
    'lab',
    'localhost',
    'a..b',
    '-a.example',
    'lab.example:80',
    '10.0.0.1',
    'http://lab.example',
    `${'a.'.repeat(130)}example`,
  ]) {
    await assert.rejects(
      dev.hub.signing.addDomain(ctx, permit, wrong),
      /A domain is expected/,
      wrong,
    )
  }
  const byToken = clientOf(dev, await dev.token('ann', 'write'))
  await refusedWith(
    byToken.addDomain({ org: 'lab', domain: 'lab.example' }),
    403,
    'permission_denied',
  )
  await refusedWith(
    clientOf(dev, await dev.user('eve')).listDomains({ org: 'lab' }),
    403,
    'permission_denied',
  )
})

void test('what is signed names the domains that were proved', async () => {
  const { dev, lab } = await openTwoParties('sqlite', { WEIGHHOUSE_OUTBOUND_PRIVATE: 'true' })
  await using _ = dev
  const { agreements, signing } = dev.hub
  const permit = await managing(dev, lab, 'lab')
  const { web, domain } = await openWebServer(() => added.proof)
  const added = await signing.addDomain(lab, permit, domain)
  try {
    await signing.verifyDomain(lab, permit, domain)
  } finally {
    web.close()
  }
  const parties = [
    { name: 'lab', role: 'provider' },
    { name: 'clinic', role: 'consumer' },
  ] as const
  const id = await agreements.create(lab, permit, { title: 'T', templateId: 'research', parties })
  const { version } = await agreements.draft(lab, permit, id, wishOf(dev))
  const { text } = await agreements.body(permit, id, version)
  const named = parseBody(JSON.parse(text)).parties.map(({ name, domains }) => [name, domains])
  assert.deepEqual(named, [
    ['lab', [domain]],
    ['clinic', undefined],
  ])
})
