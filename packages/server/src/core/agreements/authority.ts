/** What authority a signature needs: for the side of the party, by the template of the text. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { PartyRole } from '@weighhouse/formats/agreement/statement.ts'
import type { Side, SigningAct } from '../signing/index.ts'

const sidesOf = (role: PartyRole): readonly Side[] =>
  role === 'consumer' ? ['consumer'] : role === 'member' ? ['provider', 'consumer'] : ['provider']

/**
 * All of these together: a member of a consortium gives and takes, so its signatory needs leave for both. Leave to sign what a template
 * says is none for what somebody has made of it.
 */
export const actsOf = (
  role: PartyRole,
  { id, altered }: AgreementBody['template'],
): readonly SigningAct[] =>
  sidesOf(role).map((side) => ({ side, ...(altered === true ? {} : { template: id }) }))
