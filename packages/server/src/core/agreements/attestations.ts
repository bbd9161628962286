/** What a party says of its people and projects, with a document behind it: trained, approved by an ethics board. Terms may ask for it. */
import type { Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId, AttestationId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type Chain, folderOf, type Said } from './chain.ts'
import { isLink } from './duty-evidence.ts'
import { takes } from './grants.ts'
import type { AgreementsDeps, LookPermit, OrgPermit } from './index.ts'
import { personOf } from './negotiate.ts'
import { makeOpened } from './opened.ts'
import * as attestations from './attestations.sql.ts'

export interface AttestationWish {
  readonly kind: Row<'agreement_attestation'>['kind']
  /** What terms name, such as `OnFile`. */
  readonly word: string
  /** Of one person, of one project, or of all. */
  readonly of:
    | { readonly kind: 'org' }
    | { readonly kind: 'user'; readonly name: string }
    | { readonly kind: 'project'; readonly name: string }
  /** The document: where it is, or the hash of a file that the party keeps. One of the two. */
  readonly link?: string
  readonly sha256?: string
  readonly toMs?: number
}

export interface Attestation {
  readonly id: AttestationId
  readonly kind: AttestationWish['kind']
  readonly word: string
  readonly subjectKind: AttestationWish['of']['kind']
  readonly subjectId: string
  /** Of a project, or of a person who is there. */
  readonly subjectName: string | undefined
  readonly link: string | undefined
  readonly sha256: string | undefined
  readonly fromMs: number
  readonly toMs: number | undefined
  readonly isOver: boolean
}

export interface Attestations {
  /** Errors: `entry_not_found`, `invalid`, `conflict` before all have signed, or for a party that is given nothing. */
  attest(ctx: Ctx, permit: OrgPermit, id: AgreementId, wish: AttestationWish): Promise<Attestation>
  /** At once. Errors: `entry_not_found`. */
  endAttestation(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    attestation: AttestationId,
  ): Promise<void>
  /** The party's own. Errors: `entry_not_found`. */
  attestations(
    permit: LookPermit,
    id: AgreementId,
    page: { after: string; limit: number },
  ): Promise<Attestation[]>
}

const projectCharsMax = 100
const linkCharsMax = 2_000

const refuse = ({ word, of, link, sha256, toMs }: AttestationWish, nowMs: number): void => {
  const isProjectWrong =
    of.kind === 'project' && (of.name.trim() === '' || of.name.length > projectCharsMax)
  const problem = !/^[A-Za-z][\w.-]{0,63}$/.test(word)
    ? 'A word is what the terms name, such as OnFile.'
    : isProjectWrong
      ? `A project has a name of 1 to ${projectCharsMax} characters.`
      : link === undefined && sha256 === undefined
        ? 'Name the document: a link to it, or the SHA-256 of its file.'
        : link !== undefined && (link.length > linkCharsMax || !isLink(link))
          ? 'A link is an http or https address without a password in it.'
          : sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)
            ? 'A SHA-256 has 64 hex digits.'
            : toMs !== undefined && toMs <= nowMs
              ? 'It ends in the future: what is over attests nothing.'
              : undefined
  if (problem !== undefined) throw new HubError('invalid', problem)
}

const toAttestation = (
  row: Row<'agreement_attestation'>,
  names: ReadonlyMap<string, string>,
  nowMs: number,
): Attestation => ({
  subjectName: row.subject_kind === 'project' ? row.subject_id : names.get(row.subject_id),
  id: row.id,
  kind: row.kind,
  word: row.word,
  subjectKind: row.subject_kind,
  subjectId: row.subject_id,
  link: row.link ?? undefined,
  sha256: row.sha256 ?? undefined,
  fromMs: row.created_at_ms,
  toMs: row.to_ms ?? undefined,
  isOver: row.ended_at_ms !== null || (row.to_ms !== null && row.to_ms <= nowMs),
})

export const makeAttestations = (deps: AgreementsDeps, chain: Chain): Attestations => {
  const { db, clock, ids } = deps
  const { open, needOwn, raise } = makeOpened(deps)

  const subjectOf = async (
    { namespace }: OrgPermit,
    of: AttestationWish['of'],
  ): Promise<string> => {
    if (of.kind === 'org') return namespace.id
    if (of.kind === 'project') return of.name
    return (await needOwn(namespace, of.name)).id
  }

  const namesIn = (rows: readonly Row<'agreement_attestation'>[]) => {
    const people = rows.filter((row) => row.subject_kind === 'user')
    // A cast because the column's kind says what its id is of.
    return deps.identity.namesOf(people.map((row) => row.subject_id as AccountId))
  }

  return {
    async attest(ctx, permit, id, wish) {
      const nowMs = clock.nowMs()
      refuse(wish, nowMs)
      const { namespace } = permit
      const agreement = await open(namespace.id, id)
      const folder = folderOf(agreement)
      if (folder.inForce === undefined || !takes(folder, namespace.id)) {
        throw new HubError(
          'conflict',
          'Such things are said once all have signed, by a party that is given something.',
        )
      }
      const person = personOf(permit)
      const row: Row<'agreement_attestation'> = {
        id: ids<AttestationId>(),
        agreement_id: id,
        org_id: namespace.id,
        kind: wish.kind,
        word: wish.word,
        subject_kind: wish.of.kind,
        subject_id: await subjectOf(permit, wish.of),
        link: wish.link ?? null,
        sha256: wish.sha256 ?? null,
        to_ms: wish.toMs ?? null,
        ended_at_ms: null,
        created_at_ms: nowMs,
      }
      // The document's hash is in the chain; where it lies and whom it names is the party's own affair.
      const said: Said = {
        kind: 'attestation_given',
        org: namespace.id,
        actor: person,
        data: {
          subject: row.id,
          code: wish.kind,
          ...(wish.sha256 === undefined ? {} : { sha256: wish.sha256 }),
          ...(wish.toMs === undefined ? {} : { until: new Date(wish.toMs).toISOString() }),
          details: { word: wish.word, of: wish.of.kind },
        },
      }
      await chain.say(ctx, agreement, said, {}, async ({ q }) => {
        await attestations.insertAttestation(q, row)
        await raise(q, id)
      })
      return toAttestation(row, await namesIn([row]), nowMs)
    },

    async endAttestation(ctx, permit, id, attestation) {
      const { namespace } = permit
      const agreement = await open(namespace.id, id)
      const said: Said = {
        kind: 'attestation_ended',
        org: namespace.id,
        actor: personOf(permit),
        data: { subject: attestation },
      }
      await chain.say(ctx, agreement, said, {}, async ({ q }) => {
        const name = { id, orgId: namespace.id, attestation }
        if (!(await attestations.endAttestation(q, name, clock.nowMs()))) {
          throw new HubError('entry_not_found', 'There is no such attestation in force.')
        }
        await raise(q, id)
      })
    },

    async attestations({ namespace }, id, { after, limit }) {
      await open(namespace.id, id)
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      const rows = await attestations.attestationsOf(db.read, { id, orgId: namespace.id }, page)
      const names = await namesIn(rows)
      return rows.map((row) => toAttestation(row, names, clock.nowMs()))
    },
  }
}
