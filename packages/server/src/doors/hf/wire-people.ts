/** Bodies about people: access to gated repos, collections. Schemas, checked by Fastify, and their types. */

const name = { type: ['string', 'null'], maxLength: 256 } as const
const reason = { type: ['string', 'null'], maxLength: 200 } as const
const status = { enum: ['accepted', 'rejected', 'pending'] } as const

type Status = 'accepted' | 'rejected' | 'pending'

export interface HandleBody {
  user?: string | null
  userId?: string | null
  requestId?: string | null
  status: Status
  rejectionReason?: string | null
}

export const handleBody = {
  type: 'object',
  required: ['status'],
  properties: { user: name, userId: name, requestId: name, status, rejectionReason: reason },
} as const

export type GrantBody = Pick<HandleBody, 'user' | 'userId'>

export const grantBody = {
  type: 'object',
  properties: { user: name, userId: name },
} as const

export interface BatchBody {
  status: Status
  requests: Omit<HandleBody, 'status'>[]
}

export const accessBatchBody = {
  type: 'object',
  required: ['status', 'requests'],
  properties: {
    status,
    requests: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        properties: { user: name, userId: name, requestId: name, rejectionReason: reason },
      },
    },
  },
} as const

export interface CollectionItemRef {
  id: string
  type: string
}

const note = { type: ['string', 'null'], maxLength: 500 } as const
const title = { type: 'string', minLength: 1, maxLength: 60 } as const
const description = { type: ['string', 'null'], maxLength: 150 } as const
const flag = { type: ['boolean', 'null'] } as const
const position = { type: ['integer', 'null'], minimum: 0, maximum: 1_000_000 } as const
const item = {
  type: ['object', 'null'],
  required: ['id', 'type'],
  properties: { id: { type: 'string', maxLength: 500 }, type: { type: 'string', maxLength: 50 } },
} as const

export interface NewCollectionBody {
  title: string
  namespace?: string | null
  description?: string | null
  private?: boolean | null
  item?: CollectionItemRef | null
  note?: string | null
}

export const newCollectionBody = {
  type: 'object',
  required: ['title'],
  properties: { title, namespace: name, description, private: flag, item, note },
} as const

export interface CollectionPatchBody {
  title?: string
  description?: string | null
  position?: number | null
  private?: boolean | null
  theme?: string | null
}

export const collectionPatchBody = {
  type: 'object',
  properties: { title, description, position, private: flag, theme: name },
} as const

export interface NewItemBody {
  item: CollectionItemRef
  note?: string | null
}

export const newItemBody = {
  type: 'object',
  required: ['item'],
  properties: { item: { ...item, type: 'object' }, note },
} as const

export interface ItemPatchBody {
  note?: string | null
  position?: number | null
}

export const itemPatchBody = { type: 'object', properties: { note, position } } as const

export type ItemBatchBody = { action: 'update'; _id: string; data?: ItemPatchBody }[]

export const itemBatchBody = {
  type: 'array',
  maxItems: 100,
  items: {
    type: 'object',
    required: ['action', '_id'],
    properties: {
      action: { enum: ['update'] },
      _id: { type: 'string', maxLength: 100 },
      data: itemPatchBody,
    },
  },
} as const
