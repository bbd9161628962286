/** Documents of an agreement, which are fetched and not called: its evidence, and a version on paper. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { evidencePath, paperPath } from '@weighhouse/contract/agreements.ts'
import { printedHtml, printStyle } from '@weighhouse/formats/agreement/print.ts'
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import type { AgreementId } from '#core/kernel/ids.ts'
import { isoDate } from '#core/kernel/time.ts'
import { ctxOf, type Door } from '../kit/context.ts'
import { auditing } from './accounts.ts'

const styleHash = createHash('sha256').update(printStyle).digest('base64')
/** Nothing but its own style: no script, no image, no frame. */
const paperPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'`

interface Named {
  Params: { org: string; id: string; version: string }
}

/** Errors: `invalid`. */
export const versionIn = ({ version }: { version: string }): number => {
  const number = Number(version)
  if (Number.isSafeInteger(number)) return number
  throw new HubError('invalid', `A version is a number, found "${version}".`)
}

export const registerPapers = (app: FastifyInstance, door: Door): void => {
  const { agreements, clock } = door.hub
  app.get<Named>(evidencePath, async (request, reply) => {
    const permit = await auditing(door, await ctxOf(door, request, reply), request.params)
    // Casts of ids because an unknown one is answered as such.
    const id = request.params.id as AgreementId
    const pieces = await agreements.evidence(permit, id)
    reply.type('application/json; charset=utf-8')
    reply.header('content-disposition', `attachment; filename="agreement-${id}.json"`)
    return reply.send(Readable.from(pieces))
  })
  app.get<Named>(paperPath, async (request, reply) => {
    const permit = await auditing(door, await ctxOf(door, request, reply), request.params)
    const id = request.params.id as AgreementId
    const version = versionIn(request.params)
    const { body, sha256 } = await agreements.body(permit, id, version)
    const { state } = await agreements.agreement(permit, id)
    const signatures = await agreements.signatures(permit, id, version)
    reply.type('text/html; charset=utf-8')
    reply.header('content-security-policy', paperPolicy)
    return reply.send(
      printedHtml({
        body,
        sha256,
        state,
        signatures: signatures.map(({ atMs, ...one }) => ({ ...one, at: isoDate(atMs) })),
        at: isoDate(clock.nowMs()),
      }),
    )
  })
}
