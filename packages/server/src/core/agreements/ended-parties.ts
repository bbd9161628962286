/**
 * What becomes of agreements when a party ends. Who is bound, or owes something, does not end before that is settled; what is only talked
 * about falls, since nobody is left who could sign it. Nothing passes to a successor: it signs for itself.
 */
import type { Consumer } from '../events/index.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { pagesOf } from '../kernel/pages.ts'
import type { EndGuard } from '../organisations/index.ts'
import type { Chain } from './chain.ts'
import type { AgreementsDeps } from './index.ts'
import * as lists from './lists.sql.ts'
import { boundBy } from './duties.sql.ts'

const namedMax = 20
const pageMax = 200

export const makeEndGuard = (): EndGuard => ({
  async refuse(q, { id, name }) {
    const bound = await boundBy(q, id, namedMax)
    if (bound.length === 0) return
    const titles = bound.map(({ title, life }) =>
      life === 'closing' ? `"${title}" (it is over, and ${name} owes something yet)` : `"${title}"`,
    )
    const more = bound.length === namedMax ? ' and perhaps more' : ''
    throw new HubError(
      'conflict',
      `${name} is bound by ${titles.join(', ')}${more}. End each of these agreements, and do what is owed or have it waived; then the organisation can end.`,
      {
        reason: 'agreements_bind',
        account: name,
        agreements: bound.map((one) => one.id).join(' '),
      },
    )
  },
})

/** Rejects what was on the table with an organisation that has ended. */
export const makeEndedParties = (
  { db, systemCtx }: Pick<AgreementsDeps, 'db' | 'systemCtx'>,
  chain: Chain,
): Consumer => ({
  name: 'ended parties',
  concerns: (name) => name === 'account_removed',
  async handle(event) {
    if (event.name !== 'account_removed') return
    // A cast because ids travel as text in events.
    const org = event.payload.accountId as AccountId
    const data = { reason: `${event.payload.name} has ended.` }
    const said = { kind: 'rejected', org, actor: null, data } as const
    const clear = () => Promise.resolve({ offer_until_ms: null })
    const pages = pagesOf(
      (page) => lists.talksOf(db.read, org, page),
      ({ id }) => id,
      pageMax,
    )
    for await (const rows of pages) {
      for (const row of rows) {
        try {
          await chain.say(systemCtx, row, said, {}, clear)
        } catch (error) {
          // Somebody else has ended the talk at this moment.
          if (!isHubError(error, 'conflict')) throw error
        }
      }
    }
  },
})
