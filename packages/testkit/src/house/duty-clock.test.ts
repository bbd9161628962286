/** What the clock does for one agreement holds back no other, and nothing that parties say holds back the clock. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import type { Obligation } from '@weighhouse/formats/terms/terms.ts'
import {
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
import { refused } from './org-kit.ts'

const rule = (more: Partial<Obligation> = {}): Obligation => ({
  id: 'report',
  name: 'reportUsage',
  clause: '3',
  debtor: 'consumer',
  trigger: 'activation',
  ...more,
})

const termsWith = (two: TwoParties, obligation: Obligation) => ({
  terms: { ...wishOf(two.dev).terms, obligations: [obligation] },
})

const pass = async ({ dev }: TwoParties, days: number): Promise<void> => {
  dev.clock.advance(days * dayMs)
  await dev.hub.agreements.tick(dev.system)
}

const rowOf = ({ dev }: TwoParties, id: AgreementId) =>
  dev.house.db.read
    .selectFrom('agreement')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

void test('what one side alone has signed is not looked at again and again', async () => {
  const two = await openTwoParties()
  await using _ = two.dev
  const { id, what } = await toAgreed(two, termsWith(two, rule({ within: 'P10D' })))
  await sign(two, 'ann', 'lab', id, what)
  await pass(two, 0)
  assert.equal((await rowOf(two, id)).duties_ms, null, 'nothing can be owed yet')
  await sign(two, 'cem', 'clinic', id, what)
  await pass(two, 0)
  const permit = await managing(two.dev, two.lab, 'lab')
  const { duties } = two.dev.hub.agreements
  assert.equal((await duties(permit, id, { after: '', limit: 10 })).length, 1)
})

void test('a party that has said all it may does not keep the clock from saying that it is late', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const { agreements } = dev.hub
  const obligation = rule({ within: 'P10D', whenOverdue: 'suspend' })
  const { id } = await toActive(two, termsWith(two, obligation))
  const { folder } = await rowOf(two, id)
  const seq = limits.agreementStatementsMax
  // A cast because only the agreements room writes the column.
  const full = { ...(JSON.parse(folder) as object), seq }
  await dev.house.db.tx(async (q) => {
    const to = { seq, folder: JSON.stringify(full) }
    await q.updateTable('agreement').set(to).where('id', '=', id).execute()
  })
  const cem = await bySession(dev, 'cem')
  const forClinic = await managing(dev, cem, 'clinic')
  const told = { event: 'incident', text: 'Something happened.' } as const
  await refused(agreements.report(cem, forClinic, id, told), 'too_many')
  await pass(two, 12)
  assert.equal((await rowOf(two, id)).state, 'suspended')
})

void test('the end is announced also when something else is due at that moment', async () => {
  const two = await openTwoParties()
  await using _ = two.dev
  const every = { every: 'P1M', within: 'P1M' }
  const { id } = await toActive(two, termsWith(two, rule(every)))
  const announced = async () => {
    const rows = await two.dev.house.db.read
      .selectFrom('event')
      .select('payload')
      .where('name', '=', 'agreement_end_announced')
      .execute()
    return rows.filter(({ payload }) => payload.includes(id)).length
  }
  await pass(two, 365 - 61)
  assert.equal(await announced(), 0)
  // Sixty days before the end, and the twelfth round with it.
  await pass(two, 30)
  assert.equal(await announced(), 1)
  await pass(two, 0)
  assert.equal(await announced(), 1)
})

void test('notice ends it at its hour, also when the hub was off', async () => {
  const two = await openTwoParties()
  const { dev } = two
  await using _ = dev
  const { agreements } = dev.hub
  const atEnd = rule({ trigger: 'agreementEnd', name: 'delete', within: 'PT72H' })
  const { id, forLab } = await toActive(two, termsWith(two, atEnd))
  await agreements.terminate(two.lab, forLab, id, 'We move on.')
  const overMs = dev.clock.nowMs() + 30 * dayMs
  await pass(two, 35)
  const permit = await managing(dev, await bySession(dev, 'ann'), 'lab')
  const [owed] = await agreements.duties(permit, id, { after: '', limit: 10 })
  assert.equal(owed?.dueMs, overMs + 3 * dayMs)
})
