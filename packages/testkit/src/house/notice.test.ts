/** Notice: an agreement stays in force for the days it says, then time ends it; a cause ends it at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseEvidence } from '@weighhouse/formats/agreement/evidence.ts'
import { verifyEvidence } from '@weighhouse/formats/agreement/verify.ts'
import { grantTo, openScene } from './agreement-scene.ts'
import { dayMs, managing } from './agreement-kit.ts'

void test('in force until notice is over, then terminated by time; the evidence holds', async () => {
  const scene = await openScene()
  await using dev = scene.dev
  const { agreements } = dev.hub
  const { id, lab, read } = scene
  await grantTo(scene)
  const forLab = await managing(dev, lab, 'lab')
  const state = async () => (await agreements.agreement(forLab, id)).state
  await agreements.terminate(lab, forLab, id, 'We move on.')
  await agreements.tick(dev.system)
  assert.deepEqual([await state(), (await read()).status], ['active', 200])
  await assert.rejects(agreements.terminate(lab, forLab, id, 'Again.'), /notice was given already/)

  dev.clock.advance(29 * dayMs)
  await agreements.tick(dev.system)
  assert.deepEqual([await state(), (await read()).status], ['active', 200])

  dev.clock.advance(dayMs)
  const over = await read()
  assert.match(
    over.message,
    /The agreement was terminated: lab ended it on .* Their reason: We move on\. /,
    'before the clock has said it, too',
  )
  const again = await managing(dev, lab, 'lab')
  assert.equal((await agreements.agreement(again, id)).state, 'active')
  await agreements.tick(dev.system)
  assert.equal((await agreements.agreement(again, id)).state, 'terminated')

  let text = ''
  for await (const piece of await agreements.evidence(again, id)) text += piece
  const evidence = await verifyEvidence(
    parseEvidence(JSON.parse(text)),
    agreements.hubSeal.publicKey,
  )
  assert.deepEqual(
    evidence.checks.filter(({ ok }) => !ok),
    [],
  )
})

void test('for a cause it ends at once', async () => {
  const scene = await openScene()
  await using dev = scene.dev
  const { agreements } = dev.hub
  await grantTo(scene)
  const forLab = await managing(dev, scene.lab, 'lab')
  await agreements.terminate(scene.lab, forLab, scene.id, 'A breach.', { cause: true })
  assert.match((await scene.read()).message, /The agreement was terminated/)
})
