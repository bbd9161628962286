/** Why an agreement does not permit, and who can do something about it. */
import type { Clause } from '@weighhouse/formats/agreement/body.ts'
import type { AgreementId } from '../kernel/ids.ts'
import type { AgreementFacts, AgreementReason, LastWord } from './agreements.ts'

export interface AgreementDenial {
  readonly agreement: AgreementId
  readonly title: string
  readonly reason: AgreementReason
  readonly clause: Clause | undefined
  readonly needed: string | undefined
  readonly actual: string | undefined
  readonly lastWord?: LastWord | undefined
  /** Who can do something about it. */
  readonly who: 'you' | 'your_organisation' | 'provider'
  /** Names of the asker's organisation, and of those that give, as the text has them. */
  readonly org: string | undefined
  readonly providers: readonly string[]
}

const whoCan: Partial<Record<AgreementReason, AgreementDenial['who']>> = {
  USER_ASSENT_REQUIRED: 'you',
  GRANT_MISSING: 'your_organisation',
  CONTEXT_MISSING: 'your_organisation',
  DUTY_UNFULFILLED: 'your_organisation',
  TRAINING_EXPIRED: 'your_organisation',
}

/** The organisation that it gives to, as the text has its name. */
export const orgIn = ({ body, orgId }: AgreementFacts): string | undefined =>
  body.parties.find(({ org }) => org === orgId)?.name

/** Who it gives to and who gives, by name: whom a refusal sends people to. */
const sidesOf = (facts: AgreementFacts): Pick<AgreementDenial, 'org' | 'providers'> => ({
  org: orgIn(facts),
  providers: facts.body.parties.flatMap(({ org, role, name }) =>
    org !== facts.orgId && (role === 'provider' || role === 'member') ? [name] : [],
  ),
})

export const denialOf = (
  facts: AgreementFacts,
  reason: AgreementReason,
  more: Partial<Pick<AgreementDenial, 'clause' | 'needed' | 'actual' | 'lastWord'>> = {},
): AgreementDenial => ({
  agreement: facts.id,
  title: facts.title,
  reason,
  clause: more.clause,
  needed: more.needed,
  actual: more.actual,
  lastWord: more.lastWord,
  who: whoCan[reason] ?? 'provider',
  ...sidesOf(facts),
})
