/**
 * The closed vocabulary of machine-readable terms: what may be done with a model, and by what a rule may be limited. A profile of ODRL 2.2
 * (https://www.w3.org/TR/odrl-model/): `odrl.ts` writes it in that form. What is not here is refused when terms are written and denied
 * when they are asked.
 */

/** How strongly a term is backed: enforced by the hub, metered by it, attested by somebody, or told in words alone. */
export type Strength = 'E' | 'M' | 'A' | 'N'

interface ActionFacts {
  /** A rule about the parent covers the child, never the reverse. */
  readonly parent: Action | undefined
  readonly strength: Strength
  /** After "may": for sentences. */
  readonly words: string
}

/** What may be done with a model; `actions` says how they hang together. */
export const actionNames = [
  'use',
  'transfer',
  'reproduce',
  'execute',
  'derive',
  'distribute',
  'discover',
  'download',
  'infer',
  'evaluate',
  'finetune',
  'adapt',
  'convert',
  'merge',
  'distill',
  'trainOnOutputs',
  'redistributeWeights',
  'serveThirdParty',
  'attackPrivacy',
] as const
export type Action = (typeof actionNames)[number]

/** Each action's parent, strength and words. */
export const actions: Readonly<Record<Action, ActionFacts>> = {
  use: { parent: undefined, strength: 'A', words: 'use it in any way' },
  transfer: { parent: undefined, strength: 'N', words: 'transfer its ownership' },
  reproduce: { parent: 'use', strength: 'A', words: 'make copies of it' },
  execute: { parent: 'use', strength: 'A', words: 'run it' },
  derive: { parent: 'use', strength: 'A', words: 'make other models from it' },
  distribute: { parent: 'use', strength: 'A', words: 'pass it on or offer it to others' },
  discover: {
    parent: 'use',
    strength: 'E',
    words: 'see that it exists, its card and its file list',
  },
  download: { parent: 'reproduce', strength: 'E', words: 'download it' },
  infer: { parent: 'execute', strength: 'M', words: 'call it where it is hosted' },
  evaluate: { parent: 'execute', strength: 'A', words: 'evaluate it and keep the scores' },
  finetune: { parent: 'derive', strength: 'A', words: 'fine-tune it' },
  adapt: { parent: 'finetune', strength: 'A', words: 'train adapters for it' },
  convert: { parent: 'derive', strength: 'A', words: 'convert, quantise or prune it' },
  merge: { parent: 'derive', strength: 'A', words: 'merge it with other models' },
  distill: { parent: 'derive', strength: 'A', words: 'distil it into another model' },
  trainOnOutputs: {
    parent: 'use',
    strength: 'A',
    words: 'train other models on what it generates',
  },
  redistributeWeights: {
    parent: 'distribute',
    strength: 'A',
    words: 'give its weights, or weights derived from them, to a third party',
  },
  serveThirdParty: {
    parent: 'distribute',
    strength: 'A',
    words: 'offer it as a service to others',
  },
  attackPrivacy: {
    parent: 'use',
    strength: 'A',
    words: 'try to find out from it whom its data was about',
  },
}

/** The action and all that cover it, nearest first. */
export const withParents = (action: Action): readonly Action[] => {
  const line: Action[] = []
  for (let at: Action | undefined = action; at !== undefined; at = actions[at].parent) line.push(at)
  return line
}

export type OperandType =
  | 'instant'
  | 'purpose'
  | 'word'
  | 'country'
  | 'party'
  | 'address'
  | 'count'
  | 'amount'

interface OperandFacts {
  readonly type: OperandType
  readonly strength: Strength
  readonly words: string
}

/** What a rule may be limited by. */
export const operandNames = [
  'dateTime',
  'purpose',
  'recipient',
  'spatial',
  'callsPerCalendarMonth',
  'tokensPerCalendarMonth',
  'downloadsTotal',
  'bytesTotal',
  'namedUsers',
  'environment',
  'network',
  'revisionState',
  'orgType',
  'annualRevenueUSD',
  'monthlyActiveUsers',
  'userTraining',
  'ethicsApproval',
] as const
export type Operand = (typeof operandNames)[number]

/** Each operand's type, strength and words. */
export const operands: Readonly<Record<Operand, OperandFacts>> = {
  dateTime: { type: 'instant', strength: 'E', words: 'the time' },
  purpose: { type: 'purpose', strength: 'A', words: 'the purpose' },
  recipient: { type: 'party', strength: 'E', words: 'the recipient' },
  spatial: { type: 'country', strength: 'E', words: 'the seat of the organisation' },
  callsPerCalendarMonth: { type: 'count', strength: 'M', words: 'calls this month' },
  tokensPerCalendarMonth: { type: 'count', strength: 'M', words: 'tokens this month' },
  downloadsTotal: { type: 'count', strength: 'M', words: 'downloads in all' },
  bytesTotal: { type: 'count', strength: 'M', words: 'bytes downloaded in all' },
  namedUsers: { type: 'count', strength: 'E', words: 'named users' },
  environment: { type: 'word', strength: 'A', words: 'the environment' },
  network: { type: 'address', strength: 'E', words: 'the network' },
  revisionState: { type: 'word', strength: 'E', words: 'the state of the revision' },
  orgType: { type: 'word', strength: 'A', words: 'the kind of organisation' },
  annualRevenueUSD: { type: 'amount', strength: 'A', words: 'yearly revenue in US dollars' },
  monthlyActiveUsers: { type: 'amount', strength: 'A', words: 'monthly active users' },
  userTraining: { type: 'word', strength: 'A', words: 'a training certificate' },
  ethicsApproval: { type: 'word', strength: 'A', words: 'an ethics approval' },
}

/** What this hub finds out of a request; the decision's type holds it to this list. */
const learntOperands = [
  'dateTime',
  'purpose',
  'spatial',
  'downloadsTotal',
  'bytesTotal',
  'namedUsers',
  'environment',
  'network',
  'orgType',
  'userTraining',
  'ethicsApproval',
] as const satisfies readonly Operand[]
export type LearntOperand = (typeof learntOperands)[number]

/** What this hub is asked about before it happens, and what it finds out then; all else is done where it does not see it. */
const asked = {
  discover: learntOperands,
  download: learntOperands,
  redistributeWeights: ['dateTime'],
} as const satisfies { readonly [A in Action]?: readonly LearntOperand[] }
type AskedAction = keyof typeof asked
// A cast because keys of the table are its actions.
const askedActions = Object.keys(asked) as AskedAction[]

/** Does a rule about it say something about what the hub is asked? */
export const isAsked = (action: Action): boolean =>
  askedActions.some((one) => withParents(one).includes(action))

/** Can a limit of a rule about this action be met or missed? */
export const isLearnt = (operand: Operand, action: Action): boolean =>
  askedActions.some(
    (one) =>
      withParents(one).includes(action) && asked[one].some((learnt: Operand) => learnt === operand),
  )

/** Operands whose value the hub counts: what is compared is the count with this request in it. */
export const isLedger = (operand: Operand): boolean => operands[operand].strength === 'M'

/** Duties that must have been done before a permission holds. */
export const preconditionNames = ['compensate', 'obtainConsent', 'signUsePolicy'] as const
export type Precondition = (typeof preconditionNames)[number]

/** Duties that stand on their own, with a date. */
export const obligationNames = [
  'attribute',
  'inform',
  'delete',
  'certifyDestruction',
  'reportUsage',
  'reportIncident',
  'passThroughRestrictions',
  'includeLicenseText',
  'stateChanges',
  'returnDerivative',
  'acceptAudit',
  'revalidate',
] as const
export type ObligationName = (typeof obligationNames)[number]

/** What sets an obligation going. */
export const triggerNames = [
  'activation',
  'agreementEnd',
  'publication',
  'publicationDraft',
  'redistribution',
  'incident',
  'memberExit',
  'derivative',
] as const
export type Trigger = (typeof triggerNames)[number]

const eu = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(
  ' ',
)

/** Groups of countries that terms may name beside ISO 3166-1 codes. `UK` is what people write for `GB`. */
export const countryGroups: Readonly<Record<string, readonly string[]>> = {
  EU: eu,
  EEA: [...eu, 'IS', 'LI', 'NO'],
  UK: ['GB'],
}

/** One country, as ISO 3166-1 spells it; groups are none. */
export const isCountryCode = (text: string): boolean =>
  /^[A-Z]{2}$/.test(text) && !Object.hasOwn(countryGroups, text)

export const isCountry = (text: string): boolean =>
  Object.hasOwn(countryGroups, text) || isCountryCode(text)
