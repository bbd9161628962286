/** Templates of agreements: those that come with the hub, and those that organisations wrote. */
import { templateCalls as calls } from '@weighhouse/contract/templates.ts'
import type { FastifyInstance } from 'fastify'
import type { AgreementTemplate } from '#core/hub.ts'
import type { Door } from '../kit/context.ts'
import { auditing, binding } from './accounts.ts'
import { serve } from './serve.ts'

const render = ({ id, version, title, summary, signing, fields, clauses }: AgreementTemplate) => ({
  id,
  version,
  title,
  summary,
  signing,
  fields: fields.map((field) => ({ ...field })),
  clauses: clauses.map((one) => ({ id: one.id, title: one.title, strength: one.strength })),
})

const registerOwn = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  serve(app, door, calls.listOwnTemplates, async ({ ctx, params }) => ({
    items: (await agreements.ownTemplates(await auditing(door, ctx, params))).map(render),
  }))
  serve(app, door, calls.getOwnTemplate, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const found = await agreements.ownTemplate(permit, params.template, query.version)
    const { id: _, version, ...content } = found
    return { version, content }
  })
  serve(app, door, calls.writeOwnTemplate, async ({ ctx, params, body }) => {
    const permit = await binding(door, ctx, params)
    return render(await agreements.writeTemplate(ctx, permit, params.template, body.content))
  })
  serve(app, door, calls.withdrawOwnTemplate, async ({ ctx, params }) =>
    agreements.withdrawTemplate(ctx, await binding(door, ctx, params), params.template),
  )
  serve(app, door, calls.fillOwnTemplate, async ({ ctx, params, body }) => ({
    wish: await agreements.fillOwn(await auditing(door, ctx, params), params.template, body.values),
  }))
}

export const registerTemplates = (app: FastifyInstance, door: Door): void => {
  const { agreements } = door.hub
  serve(app, door, calls.listTemplates, () =>
    Promise.resolve({ items: agreements.templates.map(render) }),
  )
  serve(app, door, calls.fillTemplate, ({ params, body }) =>
    Promise.resolve({ wish: agreements.fill(params.template, body.values) }),
  )
  registerOwn(app, door)
}
