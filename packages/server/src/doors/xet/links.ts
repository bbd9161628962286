/** Links to ranges of xorbs. The link is the credential: it names the xorb and its ranges under a signature, and ends. */
import type { FastifyRequest } from 'fastify'
import type { ReadPermit } from '#core/hub.ts'
import { limits } from '#core/kernel/limits.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { formatRanges, type LinkMaker } from './wire.ts'

/** What the ticket in a link is for. */
export const linkSubject = (xorb: string, rangesText: string): string => `${xorb}:${rangesText}`

export const makeLinks = (door: Door, request: FastifyRequest, permit: ReadPermit): LinkMaker => {
  const base = baseUrl(door, request)
  return (xorb, ranges) => {
    const rangesText = formatRanges(ranges)
    const ticket = door.hub.policy.ticket(permit, {
      act: 'download',
      subject: linkSubject(xorb, rangesText),
      seconds: limits.xorbTicketSeconds,
    })
    return `${base}/xet/data/${xorb}?r=${rangesText}&ticket=${ticket}`
  }
}
