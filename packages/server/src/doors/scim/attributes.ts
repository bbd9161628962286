/**
 * Attributes as data (RFC 7643 §7): what is published under `/Schemas`, and how what a directory sends is cut to it. Names are compared in
 * any letter case, what is not listed is left out.
 */
import { HubError } from '#core/kernel/errors.ts'
import { isPlainText } from '../kit/plain-text.ts'

export type Json = Record<string, unknown>

export interface Attribute {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'reference' | 'complex'
  readonly description: string
  readonly multiValued?: true
  readonly required?: true
  readonly caseExact?: true
  readonly mutability?: 'readOnly' | 'immutable'
  readonly uniqueness?: 'server'
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Attribute[]
}

const textCharsMax = 1_024
const itemsMax = 100
/** Deeper than anything SCIM describes. */
const depthMax = 12

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const scimError = (kind: string, message: string): HubError =>
  new HubError('invalid', message, { scimType: kind })

/** Errors: `invalid` for what is no object, or nested beyond any use. */
export const needObject = (body: unknown): Json => {
  if (!isObject(body)) throw scimError('invalidSyntax', 'A JSON object is expected.')
  let level: unknown[] = [body]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) {
      throw scimError('invalidSyntax', `The body is nested more than ${depthMax} times.`)
    }
    level = level.flatMap((one): unknown[] =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    )
  }
  return body
}

/** The member of that name in any letter case; of an object's own, and never of its prototype. */
export const memberOf = (value: Json, name: string): unknown => {
  if (Object.hasOwn(value, name)) return value[name]
  const key = Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : value[key]
}

const wrong = (attribute: Attribute, what: string): HubError =>
  scimError('invalidValue', `"${attribute.name}" is expected to be ${what}.`)

const single = (attribute: Attribute, value: unknown): unknown => {
  switch (attribute.type) {
    case 'string':
    case 'reference':
      if (typeof value !== 'string') throw wrong(attribute, 'text')
      if (!isPlainText(value)) throw wrong(attribute, 'text without zeros and half characters')
      if (value.length > textCharsMax) {
        throw wrong(attribute, `at most ${textCharsMax} characters long`)
      }
      return value === '' ? undefined : value
    case 'boolean':
      if (typeof value === 'boolean') return value
      // Entra sends "True" and "False".
      if (typeof value === 'string' && /^(true|false)$/i.test(value)) {
        return value.toLowerCase() === 'true'
      }
      throw wrong(attribute, 'true or false')
    default: {
      // A plain value stands for a complex one of which nothing else is said.
      const given = isObject(value) ? value : { value }
      const inner = cleaned(attribute.subAttributes ?? [], given)
      return Object.keys(inner).length === 0 ? undefined : inner
    }
  }
}

const oneIsPrimary = (items: unknown[]): unknown[] => {
  const last = items.findLastIndex((one) => isObject(one) && one['primary'] === true)
  return items.map((one, index) =>
    isObject(one) && one['primary'] === true && index !== last ? { ...one, primary: false } : one,
  )
}

const several = (attribute: Attribute, value: unknown): unknown => {
  const given: unknown[] = Array.isArray(value) ? value : [value]
  if (given.length > itemsMax) throw wrong(attribute, `a list of at most ${itemsMax}`)
  const items = given.map((one) => single(attribute, one)).filter((one) => one !== undefined)
  return items.length === 0 ? undefined : oneIsPrimary(items)
}

/** What may be written of what was sent. Errors: `invalid` (details.scimType `invalidValue`). */
export const cleaned = (attributes: readonly Attribute[], given: Json): Json => {
  const result: Json = {}
  for (const attribute of attributes) {
    if (attribute.mutability === 'readOnly') continue
    const value = memberOf(given, attribute.name)
    if (value === undefined || value === null) continue
    const clean = attribute.multiValued ? several(attribute, value) : single(attribute, value)
    if (clean !== undefined) result[attribute.name] = clean
  }
  return result
}

/** As `/Schemas` shows it: every characteristic, said. */
export const formatAttribute = (attribute: Attribute): Json => {
  const { name, type, description, canonicalValues, referenceTypes, subAttributes } = attribute
  return {
    name,
    type,
    multiValued: attribute.multiValued ?? false,
    description,
    required: attribute.required ?? false,
    ...(type === 'complex' || type === 'boolean'
      ? {}
      : { caseExact: attribute.caseExact ?? false, uniqueness: attribute.uniqueness ?? 'none' }),
    mutability: attribute.mutability ?? 'readWrite',
    returned: 'default',
    ...(canonicalValues === undefined ? {} : { canonicalValues }),
    ...(referenceTypes === undefined ? {} : { referenceTypes }),
    ...(subAttributes === undefined ? {} : { subAttributes: subAttributes.map(formatAttribute) }),
  }
}
