/** The caller, users, organisations, their members and service accounts. */
import { accountCalls as calls } from '@weighhouse/contract/accounts.ts'
import type { FastifyInstance } from 'fastify'
import type { Account, OauthScope } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { dateOrNull, paged, serve, timeOf } from './serve.ts'

const renderOrg = (account: Account) => ({
  id: account.id,
  name: account.name,
  fullName: account.fullName,
  details: account.details ?? null,
  website: account.website ?? null,
  createdAt: isoDate(account.createdAtMs),
})

export const renderUser = (account: Account) => ({
  ...renderOrg(account),
  email: account.email ?? null,
  isAdmin: account.isAdmin,
  isDisabled: account.isDisabled,
})

const byName = { keyOf: ({ name }: { name: string }) => name.toLowerCase() }

const registerMe = (app: FastifyInstance, door: Door): void => {
  const { identity, oauth, policy } = door.hub
  serve(app, door, calls.getMe, async ({ ctx }) => {
    const account = ctx.actor.kind === 'user' ? await identity.get(ctx.actor.id) : undefined
    if (account === undefined) {
      throw new HubError(
        'unauthenticated',
        'Signing in is required. Send a token with your request.',
      )
    }
    const scopes = await oauth.scopesOf(ctx.actor)
    const mayTell = (scope: OauthScope): boolean => scopes === undefined || scopes.includes(scope)
    const orgs = mayTell('read-memberships') ? await identity.memberships(account.id) : []
    const employer = account.serviceOf && (await identity.get(account.serviceOf))
    return {
      ...renderUser(account),
      ...(mayTell('email') ? {} : { email: null }),
      serviceOf: employer === undefined ? null : employer.name,
      orgs: orgs.map(({ orgId, orgName, orgFullName, role }) => ({
        id: orgId,
        name: orgName,
        fullName: orgFullName,
        role,
      })),
    }
  })
  serve(app, door, calls.setMyCard, async ({ ctx, body }) => {
    const permit = policy.requireOwnAccount(ctx)
    return renderOrg(await identity.setOwnCard(ctx, permit, body))
  })
}

const registerDirectory = (app: FastifyInstance, door: Door): void => {
  const { identity, policy } = door.hub
  serve(app, door, calls.listUsers, ({ ctx, query }) => {
    policy.requireHub(ctx)
    return paged(query, (page) => identity.list('user', page), { ...byName, render: renderUser })
  })
  serve(app, door, calls.listOrgs, ({ query }) =>
    paged(query, (page) => identity.listOrgs(page), { ...byName, render: renderOrg }),
  )
  serve(app, door, calls.getOrg, async ({ params: { org } }) =>
    renderOrg(await identity.need(org, 'org')),
  )
}

/** Leave to manage an organisation, by its name in the path. */
export const managing = ({ hub }: Door, ctx: Ctx, { org }: { org: string }) =>
  hub.policy.requireNamespace(ctx, 'namespace.manage', org)

export const binding = ({ hub }: Door, ctx: Ctx, { org }: { org: string }) =>
  hub.policy.requireNamespace(ctx, 'namespace.bind', org)

export const auditing = ({ hub }: Door, ctx: Ctx, { org }: { org: string }) =>
  hub.policy.requireNamespace(ctx, 'namespace.audit', org)

const registerOrgs = (app: FastifyInstance, door: Door): void => {
  const { identity, organisations, policy } = door.hub
  serve(app, door, calls.createOrg, async ({ ctx, body: { name, owner } }) =>
    renderOrg(await identity.createOrg(ctx, policy.requireHub(ctx), name, owner)),
  )
  serve(app, door, calls.setOrgCard, async ({ ctx, params, body }) =>
    renderOrg(await identity.setCard(ctx, await managing(door, ctx, params), body)),
  )
  serve(app, door, calls.deleteOrg, async ({ ctx, params }) =>
    organisations.deleteOrg(ctx, await managing(door, ctx, params)),
  )
  serve(app, door, calls.transferOrg, async ({ ctx, params, body }) =>
    organisations.transferOrg(ctx, await managing(door, ctx, params), { toName: body.to }),
  )
  serve(app, door, calls.leaveOrg, ({ ctx, params: { org } }) =>
    identity.leave(ctx, policy.requireOwnAccount(ctx), org),
  )
}

const registerMembers = (app: FastifyInstance, door: Door): void => {
  const { identity } = door.hub
  serve(app, door, calls.listMembers, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    return paged(query, (page) => identity.members(permit, page), {
      ...byName,
      render: ({ sinceMs, expiresAtMs, ...member }) => ({
        ...member,
        since: isoDate(sinceMs),
        expiresAt: dateOrNull(expiresAtMs),
      }),
    })
  })
  serve(app, door, calls.setMember, async ({ ctx, params, body }) => {
    const permit = await managing(door, ctx, params)
    await identity.addMember(ctx, permit, params.user, body.role, timeOf(body.expiresAt))
  })
  serve(app, door, calls.removeMember, async ({ ctx, params }) =>
    identity.removeMember(ctx, await managing(door, ctx, params), params.user),
  )
  serve(app, door, calls.listServiceAccounts, async ({ ctx, params, query }) => {
    const permit = await managing(door, ctx, params)
    const read = (page: { after: string; limit: number }) => identity.listServices(permit, page)
    return paged(query, read, { ...byName, render: renderUser })
  })
  serve(app, door, calls.createServiceAccount, async ({ ctx, params, body }) => {
    const permit = await managing(door, ctx, params)
    return renderUser(await identity.createService(ctx, permit, body.name, body.fullName))
  })
  serve(app, door, calls.disableServiceAccount, async ({ ctx, params }) =>
    identity.disableService(ctx, await managing(door, ctx, params), params.name),
  )
}

export const registerAccounts = (app: FastifyInstance, door: Door): void => {
  registerMe(app, door)
  registerDirectory(app, door)
  registerOrgs(app, door)
  registerMembers(app, door)
}
