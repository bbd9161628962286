/** The rules of lineage about what may be made and done at all, whatever the card says; one function each. */
import type { Question } from './finding.ts'
import {
  declares,
  finding,
  isDerivative,
  type Met,
  met,
  type RuleCheck,
  sharesWeights,
} from './meeting.ts'
import { commonTargets, sameNames } from './share-alike.ts'
import { type Licence, licenceNamed } from './table.ts'
import { type Ancestor, rowsOf } from './terms.ts'

const noTraining: ReadonlySet<string> = new Set([
  'no-train-others',
  'no-compete',
  'no-train-foundation',
])

const forbidsTraining = ({ outputs }: Licence): boolean =>
  outputs.some((one) => noTraining.has(one))

/** Versions of one licensor's licence, such as Llama 2 and Llama 3. */
const brandOf = ({ id }: Licence): string => /^[a-z]+/.exec(id)?.[0] ?? id

const declaresBrand = (question: Question, row: Licence): boolean =>
  declares(question, (name) => {
    const own = licenceNamed(name)
    return own !== undefined && brandOf(own) === brandOf(row)
  })

const distilled: RuleCheck = (question) =>
  met(question, ({ ancestor, row }) => ancestor.relation === 'distilled' && forbidsTraining(row))
    .filter(({ row }) => !declaresBrand(question, row))
    .map((one) =>
      finding(
        'R7',
        'block',
        one,
        `${one.ancestor.name} is under ${one.row.spdx}, whose outputs may not be used to train other models. Keep this private, or ask its licensor.`,
      ),
    )

const unsatisfiable: RuleCheck = (question) => {
  if (commonTargets(question)?.length !== 0) return []
  return sameNames(question).map((one) =>
    finding(
      'R8',
      'block',
      one,
      `${one.ancestor.name} is under ${one.row.spdx}, and no licence satisfies it together with those of the others this was made from. Leave one of them out.`,
    ),
  )
}

const communities: RuleCheck = (question) => {
  const found = met(
    question,
    ({ ancestor, row }) =>
      ancestor.first === 'merge' && isDerivative(ancestor.relation) && row.family === 'community',
  )
  if (new Set(found.map(({ row }) => row.spdx)).size < 2) return []
  return found.map((one) =>
    finding(
      'R9',
      'warn',
      one,
      `${one.ancestor.name} is under ${one.row.spdx}, merged with a model under another community licence: the duties of both hold. Let counsel look at them.`,
    ),
  )
}

const merged: RuleCheck = (question) => {
  const parents = question.ancestors.filter(({ depth, first }) => depth === 1 && first === 'merge')
  const isOfBrand = (parent: Ancestor, row: Licence): boolean =>
    rowsOf(parent.declared).some(
      (one) => one.row !== undefined && brandOf(one.row) === brandOf(row),
    )
  return met(
    question,
    ({ ancestor, row }) =>
      ancestor.first === 'merge' && sharesWeights(ancestor.relation) && forbidsTraining(row),
  )
    .filter(({ ancestor, row }) =>
      parents.some((parent) => parent.name !== ancestor.name && !isOfBrand(parent, row)),
    )
    .map((one) =>
      finding(
        'R10',
        'block',
        one,
        `${one.ancestor.name} is under ${one.row.spdx}, which may not be used to improve models of others, and is merged with one here. Leave one of them out, or keep this private.`,
      ),
    )
}

const territory: RuleCheck = (question) =>
  met(
    question,
    ({ ancestor, row }) => sharesWeights(ancestor.relation) && row.excludes.length > 0,
  ).map((one) => {
    const places = one.row.excludes.map(({ place, only }) =>
      only === undefined ? place : `${place} (${only} models)`,
    )
    return finding(
      'R11',
      'warn',
      one,
      `${one.ancestor.name} is under ${one.row.spdx}, which gives no rights in ${places.join(', ')}: organisations there will not get it.`,
    )
  })

const ofData = (question: Question, holds: (row: Licence) => boolean): readonly Met[] =>
  met(question, ({ ancestor, row }) => ancestor.relation === 'trained-on' && holds(row))

const dataNonCommercial: RuleCheck = (question) =>
  ofData(question, ({ commercial }) => commercial === 'no').map((one) =>
    finding(
      'D1',
      'warn',
      one,
      `${one.ancestor.name}, which this was trained on, is under ${one.row.spdx}: the model counts as non-commercial until a steward decides otherwise.`,
    ),
  )

const dataShareAlike: RuleCheck = (question) =>
  ofData(question, ({ flow }) => flow === 'same').map((one) =>
    finding(
      'D2',
      'warn',
      one,
      `${one.ancestor.name}, which this was trained on, is under ${one.row.spdx}. Whether that reaches a model is not settled: give credit, and ask counsel.`,
    ),
  )

const medical: RuleCheck = (question) => {
  if (!question.subject.isMedical) return []
  const forbidden = met(
    question,
    ({ ancestor, row }) => isDerivative(ancestor.relation) && row.medical === 'forbidden',
  )
  const conditional = met(
    question,
    ({ ancestor, row }) => isDerivative(ancestor.relation) && row.medical === 'conditional',
  )
  return [
    ...forbidden.map((one) =>
      finding(
        'M1',
        'block',
        one,
        `${one.ancestor.name} is under ${one.row.spdx}, which forbids medical use, and this card says that it is meant for it. Take the purpose out, or choose another base.`,
      ),
    ),
    ...conditional.map((one) =>
      finding(
        'M1',
        'ask',
        one,
        `${one.ancestor.name} is under ${one.row.spdx}, which allows medical use under conditions: keep the evidence that they are met, and let a steward record it.`,
      ),
    ),
  ]
}

const undeclared: RuleCheck = ({ subject: { declared } }) => {
  if (declared.kind === 'none') {
    const sentence =
      'This card names no licence, so nobody knows what they may do with it. Add "license" to its metadata.'
    return [{ rule: 'LICENSE_UNKNOWN', level: 'ask', sentence }]
  }
  if (declared.kind === 'unclear') {
    const sentence = `This card says "${declared.found}", ${declared.why}. Name a licence of the table, or an SPDX expression.`
    return [{ rule: 'LICENSE_UNKNOWN', level: 'ask', sentence }]
  }
  return []
}

/** In the order in which equals are told. */
export const useRules: readonly RuleCheck[] = [
  distilled,
  unsatisfiable,
  communities,
  merged,
  territory,
  dataNonCommercial,
  dataShareAlike,
  medical,
  undeclared,
]
