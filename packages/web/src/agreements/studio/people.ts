/** What a party says of its own people, in words. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { plainName } from '../../parts/words.ts'
import type { Agreement, Named } from '../data.ts'

/** What sections about a party's own people are given. */
export interface OwnPeople {
  readonly named: Named
  readonly agreement: Agreement
  readonly body: AgreementBody
}

/** Nothing can be given before all have signed, nor when it is over. */
export const isSigned = ({ inForce, state }: Pick<Agreement, 'inForce' | 'state'>): boolean =>
  inForce !== null && ['scheduled', 'active', 'suspended'].includes(state)

const kinds = {
  org: 'the whole organisation',
  team: 'a team',
  user: 'one person',
  project: 'a project',
} as const

/** The name where there is one: `dora`, `a team`. */
export const whomWords = (kind: keyof typeof kinds, name: string | null): string =>
  name === null ? kinds[kind] : plainName(name)

export const attested = [
  { value: 'userTraining', label: 'Training' },
  { value: 'ethicsApproval', label: 'Ethics approval' },
] as const

export type Attested = (typeof attested)[number]['value']

/** Words that the terms of a text ask for, such as `HumanSubjects`, in the order in which they come. */
export const wordsAsked = ({ terms }: Pick<AgreementBody, 'terms'>, kind: Attested): string[] => {
  const found = terms.permissions.flatMap(({ constraints }) =>
    constraints.flatMap((one) => {
      if (!('operand' in one) || one.operand !== kind) return []
      return typeof one.value === 'object' ? [...one.value] : [String(one.value)]
    }),
  )
  return [...new Set(found)]
}
