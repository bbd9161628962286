/**
 * The table of situations: who asks, what is true, and the reason that every door gives. One line each; the suite beside drives all doors,
 * and `npm run docs` prints the table.
 */
import { byAgreement } from './by-agreement.ts'
import { byCount } from './by-count.ts'
import { byLicence } from './by-licence.ts'
import { byOwner } from './by-owner.ts'
import { byTerms } from './by-terms.ts'
import type { Situation } from './situation.ts'

export const situations: readonly Situation[] = [
  ...byOwner,
  ...byLicence,
  ...byAgreement,
  ...byTerms,
  ...byCount,
]
