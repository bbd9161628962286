/** Pages of `docs/agreements`: each template as it comes, its clauses with what backs them beside the machine terms. */
import { templates } from '@weighhouse/server/core/agreements/templates/index.ts'
import { table } from './table.ts'

type Template = (typeof templates)[number]
type Field = Template['fields'][number]
type Labels = ReadonlyMap<string, string>

const strengthWords = {
  E: '**E** enforced',
  M: '**M** metered',
  A: '*A* attested',
  N: '*N* words alone',
} as const

const label = (labels: Labels, id: string): string => `‹${labels.get(id) ?? id}›`

/** Placeholders by their labels. */
const withLabels = (labels: Labels, text: string): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, id: string) => label(labels, id))

/** A value, a slot, a limit, or several of them. */
const say = (labels: Labels, node: unknown): string => {
  if (typeof node === 'string') return withLabels(labels, node)
  if (Array.isArray(node)) return node.map((one: unknown) => say(labels, one)).join(', ')
  if (typeof node !== 'object' || node === null) return String(node)
  if ('field' in node) return label(labels, String(node.field))
  if ('operand' in node && 'operator' in node && 'value' in node) {
    return [node.operand, node.operator, node.value].map((one) => say(labels, one)).join(' ')
  }
  if ('all' in node) return `all of (${say(labels, node.all)})`
  if ('any' in node) return `any of (${say(labels, node.any)})`
  if ('name' in node && 'detail' in node) {
    return `${say(labels, node.name)} (${say(labels, node.detail)})`
  }
  throw new Error(`no words for ${JSON.stringify(node)}`)
}

/** The machine terms of a clause, one rule a line. */
const rulesOf = ({ terms }: Template, labels: Labels, clause: string): string => {
  const limits = (all: unknown): string => {
    const parts = Array.isArray(all) ? all.map((one: unknown) => say(labels, one)) : []
    return parts.length === 0 ? '' : ` if ${parts.join('; ')}`
  }
  const permissions = terms.permissions.map((rule) => {
    const due = say(labels, rule.preconditions)
    const first = due === '' ? '' : `, first ${due}`
    return { rule, text: `may **${say(labels, rule.action)}**${limits(rule.constraints)}${first}` }
  })
  const prohibitions = terms.prohibitions.map((rule) => ({
    rule,
    text: `never **${say(labels, rule.action)}**${limits(rule.constraints)}`,
  }))
  const obligations = terms.obligations.map((rule) => {
    const when = [
      `at ${say(labels, rule.trigger)}`,
      rule.within === undefined ? [] : `within ${say(labels, rule.within)}`,
      rule.every === undefined ? [] : `every ${say(labels, rule.every)}`,
      rule.whenOverdue === 'suspend' ? 'or the agreement is suspended until it is done' : [],
    ].flat()
    const detail = rule.detail === undefined ? '' : `: ${say(labels, rule.detail)}`
    return {
      rule,
      text: `${say(labels, rule.debtor)} owes **${say(labels, rule.name)}** ${when.join(', ')}${detail}`,
    }
  })
  return [...permissions, ...prohibitions, ...obligations]
    .filter(({ rule }) => rule.clause === clause)
    .map(({ rule, text }) => `\`${say(labels, rule.id)}\` ${text}`)
    .join('<br>')
}

const presetOf = (field: Field): string => {
  if (!('default' in field) || field.default === undefined) return 'has to be given'
  if (field.type === 'choice') {
    return field.options.find(({ value }) => value === field.default)?.words ?? ''
  }
  if (field.type === 'money') return `${field.default.currency} ${field.default.amount}`
  if (field.default === null) return 'left out'
  return Array.isArray(field.default) ? field.default.join(', ') : String(field.default)
}

const page = (template: Template): string => {
  const { id, version, title, summary, signing, fields, clauses, body } = template
  const labels: Labels = new Map(fields.map((field) => [field.id, field.label]))
  const rows = clauses.map((clause, i) => [
    `${i + 1}. **${clause.title}**<br>${withLabels(labels, clause.text)}`,
    strengthWords[clause.strength],
    rulesOf(template, labels, clause.id) ||
      (clause.restsOn === undefined ? '' : `rests on ${clause.restsOn.join(', ')}`),
  ])
  const signatures =
    signing === 'authorised'
      ? 'one authorised signatory of each party signs'
      : 'a second person of each party signs beside the signatory'
  const { derivativesOnEnd, ownership } = body
  const members = [
    'field' in derivativesOnEnd
      ? []
      : `Derived models at the end: ${say(labels, derivativesOnEnd.rule)}, ${say(labels, derivativesOnEnd.days)} days.`,
    'field' in ownership ? [] : `Owner of results: ${say(labels, ownership.results)}.`,
  ].flat()
  return `# ${title}

${summary}

Template \`${id}\`, version ${version}: ${signatures}. ‹Words in angles› are filled in; one value goes into the words and
into the machine terms. This is no legal advice: let your lawyers read it before you sign.

## Clauses

${table(['clause', 'backed', 'machine terms'], rows)}

Beside the rules a machine reads: ${members.join(' ')}

## Fields

${table(
  ['field', 'type', 'default', 'negotiable', 'what'],
  fields.map((field) => [
    `${field.label} (\`${field.id}\`)`,
    field.type,
    presetOf(field),
    field.isNegotiable ? 'yes' : 'no',
    field.help,
  ]),
)}
`
}

const overview = (): string => `# Templates of agreements

Each page shows the clauses people sign, how strongly each is backed, and the rules a machine reads, side by side. **E** is
enforced by the hub, **M** metered by it, *A* rests on the word of a person or an organisation, *N* is words alone.

${table(
  ['template', 'for'],
  templates.map(({ id, title, summary }) => [`[${title}](${id}.md)`, summary]),
)}
`

/** Text by file name below \`docs/agreements\`. */
export const agreementPages: Readonly<Record<string, () => string>> = {
  'README.md': overview,
  ...Object.fromEntries(templates.map((one) => [`${one.id}.md`, () => page(one)])),
}
