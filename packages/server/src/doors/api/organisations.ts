/** Teams, resource groups, grants, invitations and rules. */
import { organisationCalls as calls } from '@weighhouse/contract/organisations.ts'
import { repoTypes } from '@weighhouse/contract/parts.ts'
import type { FastifyInstance } from 'fastify'
import type { GrantTarget, Invitation, OrgPolicy, RepoType, TakingRules } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { auditing, managing } from './accounts.ts'
import { dateOrNull, given, paged, serve, timeOf } from './serve.ts'

const byName = { keyOf: ({ name }: { name: string }) => name.toLowerCase() }

const renderNamed = ({
  id,
  name,
  createdAtMs,
}: {
  id: string
  name: string
  createdAtMs: number
}) => ({
  id,
  name,
  createdAt: isoDate(createdAtMs),
})

const typeOf = (text: string): RepoType => {
  const found = repoTypes.find((type) => type === text)
  if (found !== undefined) return found
  throw new HubError('invalid', `A repository is a ${repoTypes.join(', ')}; found "${text}".`)
}

/** Leave to administer a repo of the organisation in the path. */
const repoOf = ({ hub }: Door, ctx: Ctx, repo: { org: string; type: RepoType; name: string }) =>
  hub.policy.require(ctx, 'repo.admin', { type: repo.type, path: `${repo.org}/${repo.name}` })

const registerTeams = (app: FastifyInstance, door: Door): void => {
  const { organisations: room } = door.hub
  serve(app, door, calls.listTeams, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    return paged(query, (page) => room.teams(permit, page), { ...byName, render: renderNamed })
  })
  serve(app, door, calls.createTeam, async ({ ctx, params, body }) =>
    renderNamed(await room.createTeam(ctx, await managing(door, ctx, params), body.name)),
  )
  serve(app, door, calls.renameTeam, async ({ ctx, params, body }) => {
    const permit = await managing(door, ctx, params)
    return renderNamed(await room.renameTeam(ctx, permit, params.team, body.name))
  })
  serve(app, door, calls.deleteTeam, async ({ ctx, params }) =>
    room.deleteTeam(ctx, await managing(door, ctx, params), params.team),
  )
  serve(app, door, calls.listTeamMembers, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const read = (page: { after: string; limit: number }) =>
      room.teamMembers(permit, params.team, page)
    return paged(query, read, { ...byName, render: (member) => member })
  })
  serve(app, door, calls.addToTeam, async ({ ctx, params }) =>
    room.addToTeam(ctx, await managing(door, ctx, params), params.team, params.user),
  )
  serve(app, door, calls.removeFromTeam, async ({ ctx, params }) =>
    room.removeFromTeam(ctx, await managing(door, ctx, params), params.team, params.user),
  )
}

const registerGroups = (app: FastifyInstance, door: Door): void => {
  const { organisations: room } = door.hub
  serve(app, door, calls.listGroups, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    return paged(query, (page) => room.groups(permit, page), { ...byName, render: renderNamed })
  })
  serve(app, door, calls.createGroup, async ({ ctx, params, body }) =>
    renderNamed(await room.createGroup(ctx, await managing(door, ctx, params), body.name)),
  )
  serve(app, door, calls.deleteGroup, async ({ ctx, params }) =>
    room.deleteGroup(ctx, await managing(door, ctx, params), params.group),
  )
  serve(app, door, calls.listGroupRepos, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const read = (page: { after: string; limit: number }) =>
      room.groupRepos(permit, params.group, page)
    return paged(query, read, { keyOf: ({ id }) => id, render: (repo) => repo })
  })
  serve(app, door, calls.putInGroup, async ({ ctx, params }) => {
    const permit = await managing(door, ctx, params)
    const repo = await repoOf(door, ctx, { ...params, type: typeOf(params.type) })
    await room.putInGroup(ctx, permit, params.group, repo)
  })
  serve(app, door, calls.takeOutOfGroup, async ({ ctx, params }) => {
    const permit = await managing(door, ctx, params)
    const repo = await repoOf(door, ctx, { ...params, type: typeOf(params.type) })
    await room.takeOutOfGroup(ctx, permit, repo)
  })
}

const registerGrants = (app: FastifyInstance, door: Door): void => {
  const { organisations: room } = door.hub
  serve(app, door, calls.listGrants, async ({ ctx, params, query }) => {
    const permit = await auditing(door, ctx, params)
    const on = query.target === undefined ? {} : { targetId: query.target }
    return paged(query, (page) => room.grants(permit, { ...page, ...on }), {
      keyOf: ({ target, grantee }) => `${target.id}:${grantee.id}`,
      render: ({ target, grantedAtMs, expiresAtMs, ...grant }) => ({
        ...grant,
        target: { ...target, type: target.type ?? null },
        grantedAt: isoDate(grantedAtMs),
        expiresAt: dateOrNull(expiresAtMs),
      }),
    })
  })
  serve(app, door, calls.putGrant, async ({ ctx, params, body }) => {
    const permit = await managing(door, ctx, params)
    const { grantee, role } = body
    const target: GrantTarget =
      body.target.kind === 'group'
        ? body.target
        : { kind: 'repo', permit: await repoOf(door, ctx, { ...params, ...body.target }) }
    const end = given({ expiresAtMs: timeOf(body.expiresAt) })
    await room.grant(ctx, permit, { target, grantee, role, ...end })
  })
  serve(app, door, calls.deleteGrant, async ({ ctx, params }) => {
    const permit = await managing(door, ctx, params)
    await room.withdraw(ctx, permit, { targetId: params.target, granteeId: params.grantee })
  })
}

const renderInvitation = ({ createdAtMs, expiresAtMs, memberUntilMs, ...one }: Invitation) => ({
  ...one,
  email: one.email ?? null,
  createdAt: isoDate(createdAtMs),
  expiresAt: isoDate(expiresAtMs),
  memberUntil: dateOrNull(memberUntilMs),
})

const registerInvitations = (app: FastifyInstance, door: Door): void => {
  const { organisations: room, policy } = door.hub
  serve(app, door, calls.listInvitations, async ({ ctx, params, query }) => {
    const permit = await managing(door, ctx, params)
    const read = (page: { after: string; limit: number }) => room.invitations(permit, page)
    return paged(query, read, { keyOf: ({ id }) => id, render: renderInvitation })
  })
  serve(app, door, calls.createInvitation, async ({ ctx, params, body }) => {
    const { role, email, lifeSeconds } = body
    const lifeMs = lifeSeconds === undefined ? undefined : lifeSeconds * 1000
    const more = given({ email, lifeMs, memberUntilMs: timeOf(body.memberUntil) })
    const made = await room.invite(ctx, await managing(door, ctx, params), { role, ...more })
    return { invitation: renderInvitation(made.invitation), secret: made.secret }
  })
  serve(app, door, calls.revokeInvitation, async ({ ctx, params }) =>
    room.revokeInvitation(ctx, await managing(door, ctx, params), params.id),
  )
  serve(app, door, calls.acceptInvitation, ({ ctx, body }) =>
    room.acceptInvitation(ctx, policy.requireOwnAccount(ctx), body.secret),
  )
}

const renderPolicy = ({ tokenLifeMsMax, ...flags }: OrgPolicy) => ({
  ...flags,
  tokenLifeSecondsMax: tokenLifeMsMax === null ? null : Math.floor(tokenLifeMsMax / 1000),
})

const renderTaking = (rules: TakingRules) => ({
  formatsDenied: [...rules.formats_denied],
  licencesAllowed: [...rules.licences_allowed],
  countriesAllowed: [...rules.countries_allowed],
})

const registerTaking = (app: FastifyInstance, door: Door): void => {
  const { organisations: room } = door.hub
  serve(app, door, calls.getTakingRules, async ({ ctx, params }) =>
    renderTaking(await room.takingRules(await auditing(door, ctx, params))),
  )
  serve(app, door, calls.setTakingRules, async ({ ctx, params, body }) => {
    const wish = given({
      formats_denied: body.formatsDenied,
      licences_allowed: body.licencesAllowed,
      countries_allowed: body.countriesAllowed,
    })
    return renderTaking(await room.setTakingRules(ctx, await managing(door, ctx, params), wish))
  })
}

const registerPolicy = (app: FastifyInstance, door: Door): void => {
  const { organisations: room } = door.hub
  serve(app, door, calls.getPolicy, async ({ ctx, params }) =>
    renderPolicy(await room.rules(await auditing(door, ctx, params))),
  )
  serve(app, door, calls.setPolicy, async ({ ctx, params, body }) => {
    const { tokenLifeSecondsMax: seconds, needsTokenApproval, needsTwoPeople } = body
    const tokenLifeMsMax = typeof seconds === 'number' ? seconds * 1000 : seconds
    const wish = given({ tokenLifeMsMax, needsTokenApproval, needsTwoPeople })
    return renderPolicy(await room.setRules(ctx, await managing(door, ctx, params), wish))
  })
}

export const registerOrganisations = (app: FastifyInstance, door: Door): void => {
  registerTeams(app, door)
  registerGroups(app, door)
  registerGrants(app, door)
  registerInvitations(app, door)
  registerPolicy(app, door)
  registerTaking(app, door)
}
