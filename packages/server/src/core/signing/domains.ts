/**
 * Domains that an organisation has proved to be its own: by a text in the name system, or by a file under the domain's well-known path. A
 * proof is looked for again every day; one that stays away is no proof any more.
 */
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import { isLoopbackHost } from '../kernel/ip-ranges.ts'
import { limits } from '../kernel/limits.ts'
import { OutboundError } from '../ports/outbound.ts'
import type { Row } from '#db/schema.ts'
import { needFresh, type OrgPermit, type SigningDeps } from './index.ts'
import * as sql from './domains.sql.ts'

export interface OrgDomain {
  readonly domain: string
  readonly state: 'pending' | 'verified' | 'lost'
  /** The text at `textName`, or a line of the file at `fileUrl`. */
  readonly proof: string
  readonly textName: string
  readonly fileUrl: string
  readonly method: 'dns' | 'file' | undefined
  readonly verifiedAtMs: number | undefined
  readonly checkedAtMs: number | undefined
  /** What the last look found in the place of the proof. */
  readonly problem: string | undefined
}

export interface Domains {
  /** In order of their names. */
  domains(orgId: AccountId): Promise<readonly OrgDomain[]>
  /** Of the organisations, by their ids, in order of their names. */
  provenDomains(orgIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, readonly string[]>>
  /** Names a domain, with the proof that is to be put there. Errors: `invalid`, `exists`, `too_many`, `proof_needed`. */
  addDomain(ctx: Ctx, permit: OrgPermit, domain: string): Promise<OrgDomain>
  /** Looks for the proof now. Errors: `entry_not_found`; `conflict` with what was found; `exists` when another organisation has proved it. */
  verifyDomain(ctx: Ctx, permit: OrgPermit, domain: string): Promise<OrgDomain>
  /** Errors: `entry_not_found`, `proof_needed`. */
  removeDomain(ctx: Ctx, permit: OrgPermit, domain: string): Promise<void>
  /** Looks again at those that were looked at longest ago. Answers how many were lost. */
  recheckDomains(ctx: Ctx, signal: AbortSignal): Promise<number>
}

const hostOf = (domain: string): string => domain.replace(/:\d+$/, '')
const textNameOf = (domain: string): string => `_weighhouse.${hostOf(domain)}`
const fileUrlOf = (domain: string): string =>
  `${isLoopbackHost(hostOf(domain)) ? 'http' : 'https'}://${domain}/.well-known/weighhouse.txt`

const proofOf = (token: string): string => `weighhouse-domain=${token}`

const fileBytesMax = 10_000
const pageMax = 100
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const domainForm = new RegExp(`^(?:${label}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
/** Where private networks may be reached, the machine itself and a port of it too: for a hub that is tried out. */
const localForm = new RegExp(`^(?:${label}\\.)*${label}(?::\\d{1,5})?$`)

const toDomain = (row: Row<'org_domain'>): OrgDomain => ({
  domain: row.domain,
  state: row.state,
  proof: proofOf(row.token),
  textName: textNameOf(row.domain),
  fileUrl: fileUrlOf(row.domain),
  method: row.method ?? undefined,
  verifiedAtMs: row.verified_at_ms ?? undefined,
  checkedAtMs: row.checked_at_ms ?? undefined,
  problem: row.problem ?? undefined,
})

type Found = { readonly method: 'dns' | 'file' } | { readonly problem: string }

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Looks in both places. The words of what went wrong are for the organisation's administrator. */
const makeLook = ({ names, outbound, mayBePrivate }: SigningDeps) => {
  const inNames = async (domain: string, proof: string): Promise<string | undefined> => {
    const name = textNameOf(domain)
    try {
      const texts = await names.texts(name)
      if (texts.some((text) => text.trim() === proof)) return undefined
      const found = texts.length === 0 ? 'no text' : `${texts.length} other texts`
      return `the name system has ${found} at ${name}`
    } catch (error) {
      return `the name system did not answer for ${name} (${wordsOf(error)})`
    }
  }

  const inFile = async (domain: string, proof: string): Promise<string | undefined> => {
    const url = new URL(fileUrlOf(domain))
    try {
      const answer = await outbound.send({
        url,
        method: 'GET',
        bytesMax: fileBytesMax,
        mayBePrivate,
      })
      if (answer.status !== 200) return `${url} answered ${answer.status}`
      const lines = answer.body.toString('utf8').split(/\r?\n/)
      return lines.some((line) => line.trim() === proof)
        ? undefined
        : `${url} does not have this line`
    } catch (error) {
      if (error instanceof OutboundError) return `${url} could not be read: ${error.message}`
      throw error
    }
  }

  return async (domain: string, token: string): Promise<Found> => {
    const proof = proofOf(token)
    const atNames = await inNames(domain, proof)
    if (atNames === undefined) return { method: 'dns' }
    const atFile = await inFile(domain, proof)
    return atFile === undefined ? { method: 'file' } : { problem: `${atNames}, and ${atFile}` }
  }
}

/** The row as it is after a look. */
const nextOf = (row: Row<'org_domain'>, found: Found, nowMs: number): Row<'org_domain'> => {
  const isProved = 'method' in found
  const seenMs = isProved ? nowMs : row.seen_at_ms
  const isLost =
    !isProved && row.state === 'verified' && nowMs - (seenMs ?? 0) > limits.domainLostAfterMs
  return {
    ...row,
    state: isProved ? 'verified' : isLost ? 'lost' : row.state,
    method: isProved ? found.method : row.method,
    seen_at_ms: seenMs,
    verified_at_ms: isProved && row.state !== 'verified' ? nowMs : row.verified_at_ms,
    checked_at_ms: nowMs,
    problem: isProved ? null : found.problem.slice(0, 500),
  }
}

export const makeDomains = (deps: SigningDeps): Domains => {
  const { db, events, clock, chance, mayBePrivate } = deps
  const look = makeLook(deps)

  const normal = (text: string): string => {
    const domain = text.trim().toLowerCase().replace(/\.$/, '')
    const isRight = domain.length <= 253 && (mayBePrivate ? localForm : domainForm).test(domain)
    if (isRight) return domain
    throw new HubError(
      'invalid',
      `A domain is expected such as example.org, found "${text.slice(0, 80)}".`,
    )
  }

  const unknown = (domain: string): HubError =>
    new HubError('entry_not_found', `This organisation has named no domain "${domain}".`)

  const need = async (orgId: AccountId, domain: string): Promise<Row<'org_domain'>> => {
    const row = await sql.domainOf(db.read, orgId, normal(domain))
    if (row !== undefined) return row
    throw unknown(domain)
  }

  const taken = (domain: string): HubError =>
    new HubError(
      'exists',
      `Another organisation of this hub has proved that ${domain} is its own. It has to give it up first.`,
    )

  /**
   * Writes down what was found, if the domain is still named with this proof. Errors: `entry_not_found`; `exists` when another organisation
   * has proved it, which is written down, too.
   */
  const settle = async (ctx: Ctx, row: Row<'org_domain'>, found: Found): Promise<OrgDomain> => {
    const write = db.tx(async (q, after) => {
      const now = await sql.domainOf(q, row.org_id, row.domain)
      const isTaken = 'method' in found && (await sql.isProvedByOther(q, row))
      const seen: Found = isTaken ? { problem: taken(row.domain).message } : found
      if (now?.token !== row.token) throw unknown(row.domain)
      const next = nextOf(now, seen, clock.nowMs())
      if (!(await sql.updateDomain(q, next))) throw unknown(row.domain)
      if (next.state !== now.state) {
        const payload = { orgId: row.org_id, domain: row.domain, state: next.state }
        await events.append({ q, after, ctx }, 'domain_changed', payload)
      }
      return { next, isTaken }
    })
    const { next, isTaken } = await write.catch((error: unknown) => {
      // Two that prove it at once.
      throw db.flavor.isUniqueViolation(error) ? taken(row.domain) : error
    })
    if (isTaken) throw taken(row.domain)
    return toDomain(next)
  }

  return {
    async domains(orgId) {
      return (await sql.domainsOf(db.read, orgId)).map(toDomain)
    },

    async provenDomains(orgIds) {
      const proven = new Map<AccountId, string[]>()
      for (const { org_id: id, domain } of await sql.provenOf(db.read, orgIds)) {
        proven.set(id, [...(proven.get(id) ?? []), domain])
      }
      return proven
    },

    async addDomain(ctx, permit, text) {
      await needFresh(deps, permit)
      const { namespace } = permit
      const domain = normal(text)
      const known = await sql.domainsOf(db.read, namespace.id)
      const twice = () => new HubError('exists', `${namespace.name} has named ${domain} already.`)
      if (known.some((one) => one.domain === domain)) throw twice()
      if (known.length >= limits.domainsPerOrgMax) {
        const most = limits.domainsPerOrgMax
        throw new HubError('too_many', `${namespace.name} has ${most} domains. Remove one first.`)
      }
      const row: Row<'org_domain'> = {
        org_id: namespace.id,
        domain,
        token: Buffer.from(chance.bytes(18)).toString('base64url'),
        state: 'pending',
        method: null,
        seen_at_ms: null,
        verified_at_ms: null,
        checked_at_ms: null,
        problem: null,
      }
      const write = db.tx(async (q, after) => {
        await sql.insertDomain(q, row)
        const payload = { orgId: namespace.id, domain, state: row.state }
        await events.append({ q, after, ctx }, 'domain_changed', payload)
      })
      await write.catch((error: unknown) => {
        throw db.flavor.isUniqueViolation(error) ? twice() : error
      })
      return toDomain(row)
    },

    async verifyDomain(ctx, { namespace }, domain) {
      const row = await need(namespace.id, domain)
      const found = await look(row.domain, row.token)
      const settled = await settle(ctx, row, found)
      if ('method' in found) return settled
      throw new HubError(
        'conflict',
        `The proof for ${row.domain} was not found: ${found.problem}. Put the text "${proofOf(row.token)}" at ${textNameOf(row.domain)}, or as a line of ${settled.fileUrl}, and try again.`,
        { reason: 'proof_not_found' },
      )
    },

    async removeDomain(ctx, permit, domain) {
      await needFresh(deps, permit)
      const row = await need(permit.namespace.id, domain)
      await db.tx(async (q, after) => {
        await sql.deleteDomain(q, row)
        const payload = { orgId: row.org_id, domain: row.domain, state: 'removed' }
        await events.append({ q, after, ctx }, 'domain_changed', payload)
      })
    },

    async recheckDomains(ctx, signal) {
      let lost = 0
      const before = clock.nowMs() - limits.domainCheckEveryMs
      for (const row of await sql.dueDomains(db.read, before, pageMax)) {
        signal.throwIfAborted()
        try {
          const { state } = await settle(ctx, row, await look(row.domain, row.token))
          if (state === 'lost') lost += 1
        } catch (error) {
          // Proved by another one, or given up, in the meantime.
          if (!isHubError(error, 'exists') && !isHubError(error, 'entry_not_found')) throw error
        }
      }
      return lost
    },
  }
}
