/** The web app, and the pages that stand beside it: signing in, consent, recovery. */
import type { FastifyInstance } from 'fastify'
import { parseSmallBodies } from '../kit/bodies.ts'
import type { Door } from '../kit/context.ts'
import { registerAssets } from './assets.ts'
import { leadBelow } from './below.ts'
import { registerConsent } from './consent.ts'
import { renderWebError } from './errors.ts'
import { registerJoin } from './join.ts'
import { registerPages } from './pages.ts'
import { registerSignIn } from './login.ts'
import { registerRecovery } from './recover.ts'
import { registerSecurity } from './security.ts'
import { registerSso } from './sso.ts'

const formBytesMax = 16 * 1024

/** One encapsulated plugin. */
export const webDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, formBytesMax)
    app.setErrorHandler(renderWebError)

    app.get('/favicon.ico', (_request, reply) => reply.code(204).send())

    leadBelow(app, door)
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
