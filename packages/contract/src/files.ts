/** What is in a repo: folders, files, the card, history. `at` is a revision and a path below it, apart by slashes, as in the pages' URLs. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, listOf, oneOf, textOrNull } from './parts.ts'

const at = Type.Object({ at: Type.String({ minLength: 1, maxLength: 4_096 }) })
const countOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })

const last = Type.Object({ commit: Type.String(), title: Type.String(), at: date })
const lastOrNull = Type.Unsafe<{ commit: string; title: string; at: string } | null>({
  anyOf: [last, { type: 'null' }],
})

/** Where `at` led. */
const place = {
  /** As it was asked for: a branch, a tag, or an id. */
  revision: Type.String(),
  commit: Type.String(),
  /** A branch may be written to. */
  kind: oneOf(['branch', 'tag', 'commit']),
  path: Type.String(),
}

const entry = Type.Object({
  kind: oneOf(['file', 'directory']),
  path: Type.String(),
  sizeBytes: countOrNull,
  oid: Type.String(),
  isLfs: Type.Boolean(),
  last: lastOrNull,
})

const tree = Type.Object({
  ...place,
  entries: Type.Array(entry),
  total: Type.Integer(),
  /** Bytes of all files shown and not shown. */
  totalBytes: Type.Integer(),
  next: textOrNull,
})

const file = Type.Object({
  ...place,
  sizeBytes: Type.Integer(),
  oid: Type.String(),
  sha256: textOrNull,
  isLfs: Type.Boolean(),
  /** By its name and its first bytes. */
  view: oneOf([
    'text',
    'markdown',
    'image',
    'audio',
    'video',
    'table',
    'notebook',
    'tensors',
    'parquet',
    'binary',
  ]),
  /** What its code can be coloured by; null where it is shown as it stands. */
  language: textOrNull,
  /** Null for what is no text. */
  text: textOrNull,
  /** False when only the beginning is here. */
  isWhole: Type.Boolean(),
  last: lastOrNull,
})

const colours = Type.Object({
  ...place,
  /** Of each line the lengths of its parts and what they are, in turn; null for what stays as it is. */
  lines: Type.Unsafe<number[][] | null>({
    anyOf: [
      { type: 'array', items: { type: 'array', items: { type: 'integer' } } },
      { type: 'null' },
    ],
  }),
  /** The same of each cell of a notebook that is shown; empty for other files. */
  cells: Type.Unsafe<(number[][] | null)[]>({
    type: 'array',
    items: {
      anyOf: [
        { type: 'array', items: { type: 'array', items: { type: 'integer' } } },
        { type: 'null' },
      ],
    },
  }),
})

const tensor = Type.Object({
  name: Type.String(),
  dtype: Type.String(),
  shape: Type.Array(Type.Integer()),
  /** Of the data that follows the header. */
  beginBytes: Type.Integer(),
  /** Null where the type's size is not known. */
  sizeBytes: countOrNull,
})

const tensors = Type.Object({
  ...place,
  format: oneOf(['safetensors', 'gguf']),
  headerBytes: Type.Integer(),
  metadata: Type.Array(Type.Object({ key: Type.String(), value: Type.String() })),
  tensors: Type.Array(tensor),
  total: Type.Integer(),
})

const card = Type.Object({
  ...place,
  /** Sanitised by the hub; null where there is no card. */
  html: textOrNull,
  /** Images of other hosts that are left out. */
  blockedImages: Type.Integer(),
  headings: Type.Array(
    Type.Object({ id: Type.String(), text: Type.String(), level: Type.Integer() }),
  ),
  problems: Type.Array(Type.String()),
})

const ref = Type.Object({
  name: Type.String(),
  ref: Type.String(),
  commit: Type.String(),
  updatedAt: date,
  title: Type.String(),
})

const commit = Type.Object({
  id: Type.String(),
  title: Type.String(),
  message: Type.String(),
  author: Type.String(),
  at: date,
  parents: Type.Array(Type.String()),
})

const hunk = Type.Object({
  oldStart: Type.Integer(),
  oldLines: Type.Integer(),
  newStart: Type.Integer(),
  newLines: Type.Integer(),
  /** Each begins with a space, a plus or a minus. */
  lines: Type.Array(Type.String()),
})

const difference = Type.Object({
  status: oneOf(['added', 'changed', 'deleted']),
  path: Type.String(),
  beforeBytes: countOrNull,
  afterBytes: countOrNull,
  /** Null where there is no text to compare, or too much of it. */
  hunks: Type.Unsafe<
    | { oldStart: number; oldLines: number; newStart: number; newLines: number; lines: string[] }[]
    | null
  >({ anyOf: [{ type: 'array', items: hunk }, { type: 'null' }] }),
  reason: textOrNull,
})

const upload = Type.Object({
  state: oneOf(['present', 'wanted']),
  /** Of every part but the last. */
  partBytes: Type.Integer(),
  /** What is still to be sent, by PUT to a path below the hub's URL. */
  parts: Type.Array(Type.Object({ number: Type.Integer(), path: Type.String() })),
  /** To be called when all parts are there, by POST; null where the last part ends it. */
  complete: textOrNull,
})

const operation = Type.Object({
  kind: oneOf(['text', 'upload', 'delete', 'deleteFolder']),
  path: Type.String({ minLength: 1, maxLength: 4_096 }),
  /** Of a text. */
  text: Type.Optional(Type.String({ maxLength: 4_000_000 })),
  /** Of bytes that were uploaded before. */
  sha256: Type.Optional(Type.String({ maxLength: 64 })),
  sizeBytes: Type.Optional(Type.Integer({ minimum: 0 })),
})

const repo = '/repos/:type/:ns/:name'

export const fileCalls = {
  getTree: call({
    method: 'GET',
    path: `${repo}/tree`,
    query: Type.Object({
      ...at.properties,
      cursor: Type.Optional(Type.String({ maxLength: 64 })),
      /** With the commit that last changed each: pages are shorter then. */
      withLast: Type.Optional(Type.Boolean()),
    }),
    answer: tree,
  }),
  getFile: call({ method: 'GET', path: `${repo}/file`, query: at, answer: file }),
  /** Kinds are numbers: `formats/code/kinds.ts` names them. */
  getColours: call({ method: 'GET', path: `${repo}/colours`, query: at, answer: colours }),
  getTensors: call({ method: 'GET', path: `${repo}/tensors`, query: at, answer: tensors }),
  /** Of a folder, from its README.md; of a file, from itself. */
  getCard: call({
    method: 'GET',
    path: `${repo}/card`,
    query: Type.Object({
      ...at.properties,
      /** With the code of its blocks coloured: takes longer the first time. */
      withColours: Type.Optional(Type.Boolean()),
    }),
    answer: card,
  }),
  listRefs: call({
    method: 'GET',
    path: `${repo}/refs`,
    answer: Type.Object({ branches: Type.Array(ref), tags: Type.Array(ref) }),
  }),
  createBranch: call({
    method: 'POST',
    path: `${repo}/branches`,
    body: Type.Object({
      branch: Type.String({ minLength: 1, maxLength: 250 }),
      from: Type.String({ maxLength: 250 }),
    }),
  }),
  /** The name may hold slashes, so it is in the query. */
  deleteBranch: call({
    method: 'DELETE',
    path: `${repo}/branches`,
    query: Type.Object({ branch: Type.String({ maxLength: 250 }) }),
  }),
  createTag: call({
    method: 'POST',
    path: `${repo}/tags`,
    body: Type.Object({
      tag: Type.String({ minLength: 1, maxLength: 250 }),
      from: Type.String({ maxLength: 250 }),
      message: Type.Optional(Type.String({ maxLength: 4_096 })),
    }),
  }),
  deleteTag: call({
    method: 'DELETE',
    path: `${repo}/tags`,
    query: Type.Object({ tag: Type.String({ maxLength: 250 }) }),
  }),
  listCommits: call({
    method: 'GET',
    path: `${repo}/commits`,
    query: Type.Object({ ...at.properties, cursor: Type.Optional(Type.String({ maxLength: 64 })) }),
    answer: Type.Object({ ...listOf(commit).properties, total: Type.Integer() }),
  }),
  /** One commit against its first parent, or, with `from`, against another revision. */
  getChanges: call({
    method: 'GET',
    path: `${repo}/changes`,
    query: Type.Object({
      to: Type.String({ minLength: 1, maxLength: 250 }),
      from: Type.Optional(Type.String({ maxLength: 250 })),
    }),
    answer: Type.Object({
      commit,
      from: textOrNull,
      files: Type.Array(difference),
      /** More files changed than are listed. */
      total: Type.Integer(),
    }),
  }),
  /** Where to send a file's bytes, or that they are here. Asked again, it goes on where it was cut off. */
  beginUpload: call({
    method: 'POST',
    path: `${repo}/uploads`,
    body: Type.Object({
      sha256: Type.String({ minLength: 64, maxLength: 64 }),
      sizeBytes: Type.Integer({ minimum: 0 }),
    }),
    answer: upload,
  }),
  /** One commit on a branch. `parent` is the commit it was made from: when the branch has moved, it is refused. */
  commitFiles: call({
    method: 'POST',
    path: `${repo}/commits`,
    body: Type.Object({
      branch: Type.String({ minLength: 1, maxLength: 250 }),
      parent: Type.Optional(Type.String({ maxLength: 40 })),
      title: Type.String({ minLength: 1, maxLength: 500 }),
      description: Type.Optional(Type.String({ maxLength: 10_000 })),
      operations: Type.Array(operation, { minItems: 1, maxItems: 5_000 }),
    }),
    answer: Type.Object({ commit: Type.String() }),
  }),
} as const
