/**
 * The agreements room: what organisations agree about their repos, from the first draft to the last duty.
 *
 * Invariants: an agreement's state is what its statements say, and nothing else; a statement is never changed; nobody is bound to bytes that
 * every party has not signed; when something cannot be decided, the answer is no.
 */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { Phase } from '@weighhouse/formats/agreement/phase.ts'
import type { Database } from '#db/connect.ts'
import type { Row } from '#db/schema.ts'
import type { Consumer, Events } from '../events/index.ts'
import type { Mail } from '../mail/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AgreementId, IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Clock } from '../kernel/time.ts'
import type { NamespacePermit, Policy } from '../policy/index.ts'
import type { Organisations } from '../organisations/index.ts'
import type { Repos, ShareGuard } from '../repos/index.ts'
import type { Signin } from '../signin/index.ts'
import type { Signing } from '../signing/index.ts'
import { folderOf, isHidden, makeChain, noAgreement } from './chain.ts'
import { makeDrafts } from './draft.ts'
import { evidenceText, type SignatureShown, signaturesOf } from './evidence.ts'
import { type Assents, makeAssents } from './assents.ts'
import { type Attestations, makeAttestations } from './attestations.ts'
import { makeDerivatives } from './derivatives.ts'
import { makeDuties } from './duties.ts'
import { makeEndedParties } from './ended-parties.ts'
import { makeDutyClock } from './duty-clock.ts'
import type { Duties } from './duty-terms.ts'
import { type Giving, makeGiving } from './given.ts'
import { type Grants, makeGrants } from './grants.ts'
import type { HubSeal } from './hub-seal.ts'
import { makeLetters } from './letters.ts'
import { makeMeters, type Meters } from './meters.ts'
import { makeNegotiation, type Negotiation } from './negotiate.ts'
import { templateNamed } from './origin.ts'
import { makeNews } from './news.ts'
import { makeOwnTemplates, type OwnTemplates } from './own-templates.ts'
import { makeRunning, type Running } from './run.ts'
import type { BodyWish } from './draft.ts'
import { makeSignatures, type Signatures } from './sign.ts'
import {
  fill,
  type Template,
  templateById,
  templates,
  type TemplateValues,
} from './templates/index.ts'
import { makeStandings, type Standings } from './standing.ts'
import { makeUsage, type Usage } from './usage.ts'
import { unfill } from './templates/unfill.ts'
import { makeWaiting, type Waiting } from './waiting.ts'
import { makeSupposing, type Supposing } from './what-if.ts'
import * as sql from './agreements.sql.ts'
import * as lists from './lists.sql.ts'
import * as statements from './statements.sql.ts'

export type { Expectation } from './commands.ts'
export { makeEndGuard } from './ended-parties.ts'
export { type HubSeal, makeHubSeal } from './hub-seal.ts'
export type { BodyWish, PartyWish } from './draft.ts'
export type { Attestation, AttestationWish } from './attestations.ts'
export type { Duty, DutyName, EventWish } from './duty-terms.ts'
export type { EvidenceWish } from './duty-evidence.ts'
export type { Given, GivenWhole } from './given.ts'
export type { AgreementGrant, GrantWish } from './grants.ts'
export { answerable, partyIn, passingOn, sharedWith, takenUnder } from './passing-on.ts'
export type { Template } from './templates/index.ts'
export type { Meter, Reservation } from './meters.ts'
export type { CorrectionWish, UsageStatement } from './usage.ts'
export type { OnTable } from './negotiate.ts'
export type { Between } from './standing.ts'
export type { SignWish } from './sign.ts'
export type { SupposedRow, Supposition } from './what-if.ts'

export type OrgPermit = NamespacePermit<'namespace.bind'>
/** Those who may look: administrators and auditors of a party. */
export type LookPermit = OrgPermit | NamespacePermit<'namespace.audit'>

export interface AgreementsDeps {
  readonly db: Database
  readonly events: Events
  readonly identity: Identity
  readonly policy: Policy
  readonly signin: Pick<Signin, 'requireFresh'>
  readonly organisations: Pick<Organisations, 'teamIn'>
  readonly repos: Pick<Repos, 'raiseEpoch'>
  readonly shareGuard: ShareGuard
  readonly signing: Signing
  readonly mail: Mail
  readonly clock: Clock
  readonly ids: IdMaker
  readonly hubSeal: HubSeal
  /** A context that acts for the hub itself. */
  readonly systemCtx: Ctx
}

export interface Agreement {
  readonly id: AgreementId
  readonly title: string
  readonly state: string
  readonly folder: Folder
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  readonly offerUntilMs: number | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

export interface Looking {
  /** Newest first, all or those that stand there for the organisation. Drafts of others are not among them. */
  agreements(
    permit: LookPermit,
    page: { before?: string; phase?: Phase; limit: number },
  ): Promise<Agreement[]>
  /** How many stand where for the organisation. */
  agreementCounts(permit: LookPermit): Promise<Readonly<Record<Phase, number>>>
  /** Errors: `entry_not_found`. */
  agreement(permit: LookPermit, id: AgreementId): Promise<Agreement>
  /** What was written as this version. Errors: `entry_not_found`, also for a draft of another party. */
  body(
    permit: LookPermit,
    id: AgreementId,
    version: number,
  ): Promise<{ body: AgreementBody; sha256: string; text: string }>
  /**
   * What the template of a version was filled with; undefined where its text is not that of a template alone, or of one that the party does
   * not have. Errors: as `body`.
   */
  values(permit: LookPermit, id: AgreementId, version: number): Promise<TemplateValues | undefined>
  /** Envelopes of its statements, in order, after the given one. Errors: `entry_not_found`. */
  statements(
    permit: LookPermit,
    id: AgreementId,
    page: { after: number; limit: number },
  ): Promise<{ seq: number; hash: string; envelope: string }[]>
  /** Who signed a version, in order. Errors: as `body`. */
  signatures(
    permit: LookPermit,
    id: AgreementId,
    version: number,
  ): Promise<readonly SignatureShown[]>
  /** All of it as one JSON document that can be checked without this hub, in pieces. Errors: `entry_not_found`. */
  evidence(permit: LookPermit, id: AgreementId): Promise<AsyncIterable<string>>
}

export interface Agreements
  extends
    Negotiation,
    Signatures,
    Running,
    Grants,
    Assents,
    Giving,
    Waiting,
    Duties,
    Meters,
    Usage,
    Attestations,
    Looking,
    OwnTemplates,
    Standings,
    Supposing {
  /** Those that come with the hub, in the order they are offered. */
  readonly templates: readonly Template[]
  /** The body but for its repos. Errors: `entry_not_found`; `invalid` with the field in its details. */
  fill(templateId: string, values: TemplateValues): Omit<BodyWish, 'repos'>
  /** What statements are sealed with. */
  readonly hubSeal: Pick<HubSeal, 'publicKey' | 'keyid'>
  /** What happens elsewhere and is of concern to agreements: derivatives, parties that end. */
  readonly consumers: readonly Consumer[]
}

const toAgreement = (row: Row<'agreement'>): Agreement => ({
  id: row.id,
  title: row.title,
  state: row.state,
  folder: folderOf(row),
  fromMs: row.from_ms ?? undefined,
  toMs: row.to_ms ?? undefined,
  offerUntilMs: row.offer_until_ms ?? undefined,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
})

const makeLooking = (deps: AgreementsDeps): Looking => {
  const { db } = deps
  const open = async ({ namespace }: LookPermit, id: AgreementId): Promise<Agreement> => {
    const row = await sql.agreementById(db.read, id)
    const found = row && toAgreement(row)
    if (found === undefined || isHidden(found.folder, namespace.id)) throw noAgreement()
    return found
  }

  const body: Looking['body'] = async (permit, id, version) => {
    const { folder } = await open(permit, id)
    const row = await statements.versionOf(db.read, id, version)
    const isTheirs = row?.author_id === permit.namespace.id || folder.shown.includes(version)
    if (row === undefined || !isTheirs) {
      throw new HubError('entry_not_found', `This agreement has no version ${version}.`)
    }
    // A cast because only this room writes the column, canonical JSON of a body.
    return { body: JSON.parse(row.body) as AgreementBody, sha256: row.sha256, text: row.body }
  }

  return {
    async agreements(permit, { before, phase, limit }) {
      const page = { before, phase, limit: Math.min(limit, limits.apiPageMax) }
      return (await lists.agreementsOf(db.read, permit.namespace.id, page)).map(toAgreement)
    },

    async agreementCounts({ namespace }) {
      const counts = await lists.countPhases(db.read, namespace.id)
      const of = (phase: Phase) => counts.find((one) => one.phase === phase)?.count ?? 0
      return { needs: of('needs'), talk: of('talk'), force: of('force'), ended: of('ended') }
    },

    agreement: open,

    body,

    async values(permit, id, version) {
      const { body: text } = await body(permit, id, version)
      const template = await templateNamed(db, text.template, [permit.namespace])
      return template === undefined ? undefined : unfill(template, text)
    },

    async statements(permit, id, { after, limit }) {
      await open(permit, id)
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      return (await statements.statementsOf(db.read, id, page)).map(({ seq, hash, envelope }) => ({
        seq,
        hash,
        envelope,
      }))
    },

    async signatures(permit, id, version) {
      const { body: text } = await body(permit, id, version)
      return signaturesOf(db.read, id, text)
    },

    evidence: async (permit, id) => evidenceText(deps, await open(permit, id), permit.namespace.id),
  }
}

export const makeAgreements = (deps: AgreementsDeps): Agreements => {
  const drafts = makeDrafts(deps)
  const chain = makeChain(deps, makeNews(deps, { drafts }))
  const ownTemplates = makeOwnTemplates(deps)
  const looking = makeLooking(deps)
  const fillTemplate = (templateId: string, values: TemplateValues) => {
    const template = templateById(templateId)
    if (template !== undefined) return fill(template, values)
    const known = templates.map(({ id }) => id).join(', ')
    throw new HubError('entry_not_found', `There is no such template. There are ${known}.`)
  }
  const letters = makeLetters(deps, { drafts })
  const dutyClock = makeDutyClock(deps, { chain, drafts })
  const { stateMonths, ...usage } = makeUsage(deps, { chain, drafts })
  const { sweep: sweepUses, ...meters } = makeMeters(deps, { chain, drafts, letters })
  return {
    ...makeNegotiation(deps, { chain, drafts }),
    ...makeSignatures(deps, { chain, drafts }),
    ...makeRunning(deps, {
      chain,
      drafts,
      dutyClock: dutyClock.tick,
      letters,
      sweepUses,
      stateMonths,
    }),
    ...makeDuties(deps, { chain, drafts }),
    ...meters,
    ...usage,
    ...makeAttestations(deps, chain),
    ...makeGrants(deps, { chain, drafts }),
    ...makeAssents(deps, { chain, drafts }),
    ...makeGiving(deps),
    ...makeWaiting(deps),
    ...looking,
    ...ownTemplates,
    ...makeStandings(deps),
    ...makeSupposing({ looking, drafts, fill: fillTemplate }),
    templates,
    fill: fillTemplate,
    hubSeal: deps.hubSeal,
    consumers: [makeDerivatives(deps, dutyClock), makeEndedParties(deps, chain)],
  }
}
