/** Who an organisation is in law. */
import { isSeen } from '@weighhouse/formats/agreement/unseen.ts'
import { isCountryCode } from '@weighhouse/formats/terms/vocabulary.ts'
import type { OrgType } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { OrgPermit, SigningDeps } from './index.ts'
import * as sql from './signing.sql.ts'

export interface PartyProfile {
  readonly legalName: string
  /** ISO 3166-1, two letters. */
  readonly seat: string
  readonly orgType: OrgType
}

export interface Parties {
  /** Undefined until somebody has said it. */
  party(orgId: AccountId): Promise<PartyProfile | undefined>
  /** Errors: `invalid`. */
  describeParty(ctx: Ctx, permit: OrgPermit, profile: PartyProfile): Promise<PartyProfile>
}

const nameCharsMax = 200

const refuse = ({ legalName, seat }: PartyProfile): void => {
  if (legalName.trim() === '' || legalName.length > nameCharsMax) {
    throw new HubError('invalid', `A legal name has 1 to ${nameCharsMax} characters.`)
  }
  if (!isSeen(legalName)) {
    throw new HubError('invalid', 'A legal name is expected of which every character is seen.')
  }
  if (!isCountryCode(seat)) {
    throw new HubError(
      'invalid',
      `A seat is a country code of two letters such as DE, found "${seat.slice(0, 20)}".`,
    )
  }
}

export const makeParties = ({ db, events, clock }: SigningDeps): Parties => ({
  async party(orgId) {
    const row = await sql.partyOf(db.read, orgId)
    return row && { legalName: row.legal_name, seat: row.seat, orgType: row.org_type }
  },

  async describeParty(ctx, { namespace }, profile) {
    refuse(profile)
    const { legalName, seat, orgType } = profile
    await db.tx(async (q, after) => {
      await sql.putParty(q, {
        org_id: namespace.id,
        legal_name: legalName,
        seat,
        org_type: orgType,
        updated_at_ms: clock.nowMs(),
      })
      const payload = { orgId: namespace.id, legalName, seat }
      await events.append({ q, after, ctx }, 'party_described', payload)
    })
    return profile
  },
})
