/** Letters about what is said of an agreement: to whom, once each, and nothing in them that is for the parties alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Letter } from '@weighhouse/server/core/ports/mailer.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import {
  begin,
  bySession,
  dayMs,
  managing,
  openTwoParties,
  sign,
  toActive,
  wishOf,
} from './agreement-kit.ts'
import { giveAddresses, keepLetters, setAddress } from './mail-kit.ts'

const openWithMail = async () => {
  const { letters, mailer } = keepLetters()
  const two = await openTwoParties('sqlite', {}, { mailer })
  await giveAddresses(two.dev, ['ann', 'ada', 'cem', 'cia'])
  /** What came since, as `who: subject`, in order. */
  const came = async (): Promise<string[]> => {
    await two.dev.house.settle()
    const some = letters.splice(0)
    seen.push(...some)
    return some.map(({ to, subject }) => `${to.slice(0, to.indexOf('@'))}: ${subject}`).toSorted()
  }
  const seen: Letter[] = []
  return { two, came, seen }
}

const toEach = (names: string, subject: string): string[] =>
  names.split(' ').map((name) => `${name}: ${subject}`)

void test('each party hears what the other did, signers what waits for them; nobody hears of a draft', async () => {
  const { two, came, seen } = await openWithMail()
  const { dev, lab, clinic } = two
  await using _ = dev
  const { agreements } = dev.hub
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const forClinic = await managing(dev, clinic, 'clinic')
  await agreements.draft(lab, forLab, id, wishOf(dev))
  await agreements.withdraw(lab, forLab, id, 'Not yet.')
  const odd = wishOf(dev, { title: 'Retina\r\nBcc: eve@mail.example' })
  const first = await agreements.draft(lab, forLab, id, odd)
  assert.deepEqual(await came(), [])
  await agreements.propose(lab, forLab, id, first, { key: 'p' })
  await agreements.propose(lab, forLab, id, first, { key: 'p' })
  assert.deepEqual(await came(), toEach('cem cia', 'A text waits for your answer'))
  const second = await agreements.counter(clinic, forClinic, id, wishOf(dev, { noticeDays: 60 }))
  assert.deepEqual(await came(), toEach('ada ann cem cia', 'An agreement was countered'))
  await agreements.agree(lab, forLab, id, second)
  assert.deepEqual(await came(), toEach('ann cem', 'A text waits for your signature'))
  await sign(two, 'ann', 'lab', id, second)
  assert.deepEqual(await came(), toEach('cem cia', 'An agreement was signed by a party'))
  await sign(two, 'cem', 'clinic', id, second)
  assert.deepEqual(await came(), toEach('ada ann cem cia', 'An agreement was signed by all'))
  await agreements.tick(dev.system)
  assert.deepEqual(await came(), toEach('ada ann cem cia', 'An agreement is in force'))
  const secret = 'Because of the audit of ward seven.'
  await agreements.suspend(lab, forLab, id, secret)
  assert.deepEqual(await came(), toEach('ada ann cem cia', 'An agreement was suspended'))
  await agreements.resume(lab, forLab, id, secret)
  assert.deepEqual(await came(), toEach('ada ann cem cia', 'An agreement goes on'))
  await agreements.draft(lab, forLab, id, wishOf(dev, { title: 'A name nobody knows' }))
  const { title } = await agreements.agreement(forClinic, id)
  assert.equal(title, 'Retina segmentation for research', 'a draft renames nothing for others')
  await agreements.terminate(lab, forLab, id, secret)
  assert.deepEqual(await came(), toEach('ada ann cem cia', 'Notice was given'))
  dev.clock.advance(60 * dayMs)
  await agreements.tick(dev.system)
  const atEnd = (await came()).filter((line) => !/Agreements that end|Duties/.test(line))
  assert.deepEqual(atEnd, toEach('ada ann cem cia', 'An agreement was ended'))

  const countered = seen.find(
    ({ to, subject }) => subject.includes('countered') && to.startsWith('cem'),
  )
  assert.equal(
    countered?.text,
    `clinic has written another text of "Retina Bcc: eve@mail.example".\nParties: lab, clinic.\n\nhttp://localhost/agreements/${id}?as=clinic`,
  )
  const all = seen.map(({ subject, text }) => `${subject}\n${text}`).join('\n')
  assert.doesNotMatch(all, /ward seven|nobody knows|Not yet/)
})

void test('who may not sign any more is not asked to; where nobody may, administrators are told', async () => {
  const { two, came } = await openWithMail()
  const { dev, lab } = two
  await using _ = dev
  const { agreements, signing } = dev.hub
  const cem = await bySession(dev, 'cem')
  const forClinic = await managing(dev, cem, 'clinic')
  const { id: org } = forClinic.namespace
  for (const one of await signing.signatories(org, { after: '', limit: 10 })) {
    await signing.endSignatory(cem, forClinic, one.id)
  }
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const wish = wishOf(dev, { signing: 'countersigned' })
  const what = await agreements.draft(lab, forLab, id, wish)
  await agreements.propose(lab, forLab, id, what)
  await came()
  await agreements.agree(cem, forClinic, id, what)
  assert.deepEqual(await came(), toEach('ann cem cia', 'A text waits for your signature'))
  await sign(two, 'ann', 'lab', id, what)
  // The only other way to a second signature is that somebody is named.
  assert.deepEqual(await came(), toEach('ada ann', 'A text waits for the second signature'))
})

void test('who says much on one day is not told of for ever; what binds is', async () => {
  const { two, came } = await openWithMail()
  const { dev, lab } = two
  await using _ = dev
  const { agreements } = dev.hub
  // As a directory may have it: it keeps nobody from speaking.
  await setAddress(dev, 'cia', 'cia at mail')
  const { id, forLab } = await toActive(two)
  await came()
  for (let i = 0; i < limits.agreementNewsPerDayMax; i += 1) {
    await agreements.suspend(lab, forLab, id, 'Off.')
    await agreements.resume(lab, forLab, id, 'On.')
  }
  const told = (await came()).filter((line) => line.startsWith('cem'))
  assert.ok(told.length <= limits.agreementNewsPerDayMax, String(told.length))
  assert.ok(told.length > limits.agreementNewsPerDayMax / 2)
  await agreements.terminate(lab, forLab, id, 'Enough.', { cause: true })
  assert.deepEqual(
    (await came()).filter((line) => line.endsWith('ended')),
    toEach('ada ann cem', 'An agreement was ended'),
  )
})

void test('who begins agreement upon agreement fills nobody’s mailbox', async () => {
  const { two, came } = await openWithMail()
  const { dev, lab } = two
  await using _ = dev
  const { agreements } = dev.hub
  const forLab = await managing(dev, lab, 'lab')
  const propose = async (): Promise<string[]> => {
    const id = await begin(two)
    await agreements.propose(lab, forLab, id, await agreements.draft(lab, forLab, id, wishOf(dev)))
    return came()
  }
  for (let i = 1; i < limits.agreementsBegunToldMax; i += 1) await begin(two)
  assert.equal((await propose()).length, 2)
  assert.deepEqual(await propose(), [])
  dev.clock.advance(dayMs)
  assert.equal((await propose()).length, 2)
})
