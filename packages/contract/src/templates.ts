/** Templates of agreements: those that come with the hub, and those that organisations wrote. */
import { Type } from 'typebox'
import type { AgreementWish } from './agreements.ts'
import { call } from './call.ts'
import { oneOf } from './parts.ts'

const template = Type.Object({
  /** Of an organisation's own: `org/name`. */
  id: Type.String(),
  version: Type.Integer(),
  title: Type.String(),
  summary: Type.String(),
  signing: oneOf(['authorised', 'countersigned']),
  /** What is asked: id, type, label, help, default, bounds. */
  fields: Type.Array(
    Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
  ),
  /** What stands in it, and what backs each: enforced, metered, attested, words alone. */
  clauses: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), strength: oneOf(['E', 'M', 'A', 'N']) }),
  ),
})

const values = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true })
const filledTemplate = Type.Object({
  wish: Type.Unsafe<Omit<AgreementWish, 'repos'>>({ type: 'object', additionalProperties: true }),
})
/** Read strictly, tried out, and refused with the place of what is wrong; documented in `docs/reference/templates.md`. */
const ownTemplate = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
})

export const templateCalls = {
  listTemplates: call({
    method: 'GET',
    path: '/agreement-templates',
    answer: Type.Object({
      items: Type.Array(template),
    }),
  }),
  /** Values into a body that can be drafted, but for its repos; words and terms get the same. */
  fillTemplate: call({
    method: 'POST',
    path: '/agreement-templates/:template/fill',
    body: Type.Object({ values }),
    answer: filledTemplate,
  }),
  /** Templates that the organisation wrote for itself, the newest version of each. */
  listOwnTemplates: call({
    method: 'GET',
    path: '/orgs/:org/templates',
    answer: Type.Object({ items: Type.Array(template) }),
  }),
  /** As it was written; `PUT` takes the same. */
  getOwnTemplate: call({
    method: 'GET',
    path: '/orgs/:org/templates/:template',
    query: Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1 })) }),
    answer: Type.Object({ version: Type.Integer(), content: ownTemplate }),
  }),
  writeOwnTemplate: call({
    method: 'PUT',
    path: '/orgs/:org/templates/:template',
    body: Type.Object({ content: ownTemplate }),
    answer: template,
  }),
  withdrawOwnTemplate: call({ method: 'DELETE', path: '/orgs/:org/templates/:template' }),
  fillOwnTemplate: call({
    method: 'POST',
    path: '/orgs/:org/templates/:template/fill',
    body: Type.Object({ values }),
    answer: filledTemplate,
  }),
} as const
