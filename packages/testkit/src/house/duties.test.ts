/** Duties from the first day to the closing: opened, shown, disputed, late, waived, told; with a clock that is turned. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateType, parseCertificate } from '@weighhouse/formats/agreement/certificate.ts'
import { parseStatement, type Statement } from '@weighhouse/formats/agreement/statement.ts'
import { replay } from '@weighhouse/formats/agreement/folder.ts'
import { parseEnvelope, verifyEnvelope } from '@weighhouse/formats/dsse/envelope.ts'
import type { Obligation } from '@weighhouse/formats/terms/terms.ts'
import type { EvidenceWish } from '@weighhouse/server/core/agreements/index.ts'
import type { HubErrorCode } from '@weighhouse/server/core/kernel/errors.ts'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import { engineNames } from '../engines.ts'
import {
  bySession,
  dayMs,
  iso,
  managing,
  openTwoParties,
  sign,
  toActive,
  type TwoParties,
  wishOf,
} from './agreement-kit.ts'
import { giveAddresses, keepLetters } from './mail-kit.ts'
import { clientOf, refused, refusedWith } from './org-kit.ts'

const rule = (
  more: Partial<Obligation> & Pick<Obligation, 'id' | 'name' | 'trigger'>,
): Obligation => ({
  clause: '3',
  debtor: 'consumer',
  ...more,
})

const signBoth = async (two: TwoParties, more = {}): Promise<AgreementId> =>
  (await toActive(two, more)).id

const termsWith = (two: TwoParties, obligations: readonly Obligation[]) => ({
  terms: { ...wishOf(two.dev).terms, obligations },
})

/** What an observer of the clinic's or the lab's side reads of an agreement. */
const lookAt = async ({ dev, lab }: TwoParties, id: AgreementId) => {
  const permit = await managing(dev, lab, 'lab')
  const agreement = await dev.hub.agreements.agreement(permit, id)
  const found = await dev.hub.agreements.duties(permit, id, { after: '', limit: 100 })
  const duties = found.toSorted((a, b) => a.rule.localeCompare(b.rule) || a.round - b.round)
  return {
    state: agreement.state,
    seq: agreement.folder.seq,
    duties: duties.map((one) => `${one.rule}#${one.round} ${one.state}`),
    rows: duties,
  }
}

const statementsOf = async ({ dev, lab }: TwoParties, id: AgreementId): Promise<Statement[]> => {
  const permit = await managing(dev, lab, 'lab')
  const found = await dev.hub.agreements.statements(permit, id, { after: 0, limit: 1_000 })
  return found.map(({ envelope }) => {
    const { payload } = parseEnvelope(JSON.parse(envelope))
    return parseStatement(JSON.parse(Buffer.from(payload, 'base64').toString()))
  })
}

const pass = async ({ dev }: TwoParties, days: number): Promise<void> => {
  dev.clock.advance(days * dayMs)
  await dev.hub.agreements.tick(dev.system)
}

/** Both administrators, signed in anew: sessions end on long ways. */
const both = async ({ dev }: TwoParties) => {
  const ann = await bySession(dev, 'ann')
  const cem = await bySession(dev, 'cem')
  return {
    ann,
    cem,
    forLab: await managing(dev, ann, 'lab'),
    forClinic: await managing(dev, cem, 'clinic'),
  }
}

const certificate = (two: TwoParties): NonNullable<EvidenceWish['certificate']> => ({
  deleted: [{ type: 'model', path: 'lab/retina', revisions: [] }],
  places: ['the cluster', 'two laptops'],
  method: 'overwritten',
  deletedAt: iso(two.dev.clock.nowMs()),
  person: { name: 'cem', title: 'Director' },
  remaining: null,
})

for (const engine of engineNames) {
  void test(`${engine}: ended, certified, accepted, closed; the chain replays`, async () => {
    const two = await openTwoParties(engine)
    const { dev } = two
    await using _ = dev
    const { agreements, signing } = dev.hub
    const id = await signBoth(
      two,
      termsWith(two, [
        rule({ id: 'delete', name: 'delete', trigger: 'agreementEnd', within: 'P30D' }),
        rule({
          id: 'certify',
          name: 'certifyDestruction',
          trigger: 'agreementEnd',
          within: 'P45D',
        }),
        rule({ id: 'audit', name: 'acceptAudit', trigger: 'activation' }),
      ]),
    )
    assert.deepEqual((await lookAt(two, id)).duties, [], 'what is only kept opens nothing')
    const first = await both(two)
    await agreements.terminate(first.ann, first.forLab, id, 'The study is over.', { cause: true })
    await pass(two, 0)
    const opened = await lookAt(two, id)
    assert.deepEqual(opened.duties.toSorted(), ['certify#1 open', 'delete#1 open'])
    assert.equal(opened.state, 'terminated')
    const [deletion, certification] = opened.rows.toSorted((a, b) => b.rule.localeCompare(a.rule))
    assert.ok(deletion && certification)
    // Ended on 1 January 2026 in Berlin: 30 days after are over when 31 January is.
    assert.equal(new Date(deletion.dueMs ?? 0).toISOString(), '2026-01-31T23:00:00.000Z')
    await pass(two, 0)
    assert.equal((await lookAt(two, id)).seq, opened.seq, 'a second look says nothing twice')

    const { ann, cem, forLab, forClinic } = first
    const duty = { agreement: id, duty: deletion.id }
    await refused(agreements.fulfil(ann, forLab, duty, { text: 'done' }), 'permission_denied')
    await refused(agreements.waive(cem, forClinic, duty, 'why not'), 'permission_denied')
    await refused(agreements.acceptEvidence(ann, forLab, duty), 'conflict')
    await agreements.fulfil(cem, forClinic, duty, { text: 'All is gone.' }, { key: 'k1' })
    await agreements.fulfil(cem, forClinic, duty, { text: 'All is gone.' }, { key: 'k1' })
    await refused(agreements.fulfil(cem, forClinic, duty, { text: 'again' }), 'conflict')
    await refused(agreements.acceptEvidence(cem, forClinic, duty), 'permission_denied')
    await agreements.disputeEvidence(ann, forLab, duty, 'And the backups?')
    assert.equal((await lookAt(two, id)).rows.find((one) => one.id === duty.duty)?.state, 'open')
    await agreements.fulfil(cem, forClinic, duty, {
      text: 'Those too.',
      link: 'https://clinic.example/x',
    })
    await agreements.acceptEvidence(ann, forLab, duty)

    const owed = { agreement: id, duty: certification.id }
    await refused(agreements.fulfil(cem, forClinic, owed, { text: 'believe me' }), 'invalid')
    await agreements.fulfil(cem, forClinic, owed, { certificate: certificate(two) })
    await pass(two, 0)
    assert.equal(
      (await lookAt(two, id)).state,
      'terminated',
      'not before the other side is content',
    )
    await agreements.acceptEvidence(ann, forLab, owed)
    await pass(two, 0)
    assert.equal((await lookAt(two, id)).state, 'closed')

    const said = await statementsOf(two, id)
    assert.equal((await replay(id, said)).life, 'closed')
    const shown = said.find(
      ({ kind, data }) => kind === 'duty_fulfilled' && data.subject === owed.duty,
    )
    // A cast because the certificate is a member of the evidence that was just written.
    const { certificate: envelope } = JSON.parse(shown?.data.evidence ?? '{}') as {
      certificate: unknown
    }
    const clinicId = forClinic.namespace.id
    const [key] = await signing.keys(clinicId)
    assert.ok(key)
    const trusted = [
      { id: key.id, publicKey: Uint8Array.from(Buffer.from(key.publicKey, 'base64url')) },
    ]
    const verified = await verifyEnvelope(parseEnvelope(envelope), certificateType, trusted)
    assert.deepEqual(verified.signedBy, [key.id])
    const read = parseCertificate(JSON.parse(Buffer.from(verified.payload).toString()))
    assert.deepEqual([read.agreement, read.duty, read.org], [id, owed.duty, clinicId])
  })
}

void test('an agreement under which nobody owes anything closes at once', async () => {
  const two = await openTwoParties()
  await using _ = two.dev
  const id = await signBoth(two, termsWith(two, []))
  await pass(two, 366)
  assert.equal((await lookAt(two, id)).state, 'closed')
})

void test('reports come back each quarter, one round at a time, and end with the agreement', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const id = await signBoth(
    two,
    termsWith(two, [
      rule({
        id: 'report',
        name: 'reportUsage',
        trigger: 'activation',
        every: 'P3M',
        within: 'P14D',
      }),
    ]),
  )
  const [due] = (await lookAt(two, id)).rows
  assert.equal(new Date(due?.dueMs ?? 0).toISOString(), '2026-04-14T22:00:00.000Z')
  await pass(two, 60)
  assert.deepEqual((await lookAt(two, id)).duties, ['report#1 open'])
  // The hub was off for half a year: all rounds that began are there, and those that are late are said to be.
  await pass(two, 180)
  assert.deepEqual((await lookAt(two, id)).duties, [
    'report#1 overdue',
    'report#2 overdue',
    'report#3 open',
  ])
  const { cem, forClinic, ann, forLab } = await both(two)
  await agreements(two).terminate(cem, forClinic, id, 'No longer needed.', { cause: true })
  await pass(two, 0)
  assert.deepEqual((await lookAt(two, id)).duties, [
    'report#1 overdue',
    'report#2 overdue',
    'report#3 waived',
  ])
  for (const { id: duty, state } of (await lookAt(two, id)).rows) {
    if (state === 'overdue')
      await agreements(two).waive(ann, forLab, { agreement: id, duty }, 'Let it be.')
  }
  await pass(two, 0)
  assert.equal((await lookAt(two, id)).state, 'closed')
})

const agreements = ({ dev }: TwoParties) => dev.hub.agreements

void test('what is late suspends the agreement where it says so, until it is shown to be done', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const id = await signBoth(
    two,
    termsWith(two, [
      rule({
        id: 'report',
        name: 'reportUsage',
        trigger: 'activation',
        within: 'P10D',
        whenOverdue: 'suspend',
      }),
      rule({ id: 'tell', name: 'inform', trigger: 'activation', within: 'P10D' }),
    ]),
  )
  await pass(two, 12)
  const late = await lookAt(two, id)
  assert.equal(late.state, 'suspended')
  assert.deepEqual(late.duties.toSorted(), ['report#1 overdue', 'tell#1 overdue'])
  const { ann, cem, forLab, forClinic } = await both(two)
  await refused(agreements(two).resume(cem, forClinic, id, 'Please.'), 'conflict')
  await refused(agreements(two).resume(ann, forLab, id, 'Let us.'), 'conflict')
  const duty = { agreement: id, duty: late.rows.find((one) => one.rule === 'report')?.id ?? due() }
  await agreements(two).fulfil(cem, forClinic, duty, { text: 'Here it is.' })
  assert.equal((await lookAt(two, id)).state, 'active')
  await agreements(two).disputeEvidence(ann, forLab, duty, 'The numbers are missing.')
  await pass(two, 0)
  assert.equal((await lookAt(two, id)).state, 'suspended', 'late again, and said again')
  await agreements(two).fulfil(cem, forClinic, duty, { text: 'With numbers.' })
  await pass(two, 31)
  const quiet = await lookAt(two, id)
  assert.equal(quiet.rows.find((one) => one.rule === 'report')?.state, 'done', 'silence is consent')
  assert.equal(quiet.state, 'active')
})

const due = (): never => assert.fail('the duty is missing')

void test('an incident is told, and makes those owe to whom it happened; nobody makes others late', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const id = await signBoth(
    two,
    termsWith(two, [
      rule({ id: 'theirs', name: 'reportIncident', trigger: 'incident', within: 'PT72H' }),
      rule({
        id: 'ours',
        name: 'reportIncident',
        trigger: 'incident',
        within: 'P5D',
        debtor: 'provider',
      }),
      rule({ id: 'credit', name: 'attribute', trigger: 'publication' }),
    ]),
  )
  const { ann, cem, forLab, forClinic } = await both(two)
  const nowMs = dev.clock.nowMs()
  const told = { event: 'incident', text: 'A laptop was stolen.' } as const
  await agreements(two).report(cem, forClinic, id, { ...told, atMs: nowMs - dayMs }, { key: 'i1' })
  await agreements(two).report(cem, forClinic, id, { ...told, atMs: nowMs - dayMs }, { key: 'i1' })
  const [only, ...others] = (await lookAt(two, id)).rows
  assert.equal(others.length, 0)
  assert.deepEqual([only?.rule, only?.debtor], ['theirs', forClinic.namespace.id])
  assert.equal(only?.dueMs, nowMs + 2 * dayMs)
  const aboutClinic = { ...told, about: 'clinic', atMs: nowMs - 100 * dayMs }
  await refused(agreements(two).report(ann, forLab, id, aboutClinic), 'invalid')
  await refused(agreements(two).report(ann, forLab, id, { ...told, about: 'eve' }), 'invalid')
  await refused(agreements(two).report(cem, forClinic, id, { ...told, atMs: nowMs + 1 }), 'invalid')
  await agreements(two).report(ann, forLab, id, {
    event: 'publication',
    about: 'clinic',
    text: 'doi:1',
  })
  await agreements(two).report(ann, forLab, id, told)
  assert.deepEqual((await lookAt(two, id)).duties.toSorted(), [
    'credit#1 open',
    'ours#1 open',
    'theirs#1 open',
  ])
})

void test('evidence that is hostile is refused before anything is said', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const id = await signBoth(two)
  const { ann, cem, forLab, forClinic } = await both(two)
  await agreements(two).terminate(ann, forLab, id, 'Over.', { cause: true })
  await pass(two, 0)
  const { rows, seq } = await lookAt(two, id)
  const duty = { agreement: id, duty: rows[0]?.id ?? due() }
  const good = certificate(two)
  const wrong: readonly (readonly [EvidenceWish, HubErrorCode])[] = [
    [{}, 'invalid'],
    [{ text: '   ' }, 'invalid'],
    [{ text: 'x'.repeat(10_001) }, 'invalid'],
    [{ link: 'javascript:alert(1)' }, 'invalid'],
    [{ link: 'https://user:secret@clinic.example/' }, 'invalid'],
    [{ link: '//clinic.example' }, 'invalid'],
    [{ sha256: 'F'.repeat(64) }, 'invalid'],
    [{ certificate: { ...good, deletedAt: iso(dev.clock.nowMs() + dayMs) } }, 'invalid'],
    [{ certificate: { ...good, deleted: [] } }, 'invalid'],
    [{ certificate: { ...good, places: Array.from({ length: 101 }, () => 'x') } }, 'invalid'],
    [
      { certificate: { ...good, places: Array.from({ length: 100 }, () => 'x'.repeat(500)) } },
      'too_large',
    ],
    [{ certificate: good, signature: { publicKey: 'A'.repeat(43), signature: 'AAAA' } }, 'invalid'],
  ]
  for (const [evidence, code] of wrong) {
    await refused(agreements(two).fulfil(cem, forClinic, duty, evidence), code)
  }
  assert.equal((await lookAt(two, id)).seq, seq)
  // Another agreement's duty is not there.
  const other = await signBoth(two)
  await refused(
    agreements(two).fulfil(cem, forClinic, { agreement: other, duty: duty.duty }, { text: 'x' }),
    'entry_not_found',
  )
  dev.clock.advance(60 * 60_000)
  await refused(agreements(two).fulfil(cem, forClinic, duty, { certificate: good }), 'proof_needed')
})

void test('a rule that an amendment brings begins with the amendment, and a clock set back opens nothing twice', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const report = rule({ id: 'report', name: 'reportUsage', trigger: 'activation', every: 'P1M' })
  const id = await signBoth(two, termsWith(two, [report]))
  await pass(two, 20)
  const { ann, cem, forLab, forClinic } = await both(two)
  const added = rule({ id: 'tell', name: 'inform', trigger: 'activation', within: 'P5D' })
  const wish = wishOf(dev, { ...termsWith(two, [report, added]), to: null })
  const what = await agreements(two).draft(ann, forLab, id, wish)
  await agreements(two).propose(ann, forLab, id, what)
  await agreements(two).agree(cem, forClinic, id, what)
  await sign(two, 'ann', 'lab', id, what)
  await sign(two, 'cem', 'clinic', id, what)
  await pass(two, 0)
  const { duties, rows } = await lookAt(two, id)
  assert.deepEqual(duties, ['report#1 open', 'tell#1 open'])
  // Signed on 21 January: five days later, and not five days after the first of January.
  const tell = rows.find((one) => one.rule === 'tell')
  assert.equal(new Date(tell?.dueMs ?? 0).toISOString(), '2026-01-26T23:00:00.000Z')
  const before = await lookAt(two, id)
  await pass(two, -15)
  assert.deepEqual(await lookAt(two, id), before)
})

void test('reminders and the end: each letter once, one for each reader, whatever the clock skips', async () => {
  const { letters, mailer } = keepLetters()
  const two = await openTwoParties('sqlite', {}, { mailer })
  const { dev } = two
  await using _ = dev
  await giveAddresses(dev, ['ann', 'cem'])
  await signBoth(
    two,
    termsWith(two, [
      rule({ id: 'one', name: 'inform', trigger: 'activation', within: 'P30D' }),
      rule({ id: 'two', name: 'inform', trigger: 'activation', within: 'P30D' }),
    ]),
  )
  const seen = async (days: number): Promise<string[]> => {
    await pass(two, days)
    await pass(two, 0)
    await dev.house.settle()
    const some = letters.splice(0)
    return some.map(({ to, subject, text }) => {
      const lines = text.split('\n').filter((line) => line.startsWith('"'))
      return `${to} ${subject}: ${lines.length}${/It is late/.test(text) ? ' late' : ''}`
    })
  }
  const onTime = 'Duties under your agreements: 2'
  await seen(0)
  assert.deepEqual(await seen(16), [])
  assert.deepEqual((await seen(1)).toSorted(), [
    `cem@mail.example ${onTime}`,
    `legal@lab.example ${onTime}`,
  ])
  assert.deepEqual(await seen(1), [])
  // From the fourteenth day before to the first day after in one step: one letter, not three.
  assert.deepEqual((await seen(14)).toSorted(), [
    `ann@mail.example ${onTime} late`,
    `cem@mail.example ${onTime} late`,
    `legal@lab.example ${onTime} late`,
  ])
  assert.equal((await seen(7)).length, 3)
  assert.deepEqual(await seen(100), [])
  const ends = [
    'ann@mail.example Agreements that end soon: 1',
    'cem@mail.example Agreements that end soon: 1',
    'legal@lab.example Agreements that end soon: 1',
  ]
  assert.deepEqual((await seen(167)).toSorted(), ends)
  assert.deepEqual((await seen(30)).toSorted(), ends)
  assert.deepEqual((await seen(28)).toSorted(), ends)
})

void test('by the API: a calendar of one side, and nothing of it for others', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const id = await signBoth(
    two,
    termsWith(two, [rule({ id: 'tell', name: 'inform', trigger: 'activation', within: 'P30D' })]),
  )
  const eve = await dev.user('eve')
  await dev.org('other', 'eve')
  const [duty] = (await lookAt(two, id)).rows
  const clinic = clientOf(dev, await dev.token('cem', 'write'))
  const lab = clientOf(dev, await dev.token('ann', 'write'))
  const name = { org: 'clinic', id, duty: duty?.id ?? due() }
  const { items } = await clinic.listDuties({ org: 'clinic', from: '2026-01-01T00:00:00Z' })
  assert.deepEqual(
    items.map(({ rule: from, state, title, dueAt }) => [from, state, title, dueAt]),
    [['tell', 'open', 'Retina segmentation for research', '2026-01-31T23:00:00.000Z']],
  )
  assert.deepEqual(
    (await clinic.listDuties({ org: 'clinic', to: '2026-01-31T00:00:00Z' })).items,
    [],
  )
  assert.equal((await lab.listDuties({ org: 'lab' })).items.length, 1)
  const stranger = clientOf(dev, eve)
  assert.deepEqual((await stranger.listDuties({ org: 'other' })).items, [])
  await refusedWith(stranger.listDuties({ org: 'clinic' }), 403, 'permission_denied')
  await refusedWith(stranger.listAgreementDuties({ org: 'other', id }), 404, 'entry_not_found')
  await refusedWith(
    stranger.fulfilDuty({ ...name, org: 'other', text: 'mine' }),
    404,
    'entry_not_found',
  )
  await clinic.fulfilDuty({ ...name, text: 'Told by telephone.' })
  await lab.disputeDuty({ ...name, org: 'lab', reason: 'By whom?' })
  await clinic.fulfilDuty({ ...name, text: 'By the director.' })
  await lab.acceptDuty({ ...name, org: 'lab' })
  await clinic.reportEvent({ org: 'clinic', id, event: 'publication', text: 'doi:1' })
  const { items: all } = await lab.listAgreementDuties({ org: 'lab', id })
  assert.deepEqual(
    all.map(({ state, evidence }) => [state, evidence]),
    [['done', '{"text":"By the director."}']],
  )
  await refusedWith(lab.waiveDuty({ ...name, org: 'lab', reason: 'late' }), 409, 'conflict')
})

void test('who suspends it before its first day and takes it up again owes what it says all the same', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const { cem, forClinic, forLab } = await both(two)
  const report = rule({ id: 'tell', name: 'inform', trigger: 'activation', within: 'P5D' })
  const gone = rule({ id: 'gone', name: 'delete', trigger: 'agreementEnd', within: 'P30D' })
  const later = {
    from: iso(dev.clock.nowMs() + 2 * dayMs),
    to: iso(dev.clock.nowMs() + 20 * dayMs),
  }
  const { id } = await toActive(two, { ...termsWith(two, [report, gone]), ...later })
  await agreements(two).suspend(cem, forClinic, id, 'Not yet.')
  await agreements(two).resume(cem, forClinic, id, 'Now.')
  const stateNow = async () => (await agreements(two).agreement(forLab, id)).state
  assert.equal(await stateNow(), 'scheduled')
  await agreements(two).suspend(cem, forClinic, id, 'Not yet.')
  await pass(two, 3)
  assert.equal(await stateNow(), 'suspended', 'its first day came while it was suspended')
  await agreements(two).resume(cem, forClinic, id, 'Now.')
  await pass(two, 0)
  assert.equal(await stateNow(), 'active')
  assert.deepEqual((await lookAt(two, id)).duties, ['tell#1 open'])
  await pass(two, 20)
  assert.deepEqual((await lookAt(two, id)).duties, ['gone#1 open', 'tell#1 overdue'])
})
