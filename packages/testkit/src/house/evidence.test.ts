/** The evidence of an agreement verifies without the hub, and whatever is changed in it is found. */
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  type Evidence,
  type EvidenceVersion,
  parseEvidence,
} from '@weighhouse/formats/agreement/evidence.ts'
import {
  parseStatement,
  type Statement,
  statementType,
} from '@weighhouse/formats/agreement/statement.ts'
import { verifyEvidence } from '@weighhouse/formats/agreement/verify.ts'
import { makeEnvelope, parseEnvelope, signedBytes } from '@weighhouse/formats/dsse/envelope.ts'
import { canonicalBytes } from '@weighhouse/formats/json/canonical.ts'
import {
  appoint,
  bySession,
  dayMs,
  managing,
  openTwoParties,
  sign,
  toActive,
  toAgreed,
  type TwoParties,
  wishOf,
} from './agreement-kit.ts'
import { clientOf } from './org-kit.ts'

const open = async () => {
  const two = await openTwoParties()
  const { dev, clinic } = two
  const { id, forLab, forClinic } = await toActive(two)
  await dev.hub.agreements.suspend(two.lab, forLab, id, 'We look into something.')
  const collect = async (permit = forClinic): Promise<Evidence> => {
    let text = ''
    for await (const piece of await dev.hub.agreements.evidence(permit, id)) text += piece
    return parseEvidence(JSON.parse(text))
  }
  return {
    dev,
    id,
    clinic,
    evidence: await collect(),
    hubKey: dev.hub.agreements.hubSeal.publicKey,
  }
}

void test('the export of one party verifies, and tells who signed what', async () => {
  const { dev, id, evidence, hubKey } = await open()
  await using _ = dev
  const verdict = await verifyEvidence(evidence, hubKey)
  assert.deepEqual(
    verdict.checks.filter(({ ok }) => !ok),
    [],
  )
  assert.equal(verdict.ok, true)
  assert.equal(verdict.state, 'suspended')
  assert.equal(verdict.folder?.agreement, id)
  assert.deepEqual(verdict.signatures.map(({ legalName }) => legalName).toSorted(), [
    'Clinic gGmbH',
    'Lab e.V.',
  ])
  assert.deepEqual((await verifyEvidence(evidence)).checks[0]?.detail.includes('compare it'), true)
})

void test('what was changed, left out, put in another order or sealed by somebody else is found', async () => {
  const { dev, evidence, hubKey } = await open()
  await using _ = dev
  const [version] = evidence.versions
  assert.ok(version)
  const failed = async (lie: Evidence, key = hubKey): Promise<readonly string[]> => {
    const { ok, checks } = await verifyEvidence(lie, key)
    assert.equal(ok, false)
    return checks.filter((one) => !one.ok).map(({ what, detail }) => `${what}: ${detail}`)
  }
  const withVersion = (one: EvidenceVersion): Evidence => ({ ...evidence, versions: [one] })
  const text = version.text.replace('"noticeDays":30', '"noticeDays":31')
  assert.notEqual(text, version.text)
  assert.match((await failed(withVersion({ ...version, text })))[0] ?? '', /its SHA-256 is/)

  const sha256 = createHash('sha256').update(text).digest('hex')
  const both = await failed(withVersion({ ...version, text, sha256 }))
  assert.equal(both.filter((one) => one.includes('about other bytes')).length, 2)
  assert.ok(both.some((one) => one.includes('is missing')))
  const wordless = await failed({ ...evidence, versions: [] })
  assert.ok(wordless.some((one) => one.includes('in force, and is not among the texts')))

  // A text beside the one that was signed, under the same number: what is shown must be what was signed.
  const beside = { ...version, text, sha256 }
  for (const versions of [
    [version, beside],
    [beside, version],
    [version, version],
  ]) {
    assert.match((await failed({ ...evidence, versions })).join(), /version 1 is there twice/)
  }
  const never = version.text.replace(/"version":1\}$/, '"version":2}')
  const unsaid = {
    version: 2,
    text: never,
    sha256: createHash('sha256').update(never).digest('hex'),
  }
  assert.match(
    (await failed({ ...evidence, versions: [version, unsaid] })).join(),
    /no statement names these bytes/,
  )

  const statements = [...evidence.statements]
  const without = statements.toSpliced(2, 1)
  assert.match(
    (await failed({ ...evidence, statements: without }))[0] ?? '',
    /expected statement 3/,
  )
  const [a, b, ...rest] = statements
  assert.match((await failed({ ...evidence, statements: [b, a, ...rest] }))[0] ?? '', /statement 1/)
  // The end cut off is a chain that holds: what is missing is seen by who knows of it.
  const cut = { ...evidence, statements: statements.slice(0, -1) }
  assert.equal((await verifyEvidence(cut)).ok, true)
  const { items } = await clientOf(dev, await dev.token('ann', 'read')).listStatements({
    org: 'lab',
    id: evidence.agreement,
  })
  const hashes = items.map(({ hash }) => hash)
  for (const hash of hashes) {
    assert.equal((await verifyEvidence(evidence, undefined, hash)).ok, true)
  }
  const { checks } = await verifyEvidence(cut, undefined, hashes.at(-1))
  assert.match(checks.find(({ ok }) => !ok)?.detail ?? '', /its end was cut off/)
  assert.equal((await verifyEvidence(cut, undefined, hashes.at(-2))).ok, true)
  assert.match((await failed({ ...evidence, versions: [] })).join(), /not among the texts/)
  assert.match((await failed({ ...evidence, agreement: 'another' }))[0] ?? '', /chain of another/)

  await using other = await openForeign()
  assert.match((await failed(evidence, other.hubKey))[0] ?? '', /and the hub’s is/)
  const resealed = { ...evidence, seal: { ...evidence.seal, publicKey: other.hubKey } }
  assert.match((await failed(resealed, other.hubKey))[0] ?? '', /seal of the hub is not on it/)
})

void test('what is said while it is written down is left to the next export', async () => {
  const two = await openTwoParties()
  const { dev, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  const { id, forLab, forClinic } = await toActive(two)
  let text = ''
  for await (const piece of await agreements.evidence(forClinic, id)) {
    text += piece
    if (text !== piece) continue
    const what = await agreements.draft(two.lab, forLab, id, wishOf(dev, { noticeDays: 60 }))
    await agreements.propose(two.lab, forLab, id, what)
    await agreements.agree(clinic, forClinic, id, what)
    await sign(two, 'ann', 'lab', id, what)
  }
  const verdict = await verifyEvidence(parseEvidence(JSON.parse(text)))
  assert.deepEqual(
    verdict.checks.filter(({ ok }) => !ok),
    [],
  )
  assert.equal(verdict.folder?.talk, 'none')
})

const openForeign = async () => {
  const { dev } = await openTwoParties()
  return {
    hubKey: dev.hub.agreements.hubSeal.publicKey,
    [Symbol.asyncDispose]: () => dev[Symbol.asyncDispose](),
  }
}

void test('strangers get none', async () => {
  const { dev, id } = await open()
  await using _ = dev
  await dev.org('other', 'ada')
  const permit = await managing(dev, dev.system, 'other').catch(() => undefined)
  const looking =
    permit ?? (await dev.hub.policy.requireNamespace(dev.system, 'namespace.audit', 'other'))
  await assert.rejects(dev.hub.agreements.evidence(looking, id), /no such agreement/)
  const token = await dev.token('ada', 'read')
  const answer = await dev.ask('GET', `/weighhouse/v1/orgs/other/agreements/${id}/evidence`, {
    token,
  })
  assert.equal(answer.status, 404, answer.text)
})

/** Lets a second person sign for an organisation. */
const nameSecond = async (
  { dev }: TwoParties,
  org: string,
  [by, whom]: readonly [string, string],
): Promise<void> =>
  appoint(dev, await bySession(dev, by), org, {
    userName: whom,
    title: 'Counsel',
    sides: ['provider', 'consumer'],
    toMs: dev.clock.nowMs() + 300 * dayMs,
  })

void test('where two people of each party sign, one alone binds nobody', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  await nameSecond(two, 'lab', ['ann', 'ada'])
  await nameSecond(two, 'clinic', ['cem', 'cia'])
  const { id, what, forLab } = await toAgreed(two, { signing: 'countersigned' })
  const state = async () => (await dev.hub.agreements.agreement(forLab, id)).state
  await sign(two, 'ann', 'lab', id, what)
  assert.equal(await state(), 'signing')
  await assert.rejects(sign(two, 'ann', 'lab', id, what), /a second person/)
  await sign(two, 'ada', 'lab', id, what)
  await sign(two, 'cia', 'clinic', id, what)
  assert.equal(await state(), 'signing')
  await sign(two, 'cem', 'clinic', id, what)
  assert.equal(await state(), 'scheduled')

  let text = ''
  for await (const piece of await dev.hub.agreements.evidence(forLab, id)) text += piece
  const verdict = await verifyEvidence(parseEvidence(JSON.parse(text)))
  assert.equal(verdict.ok, true)
  assert.equal(verdict.signatures.length, 2)
})

void test('an assent that is somebody else’s than the one who signed is found, under whatever seal', async () => {
  const { dev, evidence } = await open()
  await using _ = dev
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const own = String(publicKey.export({ format: 'jwk' }).x)
  const read = evidence.statements.map((one) => {
    const { payload } = parseEnvelope(one)
    return parseStatement(JSON.parse(Buffer.from(payload, 'base64').toString()))
  })
  const resealed = (statements: readonly Statement[]): Evidence => ({
    ...evidence,
    seal: { ...evidence.seal, publicKey: own },
    statements: statements.map((one) => {
      const payload = canonicalBytes(one)
      const signature = signBytes(null, signedBytes(statementType, payload), privateKey)
      return makeEnvelope(statementType, payload, [{ keyid: 'own', signature }])
    }),
  })
  const upTo = read.slice(0, read.findIndex(({ kind }) => kind === 'signed') + 1)
  assert.equal((await verifyEvidence(resealed(upTo), own)).ok, true)
  const last = upTo.at(-1) ?? assert.fail()
  const assent = (last.data.assent ?? '').replace(/"person":\{[^}]*"id":"[^"]*"/, (text) =>
    text.replace(/"id":"[^"]*"/, '"id":"somebody"'),
  )
  assert.notEqual(assent, last.data.assent)
  const lie = { ...last, data: { ...last.data, assent } }
  const { ok, checks } = await verifyEvidence(resealed([...upTo.slice(0, -1), lie]), own)
  assert.equal(ok, false)
  assert.match(checks.map(({ detail }) => detail).join(), /somebody else’s/)
})
