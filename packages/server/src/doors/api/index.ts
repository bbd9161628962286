/** Our own JSON API, under `/weighhouse/v1`: what the web app, the command line and third parties call. One file for each room. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { parseSmallBodies } from '../kit/bodies.ts'
import type { Door } from '../kit/context.ts'
import { registerAccess } from './access.ts'
import { registerAccounts } from './accounts.ts'
import { registerApprovals } from './approvals.ts'
import { registerPapers } from './agreement-papers.ts'
import { registerAdmin } from './admin.ts'
import { registerAgreements } from './agreements.ts'
import { registerApps } from './apps.ts'
import { registerAudit } from './audit.ts'
import { registerDirectory } from './directory.ts'
import { registerDuties } from './duties.ts'
import { renderApiError } from './errors.ts'
import { registerFiles } from './files.ts'
import { registerGiven } from './given.ts'
import { registerFind } from './find.ts'
import { registerHistory } from './history.ts'
import { registerExplain } from './explain.ts'
import { registerHolds } from './holds.ts'
import { registerHub } from './hub.ts'
import { registerLicences } from './licences.ts'
import { registerLive } from './live.ts'
import { registerOrganisations } from './organisations.ts'
import { registerParties } from './parties.ts'
import { registerRepos } from './repos.ts'
import { registerSignin } from './signin.ts'
import { registerSocial } from './social.ts'
import { registerSso } from './sso.ts'
import { registerTemplates } from './templates.ts'
import { registerTokens } from './tokens.ts'
import { registerUploads } from './uploads.ts'
import { registerWaiting } from './waiting.ts'

export const apiPrefix = '/weighhouse/v1'

type Register = (app: FastifyInstance, door: Door) => void

/** What each room offers. */
const registrations: readonly Register[] = [
  registerHub,
  registerRepos,
  registerFiles,
  registerHistory,
  registerFind,
  registerUploads,
  registerAccounts,
  registerAdmin,
  registerTokens,
  registerOrganisations,
  registerApprovals,
  registerDirectory,
  registerAccess,
  registerHolds,
  registerLicences,
  registerSocial,
  registerAudit,
  registerSignin,
  registerApps,
  registerSso,
  registerParties,
  registerAgreements,
  registerGiven,
  registerPapers,
  registerTemplates,
  registerExplain,
  registerDuties,
  registerWaiting,
  registerLive,
]

/** One encapsulated plugin. */
export const apiDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, limits.jsonBodyBytesMax)
    app.setErrorHandler(renderApiError)
    app.addHook('onSend', (_request, reply, _payload, done) => {
      reply.header('cache-control', 'no-store')
      done()
    })
    for (const register of registrations) register(app, door)
    app.all('/*', (request) => {
      throw new HubError(
        'entry_not_found',
        `There is no call ${request.method} ${request.url.slice(0, 200)}.`,
      )
    })
    return Promise.resolve()
  }
