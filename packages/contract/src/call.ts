/** A call of the API as data: where it is, what it takes and what it answers. The server and the client read the same. */
import type { Static, TSchema } from 'typebox'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Call {
  readonly method: Method
  /** Below `/weighhouse/v1`; `:name` stands for one segment. */
  readonly path: string
  readonly body?: TSchema
  readonly query?: TSchema
  /** Absent where nothing is answered. */
  readonly answer?: TSchema
}

/** The names after the colons of a path. */
export type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [K in Name]: string } & ParamsOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { readonly [K in Name]: string }
    : unknown

type Part<S> = S extends TSchema ? Static<S> : unknown

export type BodyOf<C extends Call> = Part<C['body']>
export type QueryOf<C extends Call> = Part<C['query']>
export type AnswerOf<C extends Call> = C['answer'] extends TSchema ? Static<C['answer']> : void

/** All that a caller gives: names of the path, of the query and of the body in one object. */
export type InputOf<C extends Call> = ParamsOf<C['path']> & BodyOf<C> & QueryOf<C>

/** Keeps the path and the schemas as the types they are. */
export const call = <const C extends Call>(one: C): C => one
