/** Tokens of the caller and of service accounts, and what organisations say of them. */
import { tokenCalls as calls } from '@weighhouse/contract/tokens.ts'
import type { BodyOf } from '@weighhouse/contract/call.ts'
import type { FastifyInstance } from 'fastify'
import type { Issued, Token, TokenWish } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import type { TokenId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { managing } from './accounts.ts'
import { dateOrNull, paged, serve, timeOf } from './serve.ts'

const stateOf = (
  token: Token,
  nowMs: number,
): 'active' | 'expired' | 'revoked' | 'leaked' | 'rotated' => {
  if (token.endedWhy === 'leaked') return 'leaked'
  if (token.isRevoked) return token.endedWhy ?? 'revoked'
  if (token.expiresAtMs !== undefined && token.expiresAtMs <= nowMs) return 'expired'
  return 'active'
}

type NewToken = BodyOf<typeof calls.createToken>

const wishOf = (body: NewToken, nowMs: number): TokenWish => {
  const endMs = timeOf(body.expiresAt)
  return {
    label: body.label,
    role: body.role,
    ...(endMs === undefined ? {} : { lifeMs: endMs - nowMs }),
    ...(body.scope === undefined ? {} : { scope: body.scope }),
    ...(body.ipRanges === undefined ? {} : { ipRanges: body.ipRanges }),
  }
}

const keyOf = ({ id }: { id: string }): string => id

const renderersOf = ({ hub }: Door) => {
  const render = (token: Token) => ({
    id: token.id,
    label: token.label,
    role: token.role,
    hint: token.hint,
    state: stateOf(token, hub.clock.nowMs()),
    createdAt: isoDate(token.createdAtMs),
    lastUsedAt: dateOrNull(token.lastUsedAtMs),
    expiresAt: dateOrNull(token.expiresAtMs),
    readsGated: token.scope === undefined || token.scope.readsGated,
    scope: (token.scope?.entries ?? []).map((entry) => ({
      ...entry,
      permissions: [...entry.permissions],
    })),
    ipRanges: [...(token.ipRanges ?? [])],
  })
  const renderIssued = ({ token, secret }: Issued) => ({ token: render(token), secret })
  return { render, renderIssued }
}

// Casts below because an unknown id is answered as such.

const registerOwn = (app: FastifyInstance, door: Door): void => {
  const { identity, policy, clock } = door.hub
  const { render, renderIssued } = renderersOf(door)
  const desk = (ctx: Ctx) => identity.ownTokens(policy.requireOwnAccount(ctx))

  serve(app, door, calls.listTokens, async ({ ctx, query }) => {
    const { list } = await desk(ctx)
    return paged(query, list, { keyOf, render })
  })
  serve(app, door, calls.createToken, async ({ ctx, body }) =>
    renderIssued(await (await desk(ctx)).create(ctx, wishOf(body, clock.nowMs()))),
  )
  serve(app, door, calls.renameToken, async ({ ctx, params, body }) =>
    (await desk(ctx)).rename(ctx, params.id as TokenId, body.label),
  )
  serve(app, door, calls.rotateToken, async ({ ctx, params, body }) => {
    const overlapMs = (body.overlapSeconds ?? 0) * 1000
    return renderIssued(await (await desk(ctx)).rotate(ctx, params.id as TokenId, overlapMs))
  })
  serve(app, door, calls.revokeToken, async ({ ctx, params }) =>
    (await desk(ctx)).revoke(ctx, params.id as TokenId),
  )
}

const registerService = (app: FastifyInstance, door: Door): void => {
  const { identity, clock } = door.hub
  const { render, renderIssued } = renderersOf(door)
  const desk = async (ctx: Ctx, params: { org: string; name: string }) =>
    identity.serviceTokens(await managing(door, ctx, params), params.name)

  serve(app, door, calls.listServiceTokens, async ({ ctx, params, query }) => {
    const { list } = await desk(ctx, params)
    return paged(query, list, { keyOf, render })
  })
  serve(app, door, calls.createServiceToken, async ({ ctx, params, body }) =>
    renderIssued(await (await desk(ctx, params)).create(ctx, wishOf(body, clock.nowMs()))),
  )
  serve(app, door, calls.rotateServiceToken, async ({ ctx, params, body }) => {
    const overlapMs = (body.overlapSeconds ?? 0) * 1000
    const at = await desk(ctx, params)
    return renderIssued(await at.rotate(ctx, params.id as TokenId, overlapMs))
  })
  serve(app, door, calls.revokeServiceToken, async ({ ctx, params }) =>
    (await desk(ctx, params)).revoke(ctx, params.id as TokenId),
  )
}

const registerApprovals = (app: FastifyInstance, door: Door): void => {
  const { identity } = door.hub
  serve(app, door, calls.listTokenApprovals, async ({ ctx, params, query }) => {
    const permit = await managing(door, ctx, params)
    const state = query.state === undefined ? {} : { state: query.state }
    return paged(query, (page) => identity.tokenApprovals(permit, { ...page, ...state }), {
      keyOf: ({ tokenId }) => tokenId,
      render: ({ askedAtMs, decidedAtMs, ...approval }) => ({
        ...approval,
        askedAt: isoDate(askedAtMs),
        decidedAt: dateOrNull(decidedAtMs),
      }),
    })
  })
  serve(app, door, calls.decideTokenApproval, async ({ ctx, params, body }) => {
    const permit = await managing(door, ctx, params)
    await identity.decideToken(ctx, permit, params.tokenId as TokenId, body.state)
  })
}

export const registerTokens = (app: FastifyInstance, door: Door): void => {
  registerOwn(app, door)
  registerService(app, door)
  registerApprovals(app, door)
}
