/** Every situation at every door: the same reason everywhere, and nothing served that is not decided. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectedAt, outcomeAt, situationDoors } from './doors.ts'
import { situations } from './situations.ts'
import { openStage } from './world.ts'

void test('every door gives the reason of the table', async () => {
  assert.ok(situations.length >= 60, `${situations.length} situations`)
  await using stage = await openStage('sqlite')
  const wrong: string[] = []
  for (const situation of situations) {
    const asker = await stage.set(situation)
    for (const door of situationDoors) {
      const found = await outcomeAt(door, asker)
      const expected = expectedAt(situation, door)
      if (found !== expected) {
        wrong.push(`${situation.name} · ${door.name}: expected ${expected}, found ${found}`)
      }
    }
  }
  assert.deepEqual(wrong, [])
})

void test('who paused it, and why, is told at every door that refuses', async () => {
  const situation = situations.find(({ world }) => world.agreements?.[0]?.reason !== undefined)
  assert.ok(situation)
  await using stage = await openStage('sqlite')
  const asker = await stage.set(situation)
  const silent: string[] = []
  for (const door of situationDoors.filter(
    ({ action, isSilent }) => (action === 'browse' || action === 'read') && isSilent !== true,
  )) {
    const { headers, text } = await door.ask(asker)
    const told = `${text} ${headers['x-error-message'] ?? ''}`
    if (!/lab.*the audit is due/s.test(told)) silent.push(`${door.name}: ${told.slice(0, 300)}`)
  }
  assert.deepEqual(silent, [])
})

void test('no two situations have one name', () => {
  assert.equal(new Set(situations.map(({ name }) => name)).size, situations.length)
})
