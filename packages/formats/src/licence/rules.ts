/**
 * The rules of lineage about what a model's own card has to say, one function each: what an ancestor's licence asks of a model made from it,
 * and whether the card answers it. A rule looks at licences and ties only; who may see what is not its concern.
 */
import type { Relation } from './card.ts'
import type { Finding, Question } from './finding.ts'
import {
  declares,
  finding,
  isDerivative,
  isNamed,
  type Met,
  met,
  type RuleCheck,
  sharesWeights,
  shownDeclared,
} from './meeting.ts'
import { sameNames, targetsOf } from './share-alike.ts'
import { bareName, type Licence, licenceNamed } from './table.ts'
import { rowsOf } from './terms.ts'

const makesNew: ReadonlySet<Relation> = new Set(['adapter', 'finetune', 'merge', 'distilled'])

const unknownParent: RuleCheck = ({ ancestors }) =>
  ancestors
    .filter(({ relation }) => isDerivative(relation))
    .flatMap((ancestor): Finding[] => {
      const { declared, name, isOwn } = ancestor
      if (declared.kind === 'none') {
        if (isOwn) return []
        const sentence = `The licence of ${name} is not known here. Say it in the card ("base_model_license"), or let a steward record a decision.`
        return [{ rule: 'R0', level: 'unknown', sentence, parent: name }]
      }
      if (declared.kind === 'unclear') {
        const level = isOwn ? 'ask' : 'unknown'
        const sentence = `The licence of ${name} is "${declared.found}", ${declared.why}. Say which licence it is ("base_model_license"), or let a steward record a decision.`
        return [{ rule: 'R0', level, sentence, parent: name }]
      }
      return rowsOf(declared)
        .filter(({ row }) => row === undefined)
        .map(({ name: licence }) => ({
          rule: 'R0',
          level: isOwn ? 'ask' : 'unknown',
          sentence: `${name} is under ${licence}, which the hub's table does not have: somebody has to read it, and a steward to record what it allows.`,
          parent: name,
          licence,
        }))
    })

const noDerivatives: RuleCheck = (question) =>
  met(
    question,
    ({ ancestor, row }) =>
      sharesWeights(ancestor.relation) &&
      row.derivatives === 'no' &&
      !['copy', 'quantized', 'converted'].includes(ancestor.relation),
  ).map((one) =>
    finding(
      'R1',
      'block',
      one,
      `${one.ancestor.name} is under ${one.row.spdx}, which does not let changed versions be shared. Keep this private, or ask its licensor.`,
    ),
  )

const isCommercial = (name: string): boolean => {
  const row = licenceNamed(name)
  return row !== undefined && row.commercial !== 'no'
}

const bindsCommerce = ({ ancestor, row }: Met): boolean =>
  row.commercial === 'no' &&
  (sharesWeights(ancestor.relation) ||
    (ancestor.relation === 'distilled' && row.outputs.includes('nc')))

const nonCommercial: RuleCheck = (question) => {
  const { declared } = question.subject
  if (declared.kind !== 'expression') return []
  if (
    !declared.choices.some(
      (choice) => choice.length > 0 && choice.every(({ id }) => isCommercial(id)),
    )
  )
    return []
  return met(question, bindsCommerce).map((one) =>
    finding(
      'R2',
      'conflict',
      one,
      `${one.ancestor.name} is under ${one.row.spdx}, for non-commercial use only, and this card says ${declared.text}, which allows commercial use.`,
    ),
  )
}

const shareAlike: RuleCheck = (question) =>
  sameNames(question)
    .filter(({ name }) => !declares(question, (one) => targetsOf(name).includes(bareName(one))))
    .map((one) =>
      finding(
        'R3',
        'conflict',
        one,
        `${one.ancestor.name} is under ${one.row.spdx}: what is made from it is shared under the same licence, or one that it names. This card says ${shownDeclared(question)}.`,
      ),
    )

const restrictions: RuleCheck = (question) =>
  met(question, ({ ancestor, row }) => isDerivative(ancestor.relation) && row.flow === 'restr')
    .filter(({ row }) => {
      const isAsStrict = (name: string): boolean => {
        const own = licenceNamed(name)
        return (
          isNamed(row.spdx)(name) ||
          (own?.flow === 'restr' && row.use.every((one) => own.use.includes(one)))
        )
      }
      return !declares(question, isAsStrict)
    })
    .map((one) =>
      finding(
        'R4',
        'conflict',
        one,
        `${one.ancestor.name} is under ${one.row.spdx}, whose use restrictions go along to every recipient. This card says ${shownDeclared(question)}, which does not carry them.`,
      ),
    )

const reachesOutputs = ({ outputs }: Licence): boolean => outputs.includes('distill-is-derivative')

const inherited: RuleCheck = (question) =>
  met(
    question,
    ({ ancestor, row }) =>
      row.flow === 'lic' &&
      (sharesWeights(ancestor.relation) ||
        (ancestor.relation === 'distilled' && reachesOutputs(row))),
  )
    .filter(({ row }) => !declares(question, isNamed(row.spdx)))
    .map((one) =>
      finding(
        'R5',
        'conflict',
        one,
        `${one.ancestor.name} is under ${one.row.spdx}, which governs what is inherited from it: name it in the card, and put its text and notices beside the files. This card says ${shownDeclared(question)}.`,
      ),
    )

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.\s]+/g, ' ')

const hasPrefix = (name: string, prefix: string): boolean => plain(name).startsWith(plain(prefix))

const wantsName = ({ ancestor, row }: Met): boolean =>
  row.namePrefix !== undefined &&
  makesNew.has(ancestor.relation) &&
  (ancestor.relation !== 'distilled' || row.outputs.includes('name-if-train'))

/** The prefix that is missing, if one is. */
export const missingPrefix = (question: Question): string | undefined =>
  met(question, wantsName)
    .map(({ row }) => row.namePrefix ?? '')
    .filter((prefix) => !hasPrefix(question.subject.name, prefix))
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1))[0]

const naming: RuleCheck = (question) =>
  met(
    question,
    (one) => wantsName(one) && !hasPrefix(question.subject.name, one.row.namePrefix ?? ''),
  ).map((one) =>
    finding(
      'R6',
      'conflict',
      one,
      `${one.ancestor.name} is under ${one.row.spdx}: names of models made with it begin with "${one.row.namePrefix}". This one is called "${question.subject.name}".`,
    ),
  )

/** In the order in which equals are told. */
export const declarationRules: readonly RuleCheck[] = [
  unknownParent,
  noDerivatives,
  nonCommercial,
  shareAlike,
  restrictions,
  inherited,
  naming,
]
