/** Schemas that several calls share. */
import { type TSchema, Type } from 'typebox'

export const roles = ['admin', 'maintainer', 'write', 'contributor', 'read', 'auditor'] as const
export const repoTypes = ['model', 'dataset', 'space', 'kernel'] as const
export const holdKinds = ['legal_hold', 'takedown', 'quarantine'] as const

/** One of a few words. */
export const oneOf = <const T extends readonly string[]>(words: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words] })

export const role = oneOf(roles)
export const repoType = oneOf(repoTypes)
export const name = Type.String({ minLength: 1, maxLength: 256 })
export const id = Type.String({ maxLength: 64 })
/** An ISO date with its time. */
export const date = Type.String({ maxLength: 40 })
/** The same, or null for never, or for no end. */
export const dateOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 40 })
export const textOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 4_096 })

export const pageMax = 500

/** `cursor` is the `next` of the page before. */
export const page = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 256 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax, default: 100 })),
})

/** The state of an agreement the caller saw, and a name by which a repeated command does nothing: both optional. */
export const expectation = {
  seq: Type.Optional(Type.Integer({ minimum: 1 })),
  key: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
}

/** A page of a list; `next` is null on the last. */
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: textOrNull })
