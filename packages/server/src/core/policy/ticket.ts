/**
 * A ticket is a permit that travels: signed, expiring, bound to one repo, one act and one thing. It says who asked and what for; whether
 * the holder may is decided again each time it is used, so that nothing that was taken away lives on in one.
 *
 * Form: base64url(JSON) "." base64url(HMAC-SHA-256). Opaque to clients.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { TokenRole } from '../kernel/actor.ts'

/**
 * What a ticket lets its holder do: send one upload, fetch one thing, or speak the Xet protocol about one repo.
 */
export type TicketAct = 'upload' | 'download' | 'xet-read' | 'xet-write'

/** A ticket to write also lets its holder read the same repo where the protocol has one token for both. */
export const actsFor = {
  'repo.read': ['download', 'xet-read', 'xet-write'],
  'repo.write': ['upload', 'xet-write'],
} as const satisfies Readonly<Record<string, readonly TicketAct[]>>

export interface TicketClaims {
  /** Format version. */
  readonly v: 1
  readonly act: TicketAct
  readonly repo: string
  /** Account the permit was minted for; absent for anonymous readers. */
  readonly actor?: string
  readonly role?: TokenRole
  /** Token the permit came by: when it is revoked, so is the ticket. */
  readonly token?: string
  /** Or the session, likewise. */
  readonly session?: string
  /** What may be moved: an upload's id, or a content's SHA-256. */
  readonly subject: string
  /** Seconds since 1970 UTC. */
  readonly exp: number
}

const sign = (key: Buffer, body: string): Buffer =>
  createHmac('sha256', key).update('weighhouse ticket v1\n').update(body).digest()

export const formatTicket = (key: Buffer, claims: TicketClaims): string => {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${body}.${sign(key, body).toString('base64url')}`
}

const ticketLengthMax = 2048

const notOurs = 'This link was not made by this hub, or was cut short. Start the transfer again.'

/** Why a ticket is none, for whoever holds it. */
export const ticketProblems = {
  malformed: notOurs,
  forged: notOurs,
  expired: 'This link has expired. Ask for a new one by starting the transfer again.',
} as const

/** The claims of an authentic ticket, or why it is none. Does not look at the clock of the repo's policy. */
export const parseTicket = (
  key: Buffer,
  text: string,
  nowMs: number,
): { claims: TicketClaims } | { problem: keyof typeof ticketProblems } => {
  const dot = text.indexOf('.')
  if (dot < 1 || text.length > ticketLengthMax) return { problem: 'malformed' }
  const body = text.slice(0, dot)
  // As text: the last character of base64 has bits that mean nothing, and a ticket has one spelling.
  const given = Buffer.from(text.slice(dot + 1))
  const right = Buffer.from(sign(key, body).toString('base64url'))
  if (given.length !== right.length || !timingSafeEqual(given, right)) return { problem: 'forged' }
  // A cast because the signature proves that `formatTicket` wrote it.
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as TicketClaims
  return claims.exp * 1000 < nowMs ? { problem: 'expired' } : { claims }
}
