/**
 * SCIM PATCH (RFC 7644 §3.5.2): operations applied to a copy of the resource's JSON, whose result is then taken like a PUT. Understands
 * what identity providers send beside the standard: `Add` with a capital, `"False"` for false, members to remove as a value, paths as
 * names of members.
 */
import type { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { isObject, type Json, memberOf, scimError } from './attributes.ts'
import { type Filter, fits, parseFilter } from './filter.ts'
import { withoutSchema } from './paths.ts'
import { urns } from './schemas.ts'

const ops = ['add', 'replace', 'remove'] as const
type Op = (typeof ops)[number]

export interface PatchOperation {
  readonly op: Op
  readonly path: string | undefined
  readonly value: unknown
}

const wrong = (why: string, kind: string): HubError =>
  scimError(kind, `This change cannot be made: ${why}.`)

const parseOperation = (given: unknown): PatchOperation => {
  if (!isObject(given)) throw wrong('an operation is an object', 'invalidSyntax')
  const word = memberOf(given, 'op')
  const op = ops.find((one) => typeof word === 'string' && one === word.toLowerCase())
  if (op === undefined) throw wrong(`an operation is one of ${ops.join(', ')}`, 'invalidSyntax')
  const path = memberOf(given, 'path') ?? undefined
  if (path !== undefined && typeof path !== 'string') {
    throw wrong('a path is text', 'invalidPath')
  }
  if (path !== undefined && path.length > limits.scimFilterCharsMax) {
    throw wrong(`a path has at most ${limits.scimFilterCharsMax} characters`, 'invalidPath')
  }
  return { op, path: path === '' ? undefined : path, value: memberOf(given, 'value') }
}

/** The operations of a PATCH's body. Errors: `invalid` (details.scimType). */
export const parsePatch = (body: Json): PatchOperation[] => {
  const given = memberOf(body, 'Operations')
  if (!Array.isArray(given) || given.length === 0) {
    throw wrong('"Operations" is a list of at least one', 'invalidSyntax')
  }
  if (given.length > limits.scimOperationsMax) {
    throw wrong(`there are more than ${limits.scimOperationsMax} operations`, 'invalidSyntax')
  }
  return given.map(parseOperation)
}

/** Names that reach the machinery of objects are no attributes; and some are the hub's own. */
const refuseName = (name: string): void => {
  if (['__proto__', 'constructor', 'prototype'].includes(name)) {
    throw wrong(`"${name}" is no attribute`, 'invalidPath')
  }
}

const readOnly: ReadonlySet<string> = new Set(['id', 'meta', 'schemas', 'groups'])

const keyIn = (target: Json, name: string): string => {
  refuseName(name)
  if (Object.hasOwn(target, name)) return name
  return Object.keys(target).find((key) => key.toLowerCase() === name.toLowerCase()) ?? name
}

interface Path {
  readonly attribute: string
  readonly filter: Filter | undefined
  readonly sub: string | undefined
}

const pathForm = /^([A-Za-z$][\w$-]*)(?:\[(.*)\])?(?:\.([A-Za-z$][\w$-]*))?$/s

const parsePath = (text: string): Path => {
  const found = pathForm.exec(text)
  if (found?.[1] === undefined) throw wrong(`"${text.slice(0, 200)}" is no path`, 'invalidPath')
  return {
    attribute: found[1],
    filter: found[2] === undefined ? undefined : parseFilter(found[2], limits.scimPatchTermsMax),
    sub: found[3],
  }
}

const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]

/** By which two items are the same: a person's address may be there for work and for home. */
const keyOf = (one: unknown, withType: boolean): unknown => {
  if (!isObject(one)) return one
  const value = memberOf(one, 'value')
  if (value === undefined) return JSON.stringify(one)
  const type = withType ? memberOf(one, 'type') : undefined
  return type === undefined ? value : JSON.stringify([value, type])
}

const isPrimary = (one: unknown): boolean => isObject(one) && memberOf(one, 'primary') === true

/** New items come last, known ones are completed; of a new primary one, the others are none any more. */
const merged = (old: unknown, value: unknown): unknown[] => {
  const added = listOf(value)
  const before = added.some(isPrimary)
    ? listOf(old).map((one) => (isObject(one) && isPrimary(one) ? { ...one, primary: false } : one))
    : listOf(old)
  const items = new Map(before.map((one) => [keyOf(one, true), one]))
  for (const one of added) {
    const key = keyOf(one, true)
    const known = items.get(key)
    items.set(key, isObject(known) && isObject(one) ? { ...known, ...one } : one)
  }
  return [...items.values()]
}

const without = (items: readonly unknown[], gone: readonly unknown[]): unknown[] => {
  const keys = new Set(gone.map((one) => keyOf(one, false)))
  return items.filter((one) => !keys.has(keyOf(one, false)))
}

/** Sets, adds to, or takes away one attribute of an object. */
const change = (target: Json, name: string, op: Op, value: unknown): void => {
  const key = keyIn(target, name)
  const old = target[key]
  if (op === 'remove') {
    const gone = listOf(value)
    if (gone.length > 0 && Array.isArray(old)) target[key] = without(old, gone)
    else delete target[key]
    return
  }
  if (op === 'add' && Array.isArray(old)) target[key] = merged(old, value)
  else if (isObject(old) && isObject(value)) assign(old, op, value)
  else target[key] = value
}

const assign = (target: Json, op: Op, value: Json): void => {
  for (const [name, one] of Object.entries(value)) {
    // What is the hub's is sent along by some, and means nothing.
    if (readOnly.has(name.toLowerCase())) continue
    refuseName(name)
    // A path as the name of a member, as one provider writes it.
    if (/[.[:]/.test(name)) apply(target, { op, path: name, value: one })
    else change(target, name, op, one)
  }
}

/** The test of a filter; that of members, which may be thousands, without the general way. */
const testOf = (filter: Filter): ((item: unknown) => boolean) => {
  if (filter.kind === 'compare' && filter.how === 'eq' && filter.path === 'value') {
    const { value } = filter
    const wanted = typeof value === 'string' ? value.toLowerCase() : value
    return (item) => {
      const found = isObject(item) ? item['value'] : item
      return (typeof found === 'string' ? found.toLowerCase() : found) === wanted
    }
  }
  return (item) => fits(item, filter)
}

const applyToItems = (
  target: Json,
  { attribute, sub }: Path,
  filter: Filter,
  { op, value }: PatchOperation,
): void => {
  const key = keyIn(target, attribute)
  const items = listOf(target[key])
  const isChosen = testOf(filter)
  if (op === 'remove' && sub === undefined) {
    target[key] = items.filter((one) => !isChosen(one))
    return
  }
  const chosen = items.filter(isChosen)
  if (chosen.length === 0) {
    if (op === 'remove') return
    // `emails[type eq "work"].value` of somebody who has none yet.
    if (filter.kind !== 'compare' || filter.how !== 'eq' || sub === undefined) {
      throw wrong('no item fits the path', 'noTarget')
    }
    refuseName(sub)
    target[key] = [...items, { [filter.path]: filter.value, [sub]: value }]
    return
  }
  for (const one of chosen.filter(isObject)) {
    if (sub !== undefined) change(one, sub, op, value)
    else if (isObject(value)) assign(one, op, value)
    else throw wrong('an object is expected for an item', 'invalidValue')
  }
}

/** The extension is an object of its own, which is there while it holds something. */
const applyToExtension = (target: Json, rest: string, { op, value }: PatchOperation): void => {
  const key = keyIn(target, urns.enterprise)
  const old = target[key]
  const inner: Json = isObject(old) ? old : {}
  if (rest !== '') apply(inner, { op, path: rest, value })
  else if (op === 'remove') Object.keys(inner).forEach((name) => delete inner[name])
  else if (isObject(value)) assign(inner, op, value)
  else throw wrong('an object is expected for the extension', 'invalidValue')
  if (Object.keys(inner).length === 0) delete target[key]
  else target[key] = inner
}

const apply = (target: Json, operation: PatchOperation): void => {
  const { op, path, value } = operation
  if (path === undefined) {
    if (op === 'remove') throw wrong('a path is needed to remove something', 'noTarget')
    if (!isObject(value)) throw wrong('an object is expected without a path', 'invalidValue')
    assign(target, op, value)
    return
  }
  const { isExtension, rest } = withoutSchema(path)
  if (isExtension) return applyToExtension(target, rest, operation)
  // Attributes of schemas that are not kept.
  if (/^urn:/i.test(rest)) return
  const parsed = parsePath(rest)
  const { attribute, filter, sub } = parsed
  if (readOnly.has(attribute.toLowerCase())) {
    throw wrong(`"${attribute}" is the hub's own`, 'mutability')
  }
  if (filter !== undefined) return applyToItems(target, parsed, filter, operation)
  if (sub === undefined) return change(target, attribute, op, value)
  const key = keyIn(target, attribute)
  refuseName(sub)
  const inner = target[key]
  if (isObject(inner)) change(inner, sub, op, value)
  else if (Array.isArray(inner))
    for (const one of inner.filter(isObject)) change(one, sub, op, value)
  else if (op !== 'remove') target[key] = { [sub]: value }
}

const itemsIn = (value: unknown): number => {
  if (Array.isArray(value)) return value.length
  return isObject(value)
    ? Object.values(value).reduce<number>((sum, one) => sum + itemsIn(one), 0)
    : 0
}

/** Each operation may look at every item: many of them on a long list are sent in parts. */
const refuseWork = (resource: Json, operations: readonly PatchOperation[]): void => {
  const items = operations.reduce((sum, { value }) => sum + itemsIn(value), itemsIn(resource))
  if (items * operations.length <= limits.scimPatchWorkMax) return
  throw wrong(
    `${operations.length} operations on lists of ${items} items are more than is done at once; send them in parts`,
    'tooMany',
  )
}

/** Errors: `invalid` (details.scimType). The resource given stays as it is. */
export const patched = (resource: Json, operations: readonly PatchOperation[]): Json => {
  refuseWork(resource, operations)
  const copy = structuredClone(resource)
  for (const operation of operations) apply(copy, operation)
  return copy
}
