/** Bodies this protocol sends us: schemas, checked by Fastify, and their types. Unknown members are let through, as clients add some. */

const text = { type: 'string', maxLength: 65_536 } as const
const name = { type: 'string', minLength: 1, maxLength: 256 } as const
const optionalText = { type: ['string', 'null'], maxLength: 65_536 } as const
const flag = { type: ['boolean', 'null'] } as const
const visibility = { enum: ['public', 'private', 'internal', 'protected', null] } as const

export interface VisibilityBody {
  visibility?: 'public' | 'private' | 'internal' | 'protected' | null
  private?: boolean | null
}

export interface CreateBody extends VisibilityBody {
  name: string
  organization?: string | null
  type?: string
  license?: string | null
  license_name?: string | null
  license_link?: string | null
  sdk?: string | null
  files?: { path: string; content: string; encoding?: 'base64' | 'utf-8' }[] | null
}

export const createBody = {
  type: 'object',
  required: ['name'],
  properties: {
    name,
    organization: optionalText,
    type: text,
    visibility,
    private: flag,
    license: optionalText,
    license_name: optionalText,
    license_link: optionalText,
    sdk: optionalText,
    files: {
      type: ['array', 'null'],
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['path', 'content'],
        properties: {
          path: text,
          content: { type: 'string' },
          encoding: { enum: ['base64', 'utf-8'] },
        },
      },
    },
  },
} as const

export interface DeleteBody {
  name: string
  organization?: string | null
  type?: string
}

export const deleteBody = {
  type: 'object',
  required: ['name'],
  properties: { name, organization: optionalText, type: text },
} as const

export interface MoveBody {
  fromRepo: string
  toRepo: string
  type?: string
}

export const moveBody = {
  type: 'object',
  required: ['fromRepo', 'toRepo'],
  properties: { fromRepo: name, toRepo: name, type: text },
} as const

export interface SettingsBody extends VisibilityBody {
  gated?: 'auto' | 'manual' | false | null
  orgMembersGated?: boolean | null
}

export const settingsBody = {
  type: 'object',
  properties: {
    visibility,
    private: flag,
    gated: { enum: ['auto', 'manual', false, null] },
    orgMembersGated: flag,
  },
} as const

export interface DuplicateBody extends VisibilityBody {
  repository: string
}

export const duplicateBody = {
  type: 'object',
  required: ['repository'],
  properties: { repository: name, visibility, private: flag },
} as const

export interface BranchBody {
  startingPoint?: string | null
  emptyBranch?: boolean | null
  overwrite?: boolean | null
}

export const branchBody = {
  type: 'object',
  properties: { startingPoint: optionalText, emptyBranch: flag, overwrite: flag },
} as const

export interface TagBody {
  tag: string
  message?: string | null
}

export const tagBody = {
  type: 'object',
  required: ['tag'],
  properties: { tag: name, message: optionalText },
} as const

export interface SquashBody {
  message?: string | null
}

export const squashBody = { type: 'object', properties: { message: optionalText } } as const

export interface PreuploadBody {
  files: { path: string; sample?: string | null; size: number }[]
  gitIgnore?: string | null
  gitAttributes?: string | null
}

export const preuploadBody = {
  type: 'object',
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'size'],
        properties: {
          path: { type: 'string', maxLength: 8192 },
          sample: { type: ['string', 'null'], maxLength: 4096 },
          size: { type: 'integer', minimum: 0 },
        },
      },
    },
    gitIgnore: { type: ['string', 'null'] },
    gitAttributes: { type: ['string', 'null'] },
  },
} as const

export interface CardBody {
  content: string
  repoType?: string
}

export const cardBody = {
  type: 'object',
  required: ['content'],
  properties: { content: { type: 'string' }, repoType: text },
} as const

export interface LfsFilesDeletionBody {
  deletions: Record<string, string[]>
}

export const lfsFilesDeletionBody = {
  type: 'object',
  required: ['deletions'],
  properties: {
    deletions: {
      type: 'object',
      additionalProperties: { type: 'array', maxItems: 1000, items: text },
    },
  },
} as const

export interface LfsFilesDuplicateBody {
  target: { type: string; name: string }
  files: { sha256: string; filename?: string }[]
}

export const lfsFilesDuplicateBody = {
  type: 'object',
  required: ['target', 'files'],
  properties: {
    target: { type: 'object', required: ['type', 'name'], properties: { type: text, name } },
    files: {
      type: 'array',
      maxItems: 1000,
      items: { type: 'object', required: ['sha256'], properties: { sha256: text } },
    },
  },
} as const
