/** Bodies of the Git LFS batch API, and of the multipart transfer that the hub libraries add. */

export interface BatchBody {
  operation: 'upload' | 'download'
  transfers?: string[]
  objects: { oid: string; size: number }[]
}

const object = {
  type: 'object',
  required: ['oid', 'size'],
  properties: { oid: { type: 'string' }, size: { type: 'integer', minimum: 0 } },
} as const

export const batchBody = {
  type: 'object',
  required: ['operation', 'objects'],
  properties: {
    operation: { enum: ['upload', 'download'] },
    transfers: { type: 'array', maxItems: 20, items: { type: 'string' } },
    objects: { type: 'array', items: object },
  },
} as const

export interface VerifyBody {
  oid: string
  size: number
}

export const verifyBody = object

export interface CompleteBody {
  oid?: string
  parts?: { partNumber: number; etag: string }[]
}

export const completeBody = {
  type: 'object',
  properties: {
    oid: { type: 'string' },
    parts: {
      type: 'array',
      maxItems: 10_000,
      items: {
        type: 'object',
        properties: { partNumber: { type: 'integer' }, etag: { type: 'string' } },
      },
    },
  },
} as const

export interface Action {
  href: string
  header?: Record<string, string>
  expires_in: number
}

/** One object of a batch answer. Members that do not apply are absent: clients trip over null. */
export interface BatchObject {
  oid: string
  size: number
  authenticated?: true
  actions?: { upload?: Action; verify?: Action; download?: Action }
  error?: { code: number; message: string }
}
