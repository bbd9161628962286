/** The life of agreements, told by statements: those that may be said, and those that may not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { append, type Folder, problemOf, replay, stateOf } from './folder.ts'
import { sayableBy } from './sayable.ts'
import { phaseFor } from './phase.ts'
import {
  parseStatement,
  type Statement,
  type StatementData,
  type StatementKind,
} from './statement.ts'

type Said = readonly [kind: StatementKind, org: string | null, data?: StatementData]

const parties = [
  { org: 'lab', name: 'lab', role: 'provider' },
  { org: 'clinic', name: 'clinic', role: 'consumer' },
] as const

const v = (version: number): StatementData => ({ version, sha256: String(version).repeat(64) })

/** Makes the chain that says this, checked at each step. */
const tell = async (said: readonly Said[]): Promise<{ folder: Folder; chain: Statement[] }> => {
  let folder = await replay('a1', [])
  const chain: Statement[] = []
  for (const [i, [kind, org, data = {}]] of said.entries()) {
    const statement: Statement = {
      format: 'weighhouse.agreement-event.v1',
      agreement: 'a1',
      seq: folder.seq + 1,
      prev: folder.head,
      at: new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString(),
      kind,
      org,
      actor: org === null ? null : { id: `${org}-person`, name: org },
      data,
    }
    folder = await append(folder, parseStatement(JSON.parse(JSON.stringify(statement))))
    chain.push(statement)
  }
  return { folder, chain }
}

const notice = { reason: 'over', until: '2026-01-01T00:00:00.000Z' }
const later = { reason: 'over', until: '2027-01-01T00:00:00.000Z' }
const created: Said = ['created', 'lab', { parties }]
const signed: readonly Said[] = [
  created,
  ['drafted', 'lab', v(1)],
  ['proposed', 'lab', v(1)],
  ['countered', 'clinic', v(2)],
  ['agreed', 'lab', v(2)],
  ['signed', 'clinic', v(2)],
  ['signed', 'lab', v(2)],
]
const active: readonly Said[] = [...signed, ['activated', null]]

const stateAfter = async (said: readonly Said[]): Promise<string> =>
  stateOf((await tell(said)).folder)

void test('from a draft to the end, step by step', async () => {
  const steps: readonly [Said, string][] = [
    [created, 'draft'],
    [['drafted', 'lab', v(1)], 'draft'],
    [['drafted', 'lab', v(2)], 'draft'],
    [['proposed', 'lab', v(2)], 'proposed'],
    [['countered', 'clinic', v(3)], 'countered'],
    [['countered', 'lab', v(4)], 'countered'],
    [['agreed', 'clinic', v(4)], 'agreed'],
    [['signed', 'lab', v(4)], 'signing'],
    [['signed', 'clinic', v(4)], 'scheduled'],
    [['activated', null], 'active'],
    [['suspended', 'lab', { reason: 'breach' }], 'suspended'],
    [['resumed', 'lab'], 'active'],
    [['drafted', 'clinic', v(5)], 'active'],
    [['proposed', 'clinic', v(5)], 'active'],
    [['agreed', 'lab', v(5)], 'active'],
    [['signed', 'lab', v(5)], 'active'],
    [['signed', 'clinic', v(5)], 'active'],
    [['terminated', 'clinic', { reason: 'over' }], 'terminated'],
    [['grant_ended', 'clinic'], 'terminated'],
    [['closed', null], 'closed'],
  ]
  const said: Said[] = []
  for (const [step, state] of steps) {
    said.push(step)
    assert.equal(await stateAfter(said), state, step[0])
  }
  const { folder } = await tell(said)
  assert.equal(folder.inForce?.version, 5)
})

void test('a pause before the first day ends in waiting for it', async () => {
  const paused: readonly Said[] = [...signed, ['suspended', 'clinic']]
  assert.equal(await stateAfter(paused), 'suspended')
  const resumed: readonly Said[] = [...paused, ['resumed', 'clinic']]
  assert.equal(await stateAfter(resumed), 'scheduled')
  const again: readonly Said[] = [...resumed, ['activated', null], ['suspended', 'lab']]
  assert.equal(await stateAfter([...again, ['resumed', 'lab']]), 'active')
  assert.equal(await stateAfter([...paused, ['expired', null]]), 'expired')
})

void test('a chain of a hub that let a pause begin an agreement is still read', async () => {
  const resumed: readonly Said[] = [...signed, ['suspended', 'clinic'], ['resumed', 'clinic']]
  const { folder } = await tell(resumed)
  const report = { kind: 'event_reported', org: 'lab', data: { code: 'incident' } } as const
  assert.match(problemOf(folder, report) ?? '', /active or suspended/, 'nobody says it any more')
  const reported: readonly Said[] = [...resumed, [report.kind, report.org, report.data]]
  assert.equal(await stateAfter(reported), 'active')
  assert.equal(await stateAfter([...reported, ['expired', null], ['closed', null]]), 'closed')
  // What was never paused has not begun.
  await assert.rejects(tell([...signed, [report.kind, report.org, report.data]]), /active or/)
})

void test('a version is signed by those who agreed to exactly its bytes', async () => {
  const { folder } = await tell(signed.slice(0, 5))
  const other = { version: 2, sha256: 'f'.repeat(64) }
  assert.match(problemOf(folder, { kind: 'signed', org: 'lab', data: other }) ?? '', /on the table/)
  assert.match(problemOf(folder, { kind: 'signed', org: 'eve', data: v(2) }) ?? '', /only parties/)
  assert.equal(problemOf(folder, { kind: 'signed', org: 'lab', data: v(2) }), undefined)
})

void test('what may not be said here is refused', async () => {
  const wrong: readonly [readonly Said[], Said, RegExp][] = [
    [[], ['drafted', 'lab', v(1)], /begins by being created/],
    [[created], created, /created once/],
    [[created], ['drafted', 'clinic', v(1)], /those who began it/],
    [signed.slice(0, 2), ['drafted', 'clinic', v(2)], /those who began it/],
    [[created], ['proposed', 'lab', v(1)], /needs a version that is draft/],
    [signed.slice(0, 3), ['countered', 'lab', v(2)], /other side counters/],
    [signed.slice(0, 3), ['signed', 'clinic', v(1)], /needs a version that is agreed/],
    [signed.slice(0, 3), ['agreed', 'lab', v(1)], /agreed already/],
    [signed.slice(0, 3), ['countered', 'clinic', v(3)], /version 2 comes next/],
    [signed.slice(0, 4), ['agreed', 'lab', v(1)], /on the table/],
    [signed.slice(0, 4), ['withdrawn', 'lab'], /only those who wrote/],
    [signed.slice(0, 6), ['signed', 'clinic', v(2)], /signed already/],
    [signed, ['activated', 'lab'], /comes of time/],
    [signed.slice(0, 6), ['activated', null], /needs an agreement that is scheduled/],
    [[...active, ['suspended', 'lab']], ['resumed', 'clinic'], /those who suspended/],
    [[...active, ['rescinded', 'lab']], ['rescinded', 'lab'], /said so already/],
    [[...active, ['expired', null]], ['suspended', 'lab'], /this one is expired/],
    [active, ['closed', null], /needs an agreement that is closing/],
    [active, ['terminated', null], /nobody has given notice/],
    [active, ['notice_given', 'lab', { reason: 'over' }], /until when/],
    [active, ['notice_given', null, notice], /said by a party/],
    [[...active, ['notice_given', 'lab', notice]], ['notice_given', 'clinic', notice], /already/],
    [[...active, ['notice_given', 'lab', later]], ['terminated', null], /notice is not over/],
    [active, ['grant_given', 'eve'], /only parties speak/],
  ]
  for (const [before, next, expected] of wrong) {
    await assert.rejects(
      tell([...before, next]),
      expected,
      `${next[0]} after ${before.at(-1)?.[0]}`,
    )
  }
})

void test('a notice ends it in time, by time alone, unless a version is signed first', async () => {
  const noticed: readonly Said[] = [...active, ['notice_given', 'lab', notice]]
  assert.equal(await stateAfter(noticed), 'active')
  assert.equal(await stateAfter([...noticed, ['terminated', null]]), 'terminated')
  assert.equal(await stateAfter([...noticed, ['terminated', 'clinic']]), 'terminated')
  const amended: readonly Said[] = [
    ...noticed,
    ['drafted', 'lab', v(3)],
    ['proposed', 'lab', v(3)],
    ['agreed', 'clinic', v(3)],
    ['signed', 'lab', v(3)],
    ['signed', 'clinic', v(3)],
  ]
  const { folder } = await tell(amended)
  assert.equal(folder.notice, undefined)
  await assert.rejects(tell([...amended, ['terminated', null]]), /nobody has given notice/)
})

void test('both sides undo it, or it stands', async () => {
  assert.equal(await stateAfter([...active, ['rescinded', 'lab']]), 'active')
  const both: readonly Said[] = [...active, ['rescinded', 'lab'], ['rescinded', 'clinic']]
  assert.equal(await stateAfter(both), 'rescinded')
})

void test('a chain that was changed, cut in the middle, reordered or set back in time does not replay', async () => {
  const { chain } = await tell(active)
  assert.equal(stateOf(await replay('a1', chain)), 'active')
  await assert.rejects(replay('a2', chain), /expected statement 1/)
  for (let i = 0; i < chain.length - 1; i += 1) {
    await assert.rejects(replay('a1', chain.toSpliced(i, 1)), /chain of a1/, `without ${i}`)
    const first = chain[i]
    const second = chain[i + 1]
    assert.ok(first && second)
    await assert.rejects(replay('a1', chain.toSpliced(i, 2, second, first)), /chain of a1/)
    const changed = { ...first, actor: { id: 'eve', name: 'eve' } }
    await assert.rejects(replay('a1', chain.with(i, changed)), /chain of a1/, `changed ${i}`)
  }
  const last = chain.at(-1)
  assert.ok(last)
  const early = { ...last, at: '2025-01-01T00:00:00.000Z' }
  await assert.rejects(
    replay('a1', chain.with(chain.length - 1, early)),
    /older than the one before/,
  )
  for (const bad of [
    null,
    {},
    { ...last, kind: 'granted' },
    { ...last, at: 'now' },
    { ...last, prev: 'x' },
  ]) {
    assert.throws(() => parseStatement(bad), /statement: expected/)
  }
})

void test('whatever is said in whatever order, nobody is bound to what not all have signed', async () => {
  const kinds: readonly StatementKind[] = [
    'drafted',
    'proposed',
    'countered',
    'agreed',
    'rejected',
    'withdrawn',
    'first_signed',
    'signed',
    'activated',
    'suspended',
    'resumed',
    'expired',
    'terminated',
    'notice_given',
    'rescinded',
    'closed',
  ]
  let seed = 7
  const below = (n: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % n
  }
  for (let round = 0; round < 200; round += 1) {
    let { folder } = await tell([created])
    const yes = new Map<string, Set<string>>()
    for (let step = 0; step < 40; step += 1) {
      const kind = kinds[below(kinds.length)] ?? 'drafted'
      const org = [null, 'lab', 'clinic'][below(3)] ?? null
      const version =
        kind === 'drafted' || kind === 'countered' ? folder.lastVersion + 1 : folder.lastVersion
      const data = v(version)
      if (problemOf(folder, { kind, org, data }) !== undefined) continue
      const before = folder
      folder = await append(folder, {
        format: 'weighhouse.agreement-event.v1',
        agreement: 'a1',
        seq: folder.seq + 1,
        prev: folder.head,
        at: new Date(folder.atMs + 1).toISOString(),
        kind,
        org,
        actor: null,
        data,
      })
      if (kind === 'signed') {
        const names = yes.get(data.sha256 ?? '') ?? new Set()
        yes.set(data.sha256 ?? '', names.add(org ?? ''))
      }
      if (folder.inForce !== before.inForce) {
        assert.equal(yes.get(folder.inForce?.sha256 ?? '')?.size, 2)
      }
      if (folder.life !== 'none') assert.ok(folder.inForce)
    }
  }
})

void test('what each side could say next', async () => {
  const at = async (...said: Said[]) => (await tell(said)).folder
  const begun: Said[] = [['created', 'lab', { parties }]]
  const first = await at(...begun)
  assert.deepEqual(sayableBy(first, 'lab'), ['drafted'])
  assert.deepEqual(sayableBy(first, 'stranger'), [])
  begun.push(['drafted', 'lab', v(1)], ['proposed', 'lab', v(1)])
  const proposed = await at(...begun)
  assert.deepEqual(sayableBy(proposed, 'lab'), ['rejected', 'withdrawn'])
  assert.deepEqual(sayableBy(proposed, 'clinic'), ['countered', 'agreed', 'rejected'])
  begun.push(['agreed', 'clinic', v(1)], ['signed', 'lab', v(1)])
  const signing = await at(...begun)
  assert.deepEqual(sayableBy(signing, 'lab'), ['rejected', 'withdrawn'])
  assert.deepEqual(sayableBy(signing, 'clinic'), ['rejected', 'signed'])
  begun.push(['signed', 'clinic', v(1)], ['activated', null], ['suspended', 'lab'])
  const suspended = await at(...begun)
  assert.deepEqual(sayableBy(suspended, 'lab'), ['drafted', 'resumed', 'terminated', 'rescinded'])
  assert.deepEqual(sayableBy(suspended, 'clinic'), ['drafted', 'terminated', 'rescinded'])
})

void test('where it stands for each party: what waits for it comes first, what is over last', async () => {
  const standsAfter = async (said: readonly Said[]): Promise<string> => {
    const { folder } = await tell(said)
    return `${phaseFor(folder, 'lab')} ${phaseFor(folder, 'clinic')}`
  }
  assert.equal(await standsAfter([created]), 'needs talk', 'its author writes')
  assert.equal(await standsAfter(signed.slice(0, 2)), 'needs talk', 'and proposes')
  assert.equal(await standsAfter(signed.slice(0, 3)), 'talk needs', 'the other answers')
  assert.equal(await standsAfter(signed.slice(0, 4)), 'needs talk', 'a counter is answered')
  assert.equal(await standsAfter(signed.slice(0, 5)), 'needs needs', 'both sign')
  assert.equal(await standsAfter(signed.slice(0, 6)), 'needs talk')
  assert.equal(await standsAfter(signed), 'force force', 'also before its first day')
  assert.equal(await standsAfter(active), 'force force')
  const suspended: Said = ['suspended', 'lab', { reason: 'look' }]
  assert.equal(await standsAfter([...active, suspended]), 'force force')
  const amended: readonly Said[] = [...active, ['drafted', 'clinic', v(3)]]
  assert.match(await standsAfter(amended), / needs$/, 'another text is talked about')
  assert.equal(await standsAfter([...amended, ['proposed', 'clinic', v(3)]]), 'needs talk')
  assert.equal(await standsAfter([...active, ['expired', null]]), 'ended ended')
  const rejected: Said = ['rejected', 'clinic', { ...v(1), reason: 'no' }]
  assert.equal(await standsAfter([...signed.slice(0, 3), rejected]), 'ended ended')
})
