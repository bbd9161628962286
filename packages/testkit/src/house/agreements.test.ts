/** Two organisations come to an agreement, keep it, and end it: through the rooms, with real seals. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { test } from 'node:test'
import { possessionText } from '@weighhouse/formats/agreement/possession.ts'
import { replay, stateOf } from '@weighhouse/formats/agreement/folder.ts'
import {
  agreementType,
  hashOf,
  parseStatement,
  statementType,
} from '@weighhouse/formats/agreement/statement.ts'
import {
  parseEnvelope,
  verifyEnvelope,
  makeEnvelope,
  signedBytes,
} from '@weighhouse/formats/dsse/envelope.ts'
import { isHubError } from '@weighhouse/server/core/kernel/errors.ts'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { engineNames } from '../engines.ts'
import {
  appoint,
  bySession,
  dayMs,
  iso,
  managing,
  begin,
  openTwoParties,
  sign,
  toActive,
  toAgreed,
  wishOf,
} from './agreement-kit.ts'

const code = (expected: Parameters<typeof isHubError>[1]) => (error: unknown) =>
  isHubError(error, expected)

const rawKey = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, 'base64url'))

for (const engine of engineNames) {
  void test(`${engine}: from a draft to the end, and the chain says it all`, async () => {
    const two = await openTwoParties(engine)
    const { dev, lab, clinic } = two
    await using _ = dev
    const { agreements } = dev.hub
    const id = await begin(two)
    const forLab = await managing(dev, lab, 'lab')
    const forClinic = await managing(dev, clinic, 'clinic')
    await agreements.draft(lab, forLab, id, wishOf(dev, { noticeDays: 1 }))
    const first = await agreements.draft(lab, forLab, id, wishOf(dev))
    await assert.rejects(
      agreements.agreement(forClinic, id),
      code('entry_not_found'),
      'a draft is its author’s',
    )
    assert.deepEqual(await agreements.agreements(forClinic, { limit: 10 }), [])
    await agreements.propose(lab, forLab, id, first)
    assert.equal((await agreements.agreement(forClinic, id)).state, 'proposed')
    const half = iso(dev.clock.nowMs() + 180 * dayMs)
    const counter = await agreements.counter(clinic, forClinic, id, wishOf(dev, { to: half }))
    await agreements.agree(lab, forLab, id, counter)
    await sign(two, 'cem', 'clinic', id, counter)
    assert.equal((await agreements.agreement(forLab, id)).state, 'signing')
    await sign(two, 'ann', 'lab', id, counter)
    assert.equal((await agreements.agreement(forLab, id)).state, 'scheduled')
    await agreements.tick(dev.system)
    assert.equal((await agreements.agreement(forLab, id)).state, 'active')
    await agreements.suspend(lab, forLab, id, 'We look into something.')
    await agreements.resume(lab, forLab, id, 'It was nothing.')
    dev.clock.advance(181 * dayMs)
    await agreements.tick(dev.system)
    assert.equal((await agreements.agreement(forLab, id)).state, 'expired')

    const hub = { id: agreements.hubSeal.keyid, publicKey: rawKey(agreements.hubSeal.publicKey) }
    const envelopes = await agreements.statements(forClinic, id, { after: 0, limit: 100 })
    const statements = await Promise.all(
      envelopes.map(async ({ envelope }) => {
        const { payload, signedBy } = await verifyEnvelope(
          parseEnvelope(JSON.parse(envelope)),
          statementType,
          [hub],
        )
        assert.deepEqual(signedBy, [hub.id])
        return parseStatement(JSON.parse(new TextDecoder().decode(payload)))
      }),
    )
    assert.equal(stateOf(await replay(id, statements)), 'expired')
    await assert.rejects(agreements.body(forClinic, id, 1), code('entry_not_found'), 'never shown')
    assert.equal((await agreements.body(forLab, id, 1)).body.noticeDays, 1)
    const { body, sha256, text } = await agreements.body(forClinic, id, 3)
    assert.equal(await hashOf(body), sha256)
    const signed = statements.filter(({ kind }) => kind === 'signed')
    assert.equal(signed.length, 2)
    for (const { data, org } of signed) {
      const keys = body.parties.find((party) => party.org === org)?.keys ?? []
      const signature = {
        keyid: data.keyid ?? '',
        signature: Buffer.from(data.sig ?? '', 'base64'),
      }
      const envelope = makeEnvelope(agreementType, new TextEncoder().encode(text), [signature])
      const trusted = keys.map((key) => ({ id: key, publicKey: rawKey(key) }))
      assert.equal((await verifyEnvelope(envelope, agreementType, trusted)).signedBy.length, 1)
      const assent = JSON.parse(data.assent ?? '{}') as {
        sha256: string
        person: { title: string }
      }
      assert.equal(assent.sha256, sha256)
      assert.equal(assent.person.title, 'Director')
    }
  })
}

void test('who may sign, and what: authority, a fresh proof, these bytes, this party', async () => {
  const two = await openTwoParties()
  const { dev, lab, forLab } = { ...two, forLab: await managing(two.dev, two.lab, 'lab') }
  await using _ = dev
  const { agreements, policy, signing } = dev.hub
  const { id, what } = await toAgreed(two)
  await assert.rejects(sign(two, 'ada', 'lab', id, what), /name you as signatory/)
  await assert.rejects(sign(two, 'cem', 'lab', id, what), /name you as signatory/)
  const other = { ...what, sha256: 'f'.repeat(64) }
  await assert.rejects(sign(two, 'ann', 'lab', id, other), /on the table/)
  const byToken = await dev.hub.identity.authenticate(await dev.token('ann', 'write'), undefined)
  assert.ok(byToken)
  const tokenCtx = { ...dev.system, actor: byToken.actor }
  const wish = { ...what, orgName: 'lab' }
  await assert.rejects(
    agreements.sign(tokenCtx, policy.requireOwnAccount(tokenCtx), id, wish),
    /no token may/,
  )
  const stale = await bySession(dev, 'ann')
  dev.clock.advance(3600_000)
  await assert.rejects(
    agreements.sign(stale, policy.requireOwnAccount(stale), id, wish),
    code('proof_needed'),
  )
  const [authority] = await signing.signatories(forLab.namespace.id, { after: '', limit: 10 })
  assert.ok(authority)
  const fresh = await bySession(dev, 'ann')
  await signing.endSignatory(lab, forLab, authority.id)
  await assert.rejects(
    agreements.sign(fresh, policy.requireOwnAccount(fresh), id, wish),
    /name you as signatory/,
  )
})

void test('two counters at once, a repeated command, a stale look', async () => {
  const two = await openTwoParties()
  const { dev, lab, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const forClinic = await managing(dev, clinic, 'clinic')
  const what = await agreements.draft(lab, forLab, id, wishOf(dev))
  await agreements.propose(lab, forLab, id, what, { key: 'propose-1' })
  await agreements.propose(lab, forLab, id, what, { key: 'propose-1' })
  const { folder } = await agreements.agreement(forClinic, id)
  const counters = await Promise.allSettled(
    [100, 200].map((days) =>
      agreements.counter(
        clinic,
        forClinic,
        id,
        wishOf(dev, { to: iso(dev.clock.nowMs() + days * dayMs) }),
        { seq: folder.seq },
      ),
    ),
  )
  assert.deepEqual(counters.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  await assert.rejects(
    agreements.agree(lab, forLab, id, what, { seq: folder.seq }),
    /in the meantime/,
  )
  await assert.rejects(agreements.agree(lab, forLab, id, what), /on the table/)
})

void test('what does not hold together is not written down', async () => {
  const two = await openTwoParties()
  const { dev, lab, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const wish = wishOf(dev)
  const bad: readonly [Partial<typeof wish>, RegExp][] = [
    [{ repos: [{ type: 'model', path: 'lab/missing' }] }, /cannot be shared/],
    [{ repos: [] }, /at least one repository/],
    [{ to: iso(dev.clock.nowMs() - dayMs) }, /an instant after/],
    [{ to: '2027-02-30T00:00:00Z' }, /an instant in UTC/],
    [{ timezone: 'Mars/Base' }, /IANA name/],
    [{ clauses: [] }, /a clause of this agreement/],
    [
      {
        terms: {
          ...wish.terms,
          prohibitions: [{ id: 'x', clause: '2', action: 'download', constraints: [] }],
        },
      },
      /forbids it whole/,
    ],
  ]
  for (const [more, expected] of bad)
    await assert.rejects(agreements.draft(lab, forLab, id, { ...wish, ...more }), expected)
  await dev.repo('clinic/theirs', { visibility: 'private' })
  const foreign = { ...wish, repos: [{ type: 'model' as const, path: 'clinic/theirs' }] }
  await assert.rejects(agreements.draft(lab, forLab, id, foreign), /cannot be shared/)
  const forClinic = await managing(dev, clinic, 'clinic')
  await assert.rejects(
    agreements.draft(clinic, forClinic, id, wish),
    code('entry_not_found'),
    'a draft of another',
  )
  await dev.user('eve')
  await dev.org('evil', 'eve')
  const token = await dev.hub.identity.authenticate(await dev.token('eve', 'write'), undefined)
  assert.ok(token)
  const eve = { ...dev.system, actor: token.actor }
  await assert.rejects(
    agreements.agreement(await managing(dev, eve, 'evil'), id),
    code('entry_not_found'),
  )
})

void test('time goes one way: an offer lapses, a later first day waits, a clock set back shortens nothing', async () => {
  const two = await openTwoParties()
  const { dev, lab, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const what = await agreements.draft(lab, forLab, id, wishOf(dev))
  await agreements.propose(lab, forLab, id, { ...what, offerUntilMs: dev.clock.nowMs() + dayMs })
  dev.clock.advance(dayMs)
  assert.equal(await agreements.tick(dev.system), 1)
  assert.equal(await agreements.tick(dev.system), 0)
  assert.equal((await agreements.agreement(forLab, id)).state, 'lapsed')

  const answered = await begin(two)
  const first = await agreements.draft(lab, forLab, answered, wishOf(dev))
  const offerUntilMs = dev.clock.nowMs() + dayMs
  await agreements.propose(lab, forLab, answered, { ...first, offerUntilMs })
  const cem = await bySession(dev, 'cem')
  const forClinic = await managing(dev, cem, 'clinic')
  await agreements.counter(cem, forClinic, answered, wishOf(dev, { noticeDays: 60 }))
  dev.clock.advance(2 * dayMs)
  assert.equal(await agreements.tick(dev.system), 0)
  assert.equal((await agreements.agreement(forLab, answered)).state, 'countered', 'an answer came')

  const later = {
    from: iso(dev.clock.nowMs() + 10 * dayMs),
    to: iso(dev.clock.nowMs() + 20 * dayMs),
  }
  const next = await toAgreed(two, later)
  await sign(two, 'ann', 'lab', next.id, next.what)
  await sign(two, 'cem', 'clinic', next.id, next.what)
  assert.equal(await agreements.tick(dev.system), 0)
  dev.clock.advance(10 * dayMs)
  await agreements.tick(dev.system)
  assert.equal((await agreements.agreement(next.forLab, next.id)).state, 'active')
  dev.clock.advance(-5 * dayMs)
  await agreements.suspend(lab, next.forLab, next.id, 'While the clock was wrong.')
  const statements = await agreements.statements(next.forLab, next.id, { after: 0, limit: 100 })
  const times = statements.map(({ envelope }) => {
    const { payload } = JSON.parse(envelope) as { payload: string }
    return parseStatement(JSON.parse(Buffer.from(payload, 'base64').toString())).at
  })
  assert.deepEqual(times, times.toSorted())
  assert.ok(clinic)
})

void test('an amendment leaves the agreement in force until all have signed it', async () => {
  const two = await openTwoParties()
  const { dev, lab, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  const { id, forLab, forClinic } = await toActive(two)
  const longer = wishOf(dev, { to: iso(dev.clock.nowMs() + 700 * dayMs) })
  const what = await agreements.draft(clinic, forClinic, id, longer)
  await agreements.propose(clinic, forClinic, id, what)
  await agreements.agree(lab, forLab, id, what)
  await sign(two, 'ann', 'lab', id, what)
  const before = await agreements.agreement(forLab, id)
  assert.equal(before.folder.inForce?.version, 1)
  await sign(two, 'cem', 'clinic', id, what)
  const after = await agreements.agreement(forLab, id)
  assert.equal(after.state, 'active')
  assert.equal(after.folder.inForce?.version, 2)
  assert.equal(after.toMs, Date.parse(longer.to ?? ''))
  const { body } = await agreements.body(forLab, id, 2)
  assert.equal(body.supersedes?.version, 1)
})

void test('a repeated command answers what it did; a key is one party’s; a party is named once', async () => {
  const two = await openTwoParties()
  const { dev, lab, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const forClinic = await managing(dev, clinic, 'clinic')
  const first = await agreements.draft(lab, forLab, id, wishOf(dev), { key: 'k' })
  assert.deepEqual(await agreements.draft(lab, forLab, id, wishOf(dev), { key: 'k' }), first)
  await agreements.propose(lab, forLab, id, first)
  const other = await agreements.counter(clinic, forClinic, id, wishOf(dev, { noticeDays: 9 }), {
    key: 'k',
  })
  assert.equal(other.version, 2)
  await agreements.reject(lab, forLab, id, 'Too long.')
  await agreements.draft(clinic, forClinic, id, wishOf(dev))
  assert.ok(await agreements.agreement(forLab, id), 'what was on the table stays known')
  await assert.rejects(agreements.body(forLab, id, 3), code('entry_not_found'))
  const twice = [
    { name: 'lab', role: 'provider' },
    { name: 'lab', role: 'consumer' },
    { name: 'clinic', role: 'consumer' },
  ] as const
  const wish = { title: 'Twice', templateId: 'research', parties: twice }
  await assert.rejects(agreements.create(lab, forLab, wish), code('invalid'))
  const takers = (['lab', 'clinic'] as const).map((name) => ({ name, role: 'consumer' as const }))
  await assert.rejects(
    agreements.create(lab, forLab, { ...wish, parties: takers }),
    /Somebody who provides is expected/,
  )
})

void test('a seal that came after the version signs nothing under it', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const { id, what } = await toAgreed(two)
  const fresh = await bySession(dev, 'ann')
  await dev.hub.signing.makeKey(fresh, await managing(dev, fresh, 'lab'), 'seal')
  await assert.rejects(sign(two, 'ann', 'lab', id, what), /was replaced after this version/)
})

void test('an agreement has so many versions and statements, an organisation so many agreements, and not one more', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const { agreements } = dev.hub
  const forLab = await managing(dev, lab, 'lab')
  const id = await begin(two)
  const { db } = dev.house
  // The fold says how far it has come: as if so many had been written.
  const pretend = async (more: object): Promise<void> => {
    const row = await db.read
      .selectFrom('agreement')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const folder = { seq: row.seq, ...(JSON.parse(row.folder) as object), ...more }
    const to = { folder: JSON.stringify(folder), seq: folder.seq }
    await db.tx((q) => q.updateTable('agreement').set(to).where('id', '=', id).execute())
  }
  await pretend({ lastVersion: limits.agreementVersionsMax - 1 })
  await agreements.draft(lab, forLab, id, wishOf(dev))
  await assert.rejects(agreements.draft(lab, forLab, id, wishOf(dev)), code('too_many'))
  await pretend({ lastVersion: 1, seq: limits.agreementStatementsMax })
  await assert.rejects(agreements.draft(lab, forLab, id, wishOf(dev)), code('too_many'))
  await agreements.withdraw(lab, forLab, id, 'Enough was said.')
  const shell = await db.read
    .selectFrom('agreement')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await db.tx(async (q) => {
    for (let first = 1; first < limits.agreementsPerOrgMax - 1; first += 1_000) {
      const count = Math.min(1_000, limits.agreementsPerOrgMax - 1 - first)
      const more = Array.from({ length: count }, (_none, i) => ({
        ...shell,
        // A cast because only this form is an id.
        id: (first + i).toString(16).padStart(24, '0') as AgreementId,
      }))
      await q.insertInto('agreement').values(more).execute()
    }
  })
  await begin(two)
  await assert.rejects(begin(two), code('too_many'))
})

void test('an amendment leaves no gap', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const { id, forLab } = await toActive(two)
  const later = wishOf(dev, { from: iso(dev.clock.nowMs() + dayMs) })
  await assert.rejects(dev.hub.agreements.draft(lab, forLab, id, later), /cannot be later than now/)
})

for (const engine of engineNames) {
  void test(`${engine}: what others begin and do not show takes no room in anybody's lists`, async () => {
    const two = await openTwoParties(engine)
    const { dev, lab, clinic } = two
    await using _ = dev
    const forClinic = await managing(dev, clinic, 'clinic')
    const { id } = await toActive(two)
    const forLab = await managing(dev, lab, 'lab')
    const hidden = []
    for (let i = 0; i < 3; i += 1) {
      dev.clock.advance(1_000)
      hidden.push(await begin(two))
    }
    const page = async (before?: string) => {
      const wish = { limit: 2, ...(before === undefined ? {} : { before }) }
      return (await dev.hub.agreements.agreements(forClinic, wish)).map((one) => one.id)
    }
    assert.deepEqual(await page(), [id])
    const [first] = hidden
    assert.ok(first)
    const what = await dev.hub.agreements.draft(lab, forLab, first, wishOf(dev))
    assert.deepEqual(await page(), [id], 'a draft is its author’s')
    await dev.hub.agreements.propose(lab, forLab, first, what)
    assert.deepEqual(await page(), [first, id])
    assert.deepEqual(await page(first), [id])
    await dev.hub.agreements.withdraw(lab, forLab, first, 'Not now.')
    assert.deepEqual(await page(), [first, id], 'what was shown stays')
    const { length } = await dev.hub.agreements.agreements(forLab, { limit: 10 })
    assert.equal(length, 4)
  })
}

void test('whatever is put on the table later, two organisations stand by what they have signed', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const { id, forLab, what: old } = await toActive(two)
  assert.equal(old.version, 1)
  const { repo } = await dev.hub.policy.require(lab, 'repo.see', {
    type: 'model',
    path: 'lab/retina',
  })
  const clinic = await dev.hub.identity.need('clinic', 'org')
  const between = () => dev.hub.agreements.between(repo, clinic.id)
  const talk = async () => {
    dev.clock.advance(1_000)
    const other = await begin(two)
    const what = await dev.hub.agreements.draft(lab, forLab, other, wishOf(dev))
    await dev.hub.agreements.propose(lab, forLab, other, what)
    return other
  }
  const last = []
  for (let i = 0; i < 51; i += 1) last.push(await talk())
  assert.equal((await between())?.id, id)
  await dev.hub.agreements.terminate(lab, forLab, id, 'Over.', { cause: true })
  const found = await between()
  assert.deepEqual([found?.id, found?.stands], [last.at(-1), 'open'])
})

void test('a key names one command: another one with it is told, and nothing is done', async () => {
  const two = await openTwoParties()
  const { dev, lab, lab2 } = two
  await using _ = dev
  const { agreements } = dev.hub
  const { id, forLab } = await toActive(two)
  const state = async () => (await agreements.agreement(forLab, id)).state
  await agreements.report(
    lab,
    forLab,
    id,
    { event: 'publication', text: 'It is out.' },
    { key: 'k' },
  )
  const taken = /given to another one, "event_reported"/
  await assert.rejects(agreements.suspend(lab, forLab, id, 'Breach.', { key: 'k' }), taken)
  assert.equal(await state(), 'active')
  const incident = { event: 'incident', text: 'Somebody was in.' } as const
  await assert.rejects(agreements.report(lab, forLab, id, incident, { key: 'k' }), taken)
  // The same by somebody else is another command too: it names who did it.
  const forLab2 = await managing(dev, lab2, 'lab')
  const again = { event: 'publication', text: 'It is out.' } as const
  await assert.rejects(agreements.report(lab2, forLab2, id, again, { key: 'k' }), taken)
  const before = (await agreements.agreement(forLab, id)).folder.seq
  await agreements.report(lab, forLab, id, again, { key: 'k' })
  assert.equal((await agreements.agreement(forLab, id)).folder.seq, before)
})

void test('who signs with a key signs once; a second person who sends the same key has not signed', async () => {
  const two = await openTwoParties()
  const { dev, lab, lab2 } = two
  await using _ = dev
  const { agreements, policy } = dev.hub
  const { id, what, forLab } = await toAgreed(two, { signing: 'countersigned' })
  await appoint(dev, lab, 'lab', {
    userName: 'ada',
    title: 'Deputy',
    sides: ['provider'],
    toMs: dev.clock.nowMs() + 30 * dayMs,
  })
  const signAs = (ctx: typeof lab, key: string) =>
    agreements.sign(ctx, policy.requireOwnAccount(ctx), id, { ...what, orgName: 'lab' }, { key })
  await signAs(lab, 'k')
  await signAs(lab, 'k')
  await assert.rejects(signAs(lab2, 'k'), /given to another one, "first_signed"/)
  const seq = async () => (await agreements.agreement(forLab, id)).folder.seq
  const before = await seq()
  await signAs(lab2, 'other')
  await signAs(lab2, 'other')
  assert.equal(await seq(), before + 1)
})

void test('a clock set back prolongs no authority, and no proof', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const { signing } = dev.hub
  const forLab = await managing(dev, lab, 'lab')
  const [authority] = await signing.signatories(forLab.namespace.id, { after: '', limit: 10 })
  assert.ok(authority)
  await signing.endSignatory(lab, forLab, authority.id)
  await appoint(dev, two.lab2, 'lab', {
    userName: 'ann',
    title: 'Director',
    sides: ['provider'],
    toMs: dev.clock.nowMs() + 10 * dayMs,
  })
  dev.clock.advance(11 * dayMs)
  const { id, what } = await toAgreed({
    ...two,
    lab: await bySession(dev, 'ann'),
    clinic: await bySession(dev, 'cem'),
  })
  await assert.rejects(sign(two, 'ann', 'lab', id, what), /name you as signatory/)
  const cem = await bySession(dev, 'cem')
  dev.clock.advance(-5 * dayMs)
  await assert.rejects(sign(two, 'ann', 'lab', id, what), /name you as signatory/)
  const wish = { ...what, orgName: 'clinic' }
  await assert.rejects(
    dev.hub.agreements.sign(cem, dev.hub.policy.requireOwnAccount(cem), id, wish),
    code('proof_needed'),
  )
})

void test('a seal that the organisation holds itself signs, and no more once it is revoked', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const { agreements, policy, signing } = dev.hub
  const pair = generateKeyPairSync('ed25519')
  const publicKey = String(pair.publicKey.export({ format: 'jwk' }).x)
  const signed = (bytes: Uint8Array) =>
    signBytes(null, bytes, pair.privateKey).toString('base64url')
  const permit = await managing(dev, lab, 'lab')
  const possession = new TextEncoder().encode(possessionText(permit.namespace.id, publicKey))
  const proof = signed(possession)
  const key = await signing.bringKey(lab, permit, { use: 'seal', publicKey, proof })
  const own = policy.requireOwnAccount(lab)
  const signWith = async ({ id, what, forLab }: Awaited<ReturnType<typeof toAgreed>>) => {
    const { text } = await agreements.body(forLab, id, what.version)
    const bytes = signedBytes(agreementType, new TextEncoder().encode(text))
    return (signature: string = signed(bytes)) =>
      agreements.sign(lab, own, id, {
        ...what,
        orgName: 'lab',
        signature: { publicKey, signature },
      })
  }
  const first = await toAgreed(two)
  const signFirst = await signWith(first)
  await assert.rejects(signFirst(proof), /no signature over this version/)
  await signFirst()
  const { candidate } = (await agreements.agreement(first.forLab, first.id)).folder
  assert.deepEqual(candidate?.signedBy, [permit.namespace.id])

  const second = await signWith(await toAgreed(two))
  await signing.revokeKey(lab, permit, key.id, { why: 'lost' })
  await assert.rejects(second(), /no signature over this version/)
})
