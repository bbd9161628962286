/** What licences of what a repo was made from stop: pure, from facts. Rules and their findings are the lineage room's; these are their result. */
import { type AgreementDenial, denialOf } from './agreement-denials.ts'
import type { AgreementFacts } from './agreements.ts'

/** Reasons of upstream terms: they do not change. */
export type UpstreamReason = 'LICENSE_UNKNOWN' | 'LICENSE_CONFLICT'

export interface UpstreamFacts {
  /** Why only its owner's people may read it. */
  readonly stop: UpstreamReason | undefined
  /** ISO codes of countries where nobody has rights. */
  readonly excludes: readonly string[]
}

const seatOf = ({ body, orgId }: AgreementFacts): string | undefined =>
  body.parties.find(({ org }) => org === orgId)?.seat

const outOfReach = (facts: AgreementFacts, { excludes }: UpstreamFacts): AgreementDenial =>
  denialOf(facts, 'TERRITORY', {
    needed: `a seat outside ${excludes.join(', ')}, as a licence of what it was made from has it`,
    actual: seatOf(facts),
  })

/**
 * Nobody is given by an agreement what a licence above it does not give them: those whose party has its seat where the licence gives no
 * rights drop out, and when none is left, there is a denial. That it exists may be known anywhere.
 */
export const withinReach = (
  agreements: readonly AgreementFacts[],
  upstream: UpstreamFacts | undefined,
  isReading: boolean,
): { given: readonly AgreementFacts[]; denial: AgreementDenial | undefined } => {
  if (!isReading || upstream === undefined) return { given: agreements, denial: undefined }
  const given = agreements.filter((one) => !upstream.excludes.includes(seatOf(one) ?? ''))
  const [outside] = agreements
  const isNone = given.length === 0 && outside !== undefined
  return { given, denial: isNone ? outOfReach(outside, upstream) : undefined }
}
