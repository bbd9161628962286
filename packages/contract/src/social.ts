/** Likes and collections. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, id, listOf, name, oneOf, page, repoType, textOrNull } from './parts.ts'

const person = Type.Object({
  id,
  kind: oneOf(['user', 'org']),
  name: Type.String(),
  fullName: Type.String(),
})

const liked = Type.Object({ type: repoType, path: Type.String(), likedAt: date })

const item = Type.Object({
  id,
  kind: oneOf(['model', 'dataset', 'space', 'kernel', 'collection']),
  /** `owner/name` of a repo, the slug of a collection. */
  path: Type.String(),
  note: textOrNull,
  position: Type.Integer(),
})

const collection = Type.Object({
  id,
  /** The id at its end counts; the words before it may be old ones. */
  slug: Type.String(),
  owner: person,
  title: Type.String(),
  description: textOrNull,
  theme: Type.String(),
  isPrivate: Type.Boolean(),
  position: Type.Integer(),
  updatedAt: date,
  upvotes: Type.Integer(),
  /** What the caller may see; in lists the first four. */
  items: Type.Array(item),
})

const title = Type.String({ minLength: 1, maxLength: 60 })
const description = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 150 })
const note = Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 500 })
const place = Type.Integer({ minimum: 0, maximum: 1_000_000 })

const wanted = Type.Object({
  ...page.properties,
  owner: Type.Optional(name),
  q: Type.Optional(Type.String({ maxLength: 256 })),
  sort: Type.Optional(oneOf(['lastModified', 'upvotes'])),
})

const made = Type.Object({
  owner: name,
  title,
  description: Type.Optional(description),
  isPrivate: Type.Optional(Type.Boolean()),
})

const change = Type.Object({
  title: Type.Optional(title),
  description: Type.Optional(description),
  theme: Type.Optional(Type.String({ maxLength: 20 })),
  isPrivate: Type.Optional(Type.Boolean()),
  position: Type.Optional(place),
})

const newItem = Type.Object({
  kind: oneOf(['model', 'dataset', 'space', 'kernel', 'collection']),
  path: Type.String({ minLength: 1, maxLength: 500 }),
  note: Type.Optional(note),
})

const itemChange = Type.Object({ note: Type.Optional(note), position: Type.Optional(place) })

const repo = '/repos/:type/:ns/:name'
const one = '/collections/:ns/:slug'

export const socialCalls = {
  likeRepo: call({ method: 'PUT', path: `${repo}/like` }),
  unlikeRepo: call({ method: 'DELETE', path: `${repo}/like` }),
  listLikers: call({ method: 'GET', path: `${repo}/likers`, query: page, answer: listOf(person) }),
  listLikes: call({
    method: 'GET',
    path: '/users/:user/likes',
    query: page,
    answer: listOf(liked),
  }),
  listCollections: call({
    method: 'GET',
    path: '/collections',
    query: wanted,
    answer: listOf(collection),
  }),
  createCollection: call({
    method: 'POST',
    path: '/collections',
    body: made,
    answer: collection,
  }),
  getCollection: call({ method: 'GET', path: one, answer: collection }),
  changeCollection: call({ method: 'PATCH', path: one, body: change, answer: collection }),
  deleteCollection: call({ method: 'DELETE', path: one }),
  upvoteCollection: call({ method: 'PUT', path: `${one}/upvote` }),
  unvoteCollection: call({ method: 'DELETE', path: `${one}/upvote` }),
  addCollectionItem: call({
    method: 'POST',
    path: `${one}/items`,
    body: newItem,
    answer: collection,
  }),
  changeCollectionItem: call({
    method: 'PATCH',
    path: `${one}/items/:id`,
    body: itemChange,
    answer: collection,
  }),
  removeCollectionItem: call({ method: 'DELETE', path: `${one}/items/:id` }),
} as const
