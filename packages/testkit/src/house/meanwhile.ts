/** What happens between a look and the writing of what came of it. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { DevHouse } from '../dev-house.ts'

export interface Meanwhile {
  /** Throws where nothing was written, and so nothing happened. */
  happened(): void
}

/** The next transaction of the house waits for `act`, once. */
export const beforeNextWrite = (
  t: TestContext,
  { house: { db } }: DevHouse,
  act: () => Promise<unknown>,
): Meanwhile => {
  const { mock } = t.mock.method(db, 'tx', async (work: Parameters<typeof db.tx>[0]) => {
    mock.restore()
    await act()
    return db.tx(work)
  })
  return { happened: () => assert.equal(mock.callCount(), 1) }
}
