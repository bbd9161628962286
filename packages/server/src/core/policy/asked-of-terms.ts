/** The question that terms are asked: each of their operands, as far as it is known of a request. Pure. */
import { evaluate, type TermsVerdict } from '@weighhouse/formats/terms/evaluate.ts'
import type { Action, LearntOperand } from '@weighhouse/formats/terms/vocabulary.ts'
import { isInRanges } from '../kernel/ip-ranges.ts'
import type { AgreementFacts, AgreementGrantFacts, Attested } from './agreements.ts'

/** Words that hold for this grant. What is over leaves none, and is told apart from what was never said. */
const attestedFor = (
  attested: readonly Attested[],
  kind: Attested['kind'],
  { project }: AgreementGrantFacts,
): readonly string[] | undefined => {
  const found = attested.filter(
    (one) => one.kind === kind && (one.project === undefined || one.project === project),
  )
  if (found.length === 0) return undefined
  return found.filter(({ isOver }) => !isOver).map(({ word }) => word)
}

/** Each operand that the linter takes for known, and no other. */
const factsOf = (
  { nowMs, counted, attested = [], namedUsers, body, orgId, orgType, ip }: AgreementFacts,
  grant: AgreementGrantFacts,
): { readonly [O in LearntOperand]: string | number | readonly string[] | undefined } => ({
  dateTime: nowMs,
  downloadsTotal: counted?.downloadsTotal,
  bytesTotal: counted?.bytesTotal,
  userTraining: attestedFor(attested, 'userTraining', grant),
  ethicsApproval: attestedFor(attested, 'ethicsApproval', grant),
  namedUsers,
  purpose: grant.purposes.length === 0 ? undefined : grant.purposes,
  environment: grant.environment,
  spatial: body.parties.find(({ org }) => org === orgId)?.seat,
  orgType,
  network: ip,
})

/** What the terms say to one action under one grant. */
export const verdictOf = (
  facts: AgreementFacts,
  action: Action,
  grant: AgreementGrantFacts,
): TermsVerdict =>
  evaluate(facts.body.terms, {
    action,
    facts: factsOf(facts, grant),
    done: facts.done,
    hasAccepted: facts.hasAccepted,
    groups: { parties: facts.body.parties.map(({ org }) => org) },
    isInRange: (address, range) => isInRanges(address, [range]),
  })
