/** A client of the API, for a browser, a script or the command line: one function for each call. */
import { accessCalls } from './access.ts'
import { accountCalls } from './accounts.ts'
import { adminCalls } from './admin.ts'
import { agreementCalls } from './agreements.ts'
import { appCalls } from './apps.ts'
import { auditCalls } from './audit.ts'
import type { AnswerOf, Call, InputOf } from './call.ts'
import { directoryCalls } from './directory.ts'
import { fileCalls } from './files.ts'
import { findCalls } from './find.ts'
import { explainCalls } from './explain.ts'
import { dutyCalls } from './duties.ts'
import { givenCalls } from './given.ts'
import { holdCalls } from './holds.ts'
import { hubCalls } from './hub.ts'
import { licenceCalls } from './licences.ts'
import { organisationCalls } from './organisations.ts'
import { partyCalls } from './parties.ts'
import { repoCalls } from './repos.ts'
import { signinCalls } from './signin.ts'
import { socialCalls } from './social.ts'
import { ssoCalls } from './sso.ts'
import { templateCalls } from './templates.ts'
import { tokenCalls } from './tokens.ts'
import { waitingCalls } from './waiting.ts'

export const calls = {
  ...hubCalls,
  ...repoCalls,
  ...fileCalls,
  ...findCalls,
  ...accountCalls,
  ...adminCalls,
  ...tokenCalls,
  ...organisationCalls,
  ...directoryCalls,
  ...accessCalls,
  ...holdCalls,
  ...licenceCalls,
  ...socialCalls,
  ...auditCalls,
  ...signinCalls,
  ...appCalls,
  ...ssoCalls,
  ...partyCalls,
  ...agreementCalls,
  ...givenCalls,
  ...templateCalls,
  ...explainCalls,
  ...dutyCalls,
  ...waitingCalls,
} as const

type Calls = typeof calls

/** Every call by its name. What it takes is one object: names of the path, the query and the body. */
export type Client = {
  readonly [K in keyof Calls]: (
    ...input: unknown extends InputOf<Calls[K]> ? [] : [InputOf<Calls[K]>]
  ) => Promise<AnswerOf<Calls[K]>>
}

export interface ClientOptions {
  /** The hub's own URL, without `/weighhouse/v1`. */
  readonly url: string
  /** Absent for what needs no sign-in. */
  readonly token?: string
  readonly fetch?: typeof fetch
}

/** A refusal, with the hub's code and its facts. `status` is 202 for what was written down and waits for a second person. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>

  constructor(status: number, body: { code: string; message: string; details?: object }) {
    super(body.message)
    this.name = 'ApiError'
    this.code = body.code
    this.status = status
    this.details = { ...body.details }
  }
}

type Input = Readonly<Record<string, unknown>>

const propertiesOf = (schema: Call['body']): readonly string[] =>
  schema !== undefined && 'properties' in schema ? Object.keys(schema.properties ?? {}) : []

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const pathOf = ({ path, query }: Call, input: Input): string => {
  const filled = path.replaceAll(/:(\w+)/g, (_all, key: string) =>
    encodeURIComponent(textOf(input[key])),
  )
  const search = new URLSearchParams()
  for (const key of propertiesOf(query)) {
    const value = input[key]
    if (value !== undefined) search.set(key, textOf(value))
  }
  return search.size === 0 ? filled : `${filled}?${search.toString()}`
}

const bodyOf = ({ path, body }: Call, input: Input): string | undefined => {
  if (body === undefined) return undefined
  const inPath = new Set([...path.matchAll(/:(\w+)/g)].map(([, key]) => key))
  const pairs = propertiesOf(body).filter((key) => !inPath.has(key) && input[key] !== undefined)
  return JSON.stringify(Object.fromEntries(pairs.map((key) => [key, input[key]])))
}

const refusalOf = async (response: Response): Promise<ApiError> => {
  const text = await response.text()
  try {
    // A cast because only the hub answers, and what is not its answer does not parse.
    const { error } = JSON.parse(text) as { error: { code: string; message: string } }
    return new ApiError(response.status, error)
  } catch {
    const message = `The hub answered ${response.status}: ${text.slice(0, 200)}`
    return new ApiError(response.status, { code: 'fault', message })
  }
}

export const makeClient = ({ url, token, fetch: send = fetch }: ClientOptions): Client => {
  const base = `${url.replace(/\/+$/, '')}/weighhouse/v1`

  const ask = async (one: Call, input: Input): Promise<unknown> => {
    const body = bodyOf(one, input)
    const response = await send(base + pathOf(one, input), {
      method: one.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    })
    if (response.status === 202 || !response.ok) throw await refusalOf(response)
    return response.status === 204 ? undefined : response.json()
  }

  const entries = Object.entries(calls).map(([name, one]) => [
    name,
    (input: Input = {}) => ask(one, input),
  ])
  // A cast because each function takes and answers what its call says.
  return Object.fromEntries(entries) as Client
}
