/** Repos: finding them, what they are, making and changing them. */
import { Type } from 'typebox'
import { call } from './call.ts'
import {
  date,
  dateOrNull,
  holdKinds,
  id,
  listOf,
  name,
  oneOf,
  page,
  repoType,
  textOrNull,
} from './parts.ts'

const visibilities = ['public', 'internal', 'private'] as const
const gateKind = Type.Unsafe<'auto' | 'manual' | null>({ enum: ['auto', 'manual', null] })
const holdKind = Type.Unsafe<(typeof holdKinds)[number] | null>({ enum: [...holdKinds, null] })
const countOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })
const data = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })
const dataOrNull = Type.Unsafe<Record<string, unknown> | null>({
  type: ['object', 'null'],
  additionalProperties: true,
})

/** What the caller may do, so that a page offers that and nothing else. */
const may = Type.Object({
  browse: Type.Boolean(),
  read: Type.Boolean(),
  write: Type.Boolean(),
  admin: Type.Boolean(),
})

/** Why files are not given, in the words and with the facts of the refusal itself. */
const refusal = Type.Object({ code: Type.String(), message: Type.String(), details: data })

const base = {
  id,
  type: repoType,
  /** `owner/name`. */
  path: Type.String(),
  owner: Type.String(),
  name: Type.String(),
  visibility: oneOf(visibilities),
  gate: gateKind,
  hold: holdKind,
  createdAt: date,
  updatedAt: date,
  downloads: Type.Integer(),
  likes: Type.Integer(),
  task: textOrNull,
  library: textOrNull,
  license: textOrNull,
  tags: Type.Array(Type.String()),
  formats: Type.Array(Type.String()),
  languages: Type.Array(Type.String()),
  /** Counted by the hub in the headers of the files. */
  parameters: countOrNull,
  filesBytes: countOrNull,
  may,
  /** By which the caller may read, as one of an organisation's people. */
  agreement: Type.Unsafe<{ id: string; title: string; org: string } | null>({
    anyOf: [Type.Object({ id, title: Type.String(), org: Type.String() }), { type: 'null' }],
  }),
}

const listed = Type.Object(base)

const head = Type.Object({
  commit: Type.String(),
  title: Type.String(),
  author: Type.String(),
  at: date,
})

const repo = Type.Object({
  ...base,
  isLiked: Type.Boolean(),
  /** Of the default branch. */
  head: Type.Unsafe<{ commit: string; title: string; author: string; at: string } | null>({
    anyOf: [head, { type: 'null' }],
  }),
  /** Null for whoever may not browse it, as all that is inside. */
  files: countOrNull,
  branches: countOrNull,
  tagCount: countOrNull,
  /** Values by dtype, as the headers say. */
  dtypes: Type.Unsafe<Record<string, number>>({ type: 'object', additionalProperties: true }),
  gguf: dataOrNull,
  /** The card's front matter, as its writer left it. */
  card: dataOrNull,
  baseModels: Type.Array(Type.String()),
  datasets: Type.Array(Type.String()),
  architectures: Type.Array(Type.String()),
  /** When the leave to read ends by itself. */
  readUntil: dateOrNull,
  refusal: Type.Unsafe<{ code: string; message: string; details: Record<string, unknown> } | null>({
    anyOf: [refusal, { type: 'null' }],
  }),
})

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

const found = {
  type: repoType,
  /** Parts of `owner/name`, apart by spaces. */
  q: Type.Optional(Type.String({ maxLength: 256 })),
  owner: Type.Optional(name),
  /** Tags that all must be there, apart by commas. */
  tags: Type.Optional(Type.String({ maxLength: 2_000 })),
  gated: Type.Optional(Type.Boolean()),
  /** Both ends included; repos whose number is not known are in no range. */
  parametersMin: Type.Optional(count),
  parametersMax: Type.Optional(count),
}

export const sorts = ['lastModified', 'downloads', 'likes', 'createdAt', 'parameters'] as const

const newRepo = Type.Object({
  type: repoType,
  owner: name,
  name,
  visibility: oneOf(visibilities),
  license: Type.Optional(Type.String({ maxLength: 200 })),
})

const change = Type.Object({
  visibility: Type.Optional(oneOf(visibilities)),
  gate: Type.Optional(gateKind),
})

const one = '/repos/:type/:ns/:name'

export const repoCalls = {
  listRepos: call({
    method: 'GET',
    path: '/repos',
    query: Type.Object({ ...page.properties, ...found, sort: Type.Optional(oneOf(sorts)) }),
    answer: listOf(listed),
  }),
  /** How many there are, and how many of each tag and owner: of what the caller may see. */
  countRepos: call({
    method: 'GET',
    path: '/repo-counts',
    query: Type.Object(found),
    answer: Type.Object({
      total: Type.Integer(),
      tags: Type.Array(Type.Object({ tag: Type.String(), count: Type.Integer() })),
      owners: Type.Array(Type.Object({ owner: Type.String(), count: Type.Integer() })),
      /** How many have as many parameters, from each number up to the next, whatever range is asked for. */
      parameters: Type.Array(Type.Object({ from: Type.Integer(), count: Type.Integer() })),
    }),
  }),
  /** By an old name too: `path` is the one it has now. */
  getRepo: call({ method: 'GET', path: one, answer: repo }),
  createRepo: call({
    method: 'POST',
    path: '/repos',
    body: newRepo,
    answer: Type.Object({ type: repoType, path: Type.String() }),
  }),
  changeRepo: call({ method: 'PATCH', path: one, body: change }),
  /** Answers the new `owner/name`. */
  moveRepo: call({
    method: 'POST',
    path: `${one}/move`,
    body: Type.Object({ toOwner: name, toName: name }),
    answer: Type.Object({ path: Type.String() }),
  }),
  deleteRepo: call({ method: 'DELETE', path: one }),
} as const
