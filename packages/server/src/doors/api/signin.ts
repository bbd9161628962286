/** Signing in, and how: sessions, password, second factor, passkeys. For a browser, since a session is a cookie. */
import { signinCalls as calls } from '@weighhouse/contract/signin.ts'
import type { BodyOf } from '@weighhouse/contract/call.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { NewPasskeyAnswer, Passkey, PasskeyAnswer, Proof, Session } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { SessionId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { issuerOf, needOwnPage, noteFailures, setSessionCookie } from '../kit/session.ts'
import { dateOrNull, serve } from './serve.ts'

const renderSession = ({ createdAtMs, usedAtMs, ip, agent, ...session }: Session) => ({
  ...session,
  createdAt: isoDate(createdAtMs),
  usedAt: isoDate(usedAtMs),
  ip: ip ?? null,
  agent: agent ?? null,
})

const renderPasskey = ({ id, label, createdAtMs, usedAtMs }: Passkey) => ({
  id,
  label,
  createdAt: isoDate(createdAtMs),
  usedAt: dateOrNull(usedAtMs),
})

// Casts below because the schema has checked what the library reads, and the library checks the rest.

const proofOf = ({ password, code, passkey }: BodyOf<typeof calls.prove>, url: string): Proof => {
  const proofs: Proof[] = []
  if (password !== undefined) proofs.push({ password })
  if (code !== undefined) proofs.push({ code })
  if (passkey !== undefined) proofs.push({ passkey: { answer: passkey, url } })
  const [proof, ...more] = proofs
  if (proof !== undefined && more.length === 0) return proof
  throw new HubError('invalid', 'Give one of password, code and passkey.')
}

const agentOf = (request: FastifyRequest): string | undefined => request.headers['user-agent']

const registerSigningIn = (app: FastifyInstance, door: Door): void => {
  const { signin } = door.hub

  /** From a page of ours only: another site must not sign people in as somebody else. */
  const guarded = async <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> => {
    needOwnPage(door, request)
    return noteFailures(door, request, work)
  }
  const enter = async (
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    work: () => Promise<{ secret: string; lifeMs: number }>,
  ): Promise<void> => setSessionCookie(door, request, reply, await guarded(request, work))

  serve(app, door, calls.signIn, async ({ ctx, body, request, reply }) => {
    const given = { ...body, agent: agentOf(request) }
    const step = await guarded(request, () => signin.signIn(ctx, given))
    if (step.kind === 'second_factor') return { state: step.kind, challenge: step.challenge }
    setSessionCookie(door, request, reply, step.session)
    return { state: step.kind, challenge: null }
  })
  serve(app, door, calls.signInByCode, ({ ctx, body, ...http }) =>
    enter(http, () => signin.answer(ctx, { ...body, agent: agentOf(http.request) })),
  )
  serve(app, door, calls.askPasskey, ({ ctx, request }) =>
    guarded(request, () => signin.askPasskey(ctx, baseUrl(door, request))),
  )
  serve(app, door, calls.signInByPasskey, ({ ctx, body, ...http }) => {
    const url = baseUrl(door, http.request)
    const given = { answer: body.answer as PasskeyAnswer, url, agent: agentOf(http.request) }
    return enter(http, () => signin.signInByPasskey(ctx, given))
  })
}

const registerSessions = (app: FastifyInstance, door: Door): void => {
  const { signin, policy } = door.hub

  serve(app, door, calls.listSessions, async ({ ctx }) => ({
    items: (await signin.list(policy.requireOwnAccount(ctx))).map(renderSession),
    next: null,
  }))
  serve(app, door, calls.endSession, ({ ctx, params }) =>
    // A cast because an unknown id is answered as such.
    signin.end(ctx, policy.requireOwnAccount(ctx), params.id as SessionId),
  )
  serve(app, door, calls.endOtherSessions, ({ ctx }) =>
    signin.endOthers(ctx, policy.requireOwnAccount(ctx)),
  )
  serve(app, door, calls.changePassword, async ({ ctx, body, request, reply }) => {
    const given = { ...body, agent: agentOf(request) }
    const permit = policy.requireOwnAccount(ctx)
    const work = () => signin.changePassword(ctx, permit, given)
    setSessionCookie(door, request, reply, await noteFailures(door, request, work))
  })
  serve(app, door, calls.prove, ({ ctx, body, request }) => {
    const proof = proofOf(body, baseUrl(door, request))
    return noteFailures(door, request, () =>
      signin.prove(ctx, policy.requireOwnAccount(ctx), proof),
    )
  })
  serve(app, door, calls.askOwnPasskey, ({ ctx, request }) =>
    signin.askPasskey(ctx, baseUrl(door, request), policy.requireOwnAccount(ctx)),
  )
}

const registerFactors = (app: FastifyInstance, door: Door): void => {
  const { signin, policy } = door.hub

  serve(app, door, calls.getSecondFactor, ({ ctx }) =>
    signin.secondFactor(policy.requireOwnAccount(ctx)),
  )
  serve(app, door, calls.beginSecondFactor, ({ ctx, request }) =>
    signin.beginTotp(policy.requireOwnAccount(ctx), issuerOf(door, request)),
  )
  serve(app, door, calls.confirmSecondFactor, async ({ ctx, body }) => ({
    recoveryCodes: await signin.confirmTotp(ctx, policy.requireOwnAccount(ctx), body.code),
  }))
  serve(app, door, calls.renewRecoveryCodes, async ({ ctx }) => ({
    recoveryCodes: await signin.renewRecoveryCodes(policy.requireOwnAccount(ctx)),
  }))
  serve(app, door, calls.removeSecondFactor, ({ ctx }) =>
    signin.removeTotp(ctx, policy.requireOwnAccount(ctx)),
  )
}

const registerPasskeys = (app: FastifyInstance, door: Door): void => {
  const { signin, policy } = door.hub

  serve(app, door, calls.listPasskeys, async ({ ctx }) => ({
    items: (await signin.listPasskeys(policy.requireOwnAccount(ctx))).map(renderPasskey),
    next: null,
  }))
  serve(app, door, calls.offerPasskey, ({ ctx, request }) =>
    signin.offerPasskey(ctx, policy.requireOwnAccount(ctx), baseUrl(door, request)),
  )
  serve(app, door, calls.addPasskey, async ({ ctx, body, request }) => {
    const answer = body.answer as NewPasskeyAnswer
    const given = { answer, label: body.label, url: baseUrl(door, request) }
    return renderPasskey(await signin.addPasskey(ctx, policy.requireOwnAccount(ctx), given))
  })
  serve(app, door, calls.renamePasskey, ({ ctx, params, body }) =>
    signin.renamePasskey(policy.requireOwnAccount(ctx), params.id, body.label),
  )
  serve(app, door, calls.removePasskey, ({ ctx, params }) =>
    signin.removePasskey(ctx, policy.requireOwnAccount(ctx), params.id),
  )
}

export const registerSignin = (app: FastifyInstance, door: Door): void => {
  registerSigningIn(app, door)
  registerSessions(app, door)
  registerFactors(app, door)
  registerPasskeys(app, door)
}
