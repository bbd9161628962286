/** From a ticket back to who it was made for, and from a permit's actor to what a ticket says of them. */
import type { Querier } from '#db/flavor.ts'
import type { Actor } from '../kernel/actor.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, SessionId, TokenId } from '../kernel/ids.ts'
import { holderOfAccount, holderOfSession, holderOfToken } from './actors.sql.ts'
import type { TicketClaims } from './ticket.ts'

export const holderClaims = ({
  id,
  tokenRole,
  token,
  sessionId,
}: Extract<Actor, { kind: 'user' }>): Pick<
  TicketClaims,
  'actor' | 'role' | 'token' | 'session'
> => ({
  actor: id,
  role: tokenRole,
  ...(token === undefined ? {} : { token: token.id }),
  ...(sessionId === undefined ? {} : { session: sessionId }),
})

/** The actor a ticket was minted for, if account and credential are still in force. */
export const holderOf = async (
  q: Querier,
  claims: TicketClaims,
  { nowMs, ip }: { nowMs: number; ip: string | undefined },
): Promise<Actor> => {
  if (claims.actor === undefined) return { kind: 'anonymous' }
  // Casts because the signature proves that we wrote the ids.
  const found =
    claims.token !== undefined
      ? await holderOfToken(q, claims.token as TokenId, { nowMs, ip })
      : claims.session !== undefined
        ? await holderOfSession(q, claims.session as SessionId, nowMs)
        : await holderOfAccount(q, claims.actor as AccountId, claims.role ?? 'read')
  if (found !== undefined) return found.actor
  throw new HubError(
    'permission_denied',
    'The account or token behind this link may no longer act here.',
    { reason: 'credential_ended' },
  )
}
