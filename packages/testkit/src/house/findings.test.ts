/** What the linter says of terms is asked again by whoever signs: it may have learnt since the text was written. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHubError } from '@weighhouse/server/core/kernel/errors.ts'
import { contradict, openTwoParties, sign, toAgreed } from './agreement-kit.ts'

void test('terms that contradict themselves are not signed, however they came on the table', async () => {
  const two = await openTwoParties()
  await using dev = two.dev
  const { id, what } = await toAgreed(two)
  await contradict(dev, id)
  await assert.rejects(
    sign(two, 'ann', 'lab', id, what),
    (error) =>
      isHubError(error) &&
      error.code === 'invalid' &&
      error.details['reason'] === 'shadowed_permission',
  )
})
