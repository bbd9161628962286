/** The web app, and the pages that stand beside it: signing in, consent, recovery, the first set-up. */
import type { FastifyInstance } from 'fastify'
import { anonymous } from '#core/kernel/actor.ts'
import { HubError } from '#core/kernel/errors.ts'
import { isForm, parseSmallBodies } from '../kit/bodies.ts'
import { baseUrl, type Door, makeCtx } from '../kit/context.ts'
import { oneOf } from '../kit/query.ts'
import { registerConsent } from './consent.ts'
import { renderWebError } from './errors.ts'
import { codeBlock, escapeHtml, sendPage } from './html.ts'
import { registerJoin } from './join.ts'
import { registerPages } from './pages.ts'
import { registerSignIn } from './login.ts'
import { registerAssets } from './passkey-button.ts'
import { registerRecovery } from './recover.ts'
import { registerSecurity } from './security.ts'
import { registerSso } from './sso.ts'

const formBytesMax = 16 * 1024

const setupForm = (problem?: string): string => `
<h1>Set up this hub</h1>
<p class="soft">Create its first administrator. This link works once.</p>
${problem === undefined ? '' : `<p class="error" role="alert">${escapeHtml(problem)}</p>`}
<form method="post">
<label for="name">User name</label><input id="name" name="name" required autocomplete="username" minlength="2" maxlength="42">
<label for="password">Password, 12 characters or more</label><input id="password" name="password" type="password" required minlength="12" autocomplete="new-password">
<button>Create administrator</button></form>
`

const donePage = (url: string, name: string, token: string): string => `
<h1>Welcome, ${escapeHtml(name)}</h1>
<p>This is your first token. It is shown once: copy it now.</p>
${codeBlock([`export HF_ENDPOINT=${url}`, `export HF_TOKEN=${token}`])}
<p><a href="/">What to do with it</a></p>
`

/** One encapsulated plugin. */
export const webDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, formBytesMax)
    app.setErrorHandler(renderWebError)

    app.get('/favicon.ico', (_request, reply) => reply.code(204).send())

    app.get('/setup/:secret', (_request, reply) => sendPage(reply, 'Set up', setupForm()))

    app.post<{ Params: { secret: string } }>('/setup/:secret', async (request, reply) => {
      door.failures.check(request.ip)
      const { body } = request
      const name = isForm(body) ? oneOf(body, 'name') : undefined
      const password = isForm(body) ? oneOf(body, 'password') : undefined
      if (name === undefined || password === undefined) {
        throw new HubError('invalid', 'A name and a password are needed.')
      }
      const ctx = makeCtx(door, anonymous, request, reply)
      try {
        const { account, secret } = await door.hub.identity.completeSetup(
          ctx,
          request.params.secret,
          {
            name,
            password,
          },
        )
        return sendPage(reply, 'Welcome', donePage(baseUrl(door, request), account.name, secret))
      } catch (error) {
        door.failures.note(request.ip)
        if (!(error instanceof HubError) || error.code !== 'invalid') throw error
        return sendPage(reply.code(400), 'Set up', setupForm(error.message))
      }
    })
    registerPages(app, door)
    registerAssets(app)
    registerSignIn(app, door)
    registerRecovery(app, door)
    registerJoin(app, door)
    registerSecurity(app, door)
    registerConsent(app, door)
    registerSso(app, door)
    return Promise.resolve()
  }
