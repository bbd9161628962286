/** A template that an organisation wrote: read strictly, tried out, and refused with the place of what is wrong. */
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { FormatError } from '@weighhouse/formats/error.ts'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import { fail, list, object, text, word } from '@weighhouse/formats/json/read.ts'
import { lint } from '@weighhouse/formats/terms/lint.ts'
import { isPurpose } from '@weighhouse/formats/terms/purposes.ts'
import { operandNames } from '@weighhouse/formats/terms/vocabulary.ts'
import { HubError, isHubError } from '../../kernel/errors.ts'
import { misfit } from './backing.ts'
import type { Field } from './fields.ts'
import { sampleOf } from './samples.ts'
import { fill, namedIn, questions, type Template, type TemplateClause } from './template.ts'

const fieldsMax = 100
const clausesMax = 200
const charsMax = 10_000
const jsonCharsMax = 500_000
const optionsMax = 50

const idForm = /^[a-zA-Z]\w{0,63}$/

const name = (value: unknown, at: string): string =>
  typeof value === 'string' && idForm.test(value)
    ? value
    : fail(at, 'a name of letters and digits, such as noticeDays', value)

const flag = (value: unknown, at: string): boolean =>
  typeof value === 'boolean' ? value : fail(at, 'true or false', value)

const whole = (value: unknown, at: string): number =>
  Number.isSafeInteger(value) && Number(value) >= 0
    ? Number(value)
    : fail(at, 'a whole number', value)

const isoDuration = (value: unknown, at: string): string => text(value, at, 40)

/** What each type has beside the members that all have, and whether it is right. */
const kinds: Record<Field['type'], (members: Record<string, unknown>, at: string) => object> = {
  text: ({ charsMax: most, absent }, at) => ({
    charsMax: whole(most, `${at}.charsMax`),
    ...(absent === undefined ? {} : { absent: text(absent, `${at}.absent`) }),
  }),
  count: ({ min, max, unit }, at) => ({
    min: whole(min, `${at}.min`),
    max: whole(max, `${at}.max`),
    ...(unit === undefined ? {} : { unit: text(unit, `${at}.unit`, 40) }),
  }),
  date: ({ isEnd, after }, at) => {
    if (after === undefined) return { isEnd: flag(isEnd, `${at}.isEnd`) }
    const found = object(after, `${at}.after`, ['field', 'daysMax'])
    const field = name(found['field'], `${at}.after.field`)
    const daysMax = whole(found['daysMax'], `${at}.after.daysMax`)
    return { isEnd: flag(isEnd, `${at}.isEnd`), after: { field, daysMax } }
  },
  duration: ({ min, max }, at) => ({
    min: isoDuration(min, `${at}.min`),
    max: isoDuration(max, `${at}.max`),
  }),
  countries: () => ({}),
  purposes: ({ among }, at) => ({
    among: list(among, `${at}.among`, optionsMax).map((one, i) =>
      typeof one === 'string' && isPurpose(one)
        ? one
        : fail(`${at}.among[${i}]`, 'a purpose that the vocabulary knows', one),
    ),
  }),
  party: () => ({}),
  money: ({ max }, at) => ({ max: whole(max, `${at}.max`) }),
  choice: ({ options }, at) => ({
    options: list(options, `${at}.options`, optionsMax).map((one, i) => {
      const place = `${at}.options[${i}]`
      const found = object(one, place, ['value', 'words', 'needs'])
      const needs = found['needs'] === undefined ? {} : { needs: name(found['needs'], place) }
      const words = text(found['words'], `${place}.words`)
      return { value: text(found['value'], `${place}.value`, 64), words, ...needs }
    }),
  }),
  network: () => ({}),
  timezone: () => ({}),
}
// A cast because keys of the table are the types.
const kindNames = Object.keys(kinds) as Field['type'][]

const common = ['id', 'label', 'help', 'isNegotiable', 'type', 'default']
const special: Partial<Record<Field['type'], readonly string[]>> = {
  text: ['charsMax', 'absent'],
  count: ['min', 'max', 'unit'],
  date: ['isEnd', 'after'],
  duration: ['min', 'max'],
  purposes: ['among'],
  money: ['max'],
  choice: ['options'],
}

const field = (value: unknown, at: string): Field => {
  const type = word((value as { type?: unknown } | null)?.type, `${at}.type`, kindNames)
  const members = object(value, at, [...common, ...(special[type] ?? [])])
  // A cast because the type says what its reader has read; a default is tried out with the whole.
  return {
    id: name(members['id'], `${at}.id`),
    label: text(members['label'], `${at}.label`, 100),
    help: text(members['help'], `${at}.help`),
    isNegotiable: flag(members['isNegotiable'], `${at}.isNegotiable`),
    type,
    ...kinds[type](members, at),
    ...(members['default'] === undefined ? {} : { default: members['default'] }),
  } as Field
}

const clause = (value: unknown, at: string): TemplateClause => {
  const known = ['id', 'title', 'text', 'strength', 'answers', 'restsOn']
  const members = object(value, at, known)
  const rests = members['restsOn']
  return {
    id: text(members['id'], `${at}.id`, 64),
    title: text(members['title'], `${at}.title`, 200),
    text: text(members['text'], `${at}.text`, charsMax),
    strength: word(members['strength'], `${at}.strength`, ['E', 'M', 'A', 'N']),
    answers: list(members['answers'], `${at}.answers`, questions.length).map((one, i) =>
      word(one, `${at}.answers[${i}]`, questions),
    ),
    ...(rests === undefined
      ? {}
      : {
          restsOn: list(rests, `${at}.restsOn`, operandNames.length).map((one, i) =>
            word(one, `${at}.restsOn[${i}]`, operandNames),
          ),
        }),
  }
}

const refuseTwins = (ids: readonly string[], at: string): void => {
  const twin = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twin !== undefined) fail(at, 'each id once', twin)
}

/** What is named must be a field: a placeholder, or whoever signs would read `{it}`; a slot; what one field says of another. */
const refuseStrangers = ({ fields, clauses, terms, body }: Template): void => {
  const titled = clauses.find(({ title }) => namedIn(title).length > 0)
  if (titled !== undefined) fail(`clause ${titled.id}.title`, 'no placeholder', titled.title)
  const named = new Set(namedIn([clauses.map(({ text: words }) => words), terms, body]))
  const known = new Set(fields.map(({ id }) => id))
  const stranger = [...named].find((id) => !known.has(id))
  if (stranger !== undefined) fail('template', 'placeholders that are fields', stranger)
  const unused = fields.find(({ id }) => !named.has(id))
  if (unused !== undefined)
    fail('fields', 'fields that a clause, the terms or the body use', unused.id)
  for (const one of fields) {
    const others =
      one.type === 'date'
        ? [one.after?.field]
        : one.type === 'choice'
          ? one.options.map(({ needs }) => needs)
          : []
    const lost = others.find((id) => id !== undefined && !known.has(id))
    if (lost !== undefined) fail(`field ${one.id}`, 'another field', lost)
  }
}

const party = (org: string, role: string) => ({
  org,
  name: org,
  role,
  legalName: org,
  seat: 'DE',
  keys: ['k'.repeat(43)],
})

/** Fills it with samples, so that what can never be drafted is not kept. */
const tryOut = (template: Template): void => {
  const values = Object.fromEntries(template.fields.map((one) => [one.id, sampleOf(one)]))
  const wish = fill(template, values)
  const body = parseBody({
    ...wish,
    format: 'weighhouse.agreement.v1',
    agreement: 'sample',
    version: 1,
    supersedes: null,
    parties: [party('provider', 'provider'), party('consumer', 'consumer')],
    scope: { repos: [{ id: 'sample', type: 'model', path: 'provider/model' }] },
  })
  const wrong = lint(body.terms).find(({ level }) => level === 'error')
  if (wrong !== undefined) throw new FormatError(`terms, rule ${wrong.rule}: ${wrong.message}`)
  const odd = misfit(template, body.terms)
  if (odd !== undefined) {
    fail(
      `clause ${odd.clause.id}`,
      `the strength ${odd.strength}, which is what the terms back it with`,
      odd.clause.strength,
    )
  }
}

const bodyMembers = [
  'title',
  'from',
  'to',
  'timezone',
  'noticeDays',
  'derivativesOnEnd',
  'ownership',
  'precedence',
  'paperRef',
  'governingLaw',
  'contacts',
]

const read = (value: unknown, { id, version }: Pick<Template, 'id' | 'version'>): Template => {
  const known = ['title', 'summary', 'signing', 'fields', 'clauses', 'terms', 'body']
  const members = object(value, 'template', known)
  const terms = object(members['terms'], 'terms', ['permissions', 'prohibitions', 'obligations'])
  // Casts because what is open in them is tried out, filled.
  return {
    id,
    version,
    title: text(members['title'], 'title', 200),
    summary: text(members['summary'], 'summary', 1_000),
    signing: word(members['signing'], 'signing', ['authorised', 'countersigned']),
    fields: list(members['fields'], 'fields', fieldsMax).map((one, i) =>
      field(one, `fields[${i}]`),
    ),
    clauses: list(members['clauses'], 'clauses', clausesMax).map((one, i) =>
      clause(one, `clauses[${i}]`),
    ),
    terms: terms as unknown as Template['terms'],
    body: object(members['body'], 'body', bodyMembers) as unknown as Template['body'],
  }
}

/** Of what goes wrong with a template, its author is told. */
const told = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof FormatError) {
      throw new HubError('invalid', `${error.message}.`, { reason: 'template' }, error)
    }
    if (isHubError(error, 'invalid')) {
      throw new HubError(
        'invalid',
        `A sample does not fit: ${error.message}`,
        { reason: 'template' },
        error,
      )
    }
    throw error
  }
}

/** One that was tried out when it was written. Errors: `invalid`, with the place. */
export const readTemplate = (value: unknown, named: Pick<Template, 'id' | 'version'>): Template =>
  told(() => read(value, named))

/** What somebody has just written, and its canonical JSON. Errors: `invalid`, with the place. */
export const parseTemplate = (
  value: unknown,
  named: Pick<Template, 'id' | 'version'>,
): { readonly template: Template; readonly text: string } =>
  told(() => {
    // First of all, since it refuses what is nested without end.
    const json = canonicalJson(value)
    if (json.length > jsonCharsMax) {
      fail('template', `JSON of at most ${jsonCharsMax} characters`, json.length)
    }
    const template = read(value, named)
    refuseTwins(
      template.fields.map(({ id }) => id),
      'fields',
    )
    refuseStrangers(template)
    tryOut(template)
    return { template, text: json }
  })
