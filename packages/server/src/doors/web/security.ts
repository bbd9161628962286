/** Where people change how they sign in, and see where they are signed in. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Proof, SessionHolder } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import type { HubError } from '#core/kernel/errors.ts'
import type { SessionId } from '#core/kernel/ids.ts'
import type { Door } from '../kit/context.ts'
import { toHubError } from '../kit/errors.ts'
import { oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { issuerOf, needOwnPage, noteFailures, sessionOf, setSessionCookie } from '../kit/session.ts'
import { fieldOf, ownPath, refuseWith, toLogin } from './forms.ts'
import { sendPage, sendScriptPage } from './html.ts'
import {
  codesPage,
  confirmAgainPage,
  proofPage,
  proofPath,
  securityPage,
  securityPath,
  setUpPage,
  type Standing,
} from './security-page.ts'

interface Asked {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly ctx: Ctx
  readonly session: SessionHolder
}

type Handle = (asked: Asked) => Promise<FastifyReply>
/** Shows the refusal where the form was. */
type Refuse = (asked: Asked, error: HubError) => Promise<FastifyReply> | FastifyReply

const title = 'How you sign in'
const back = (reply: FastifyReply): FastifyReply => reply.redirect(securityPath, 303)

const makePages = (app: FastifyInstance, door: Door) => {
  const { signin, policy } = door.hub

  const standingOf = async ({ ctx, session }: Asked): Promise<Standing> => {
    const permit = policy.requireOwnAccount(ctx)
    const [hasPassword, factor, passkeys, sessions] = await Promise.all([
      signin.hasPassword(permit),
      signin.secondFactor(permit),
      signin.listPasskeys(permit),
      signin.list(permit),
    ])
    return { name: session.actor.name, hasPassword, factor, passkeys, sessions }
  }

  const refuseOnPage: Refuse = async (asked, error) =>
    sendScriptPage(
      refuseWith(asked.reply, error),
      title,
      securityPage(await standingOf(asked), error.message),
    )

  const show = (path: string, handle: Handle): void => {
    app.get(path, async (request, reply) => {
      const found = await sessionOf(door, request, reply)
      return found === undefined
        ? toLogin(reply, request.url)
        : handle({ request, reply, ...found })
    })
  }

  /** A form. What it refuses is shown where it was; a proof that is needed is asked for. */
  const act = (path: string, handle: Handle, refuse: Refuse = refuseOnPage): void => {
    app.post(`${securityPath}/${path}`, async (request, reply) => {
      needOwnPage(door, request)
      const found = await sessionOf(door, request, reply)
      if (found === undefined) return toLogin(reply, securityPath)
      const asked = { request, reply, ...found }
      try {
        return await noteFailures(door, request, () => handle(asked))
      } catch (thrown) {
        const error = toHubError(thrown, request)
        if (error === undefined) throw thrown
        return error.code === 'proof_needed' ? reply.redirect(proofPath, 303) : refuse(asked, error)
      }
    })
  }
  return { standingOf, show, act }
}

type Pages = ReturnType<typeof makePages>

const registerPassword = ({ standingOf, show, act }: Pages, door: Door): void => {
  const { signin, policy } = door.hub

  show(securityPath, async (asked) =>
    sendScriptPage(asked.reply, title, securityPage(await standingOf(asked))),
  )

  act('password', async ({ request, reply, ctx }) => {
    const given = {
      old: fieldOf(request, 'old'),
      next: fieldOf(request, 'next') ?? '',
      agent: request.headers['user-agent'],
    }
    const session = await signin.changePassword(ctx, policy.requireOwnAccount(ctx), given)
    setSessionCookie(door, request, reply, session)
    return back(reply)
  })

  act('sessions/end', async ({ request, reply, ctx }) => {
    // A cast because an unknown id is answered as such.
    const id = (fieldOf(request, 'id') ?? '') as SessionId
    await signin.end(ctx, policy.requireOwnAccount(ctx), id)
    return back(reply)
  })

  act('sessions/end-others', async ({ reply, ctx }) => {
    await signin.endOthers(ctx, policy.requireOwnAccount(ctx))
    return back(reply)
  })
}

const registerProof = ({ standingOf, show, act }: Pages, { hub }: Door): void => {
  const nextOf = (text: string | undefined): string =>
    text === undefined ? securityPath : ownPath(text)

  show(proofPath, async (asked) => {
    const next = nextOf(oneOf(parseQuery(queryTextOf(asked.request.url)), 'next'))
    return sendScriptPage(asked.reply, 'Is it you?', proofPage(await standingOf(asked), next))
  })

  act(
    'proof',
    async ({ request, reply, ctx }) => {
      const code = fieldOf(request, 'code')
      const proof: Proof =
        code === undefined ? { password: fieldOf(request, 'password') ?? '' } : { code }
      await hub.signin.prove(ctx, hub.policy.requireOwnAccount(ctx), proof)
      return reply.redirect(nextOf(fieldOf(request, 'next')), 303)
    },
    async (asked, error) => {
      const next = nextOf(fieldOf(asked.request, 'next'))
      const body = proofPage(await standingOf(asked), next, error.message)
      return sendScriptPage(refuseWith(asked.reply, error), 'Is it you?', body)
    },
  )
}

const registerFactor = ({ act }: Pages, door: Door): void => {
  const { signin, policy } = door.hub

  act('second-factor', async ({ request, reply, ctx }) => {
    const permit = policy.requireOwnAccount(ctx)
    const begun = await signin.beginTotp(permit, issuerOf(door, request))
    return sendPage(reply, 'Set up', setUpPage(begun))
  })

  act(
    'second-factor/confirm',
    async ({ request, reply, ctx }) => {
      const code = fieldOf(request, 'code') ?? ''
      const codes = await signin.confirmTotp(ctx, policy.requireOwnAccount(ctx), code)
      return sendPage(reply, 'Recovery codes', codesPage(codes))
    },
    ({ reply }, error) =>
      sendPage(refuseWith(reply, error), 'Set up', confirmAgainPage(error.message)),
  )

  act('recovery-codes', async ({ reply, ctx }) => {
    const codes = await signin.renewRecoveryCodes(policy.requireOwnAccount(ctx))
    return sendPage(reply, 'Recovery codes', codesPage(codes))
  })

  act('second-factor/remove', async ({ reply, ctx }) => {
    await signin.removeTotp(ctx, policy.requireOwnAccount(ctx))
    return back(reply)
  })
}

const registerPasskeys = ({ act }: Pages, { hub: { signin, policy } }: Door): void => {
  act('passkeys/rename', async ({ request, reply, ctx }) => {
    const permit = policy.requireOwnAccount(ctx)
    await signin.renamePasskey(
      permit,
      fieldOf(request, 'id') ?? '',
      fieldOf(request, 'label') ?? '',
    )
    return back(reply)
  })

  act('passkeys/remove', async ({ request, reply, ctx }) => {
    await signin.removePasskey(ctx, policy.requireOwnAccount(ctx), fieldOf(request, 'id') ?? '')
    return back(reply)
  })
}

export const registerSecurity = (app: FastifyInstance, door: Door): void => {
  const pages = makePages(app, door)
  registerPassword(pages, door)
  registerProof(pages, door)
  registerFactor(pages, door)
  registerPasskeys(pages, door)
}
