/**
 * What checks a request and what cuts an answer is compiled when the first one of its call comes: a hub answers before hundreds of calls
 * are compiled of which it may never serve most. Kept by schema, so that two servers of one process share it.
 */
import makeValidators from '@fastify/ajv-compiler'
import makeSerializers from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Factory = NonNullable<
  NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']
>
type Validate = ((data: unknown) => unknown) & { errors?: unknown }
type Serialize = (data: unknown) => string

const buildValidator = makeValidators()
const buildSerializer = makeSerializers()
const validators = new WeakMap<object, Validate>()
const serializers = new WeakMap<object, Serialize>()

/** Made when it is asked for the first time. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly it: T } | undefined
  return () => (made ??= { it: make() }).it
}

const keptFor = <T>(kept: WeakMap<object, T>, schema: unknown, make: () => T): T => {
  if (typeof schema !== 'object' || schema === null) return make()
  const known = kept.get(schema)
  if (known !== undefined) return known
  const made = make()
  kept.set(schema, made)
  return made
}

const lazyValidate = (compile: () => Validate): Validate => {
  const compiled = once(compile)
  const validate: Validate = (data) => {
    const right = compiled()(data)
    validate.errors = compiled().errors
    return right
  }
  return validate
}

const lazySerialize = (compile: () => Serialize): Serialize => {
  const compiled = once(compile)
  return (data) => compiled()(data)
}

/** Casts because Fastify names the functions more narrowly than it calls them. */
export const lazySchemas: Factory = {
  buildValidator: ((...options: Parameters<typeof buildValidator>) => {
    const compiler = buildValidator(...options) as unknown as (route: {
      schema: unknown
    }) => Validate
    return (route: { schema: unknown }) =>
      keptFor(validators, route.schema, () => lazyValidate(() => compiler(route)))
  }) as unknown as NonNullable<Factory['buildValidator']>,
  buildSerializer: (...options) => {
    const compiler = buildSerializer(...options)
    return (route) => keptFor(serializers, route.schema, () => lazySerialize(() => compiler(route)))
  },
}
