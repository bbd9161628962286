/** A hidden repo and one that is not there: nobody tells them apart by any answer of any door. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from '../dev-house.ts'
import { situationDoors } from './doors.ts'
import { openStage } from './world.ts'

const hidden = 'lab/retina'
/** Of the same length, so that answers that hold the name have the same length too. */
const missing = 'lab/nought'

/** Of each answer another one. */
const ofItself = new Set(['x-request-id', 'date'])

const shown = ({ status, headers, text }: Answer): string => {
  const told = Object.entries(headers)
    .filter(([name]) => !ofItself.has(name))
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted()
  return [status, ...told, text]
    .join('\n')
    .replaceAll(/Root=1-[0-9a-f]+/g, 'id')
    .replaceAll(missing, hidden)
    .replaceAll(missing.slice(4), hidden.slice(4))
}

void test('what is hidden is answered as what is not there', async () => {
  await using stage = await openStage('sqlite')
  const told: string[] = []
  for (const who of ['nobody', 'eve', 'dora', 'robot'] as const) {
    const asker = await stage.set({ who, world: { visibility: 'private' } })
    // Links and lists are of one repo, whichever is asked about.
    for (const door of situationDoors) {
      const there = shown(await door.ask(asker))
      const nowhere = shown(await door.ask({ ...asker, repo: missing }))
      if (there !== nowhere) told.push(`${who} · ${door.name}\n${there}\n---\n${nowhere}`)
    }
  }
  assert.deepEqual(told, [])
})
