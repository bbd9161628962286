/** Signing: a person with authority, freshly proved, for exactly the bytes that were shown; the organisation's seal under it. */
import { createPublicKey, verify } from 'node:crypto'
import { agreementType, type PartyRole } from '@weighhouse/formats/agreement/statement.ts'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import { signedBytes } from '@weighhouse/formats/dsse/envelope.ts'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import type { Querier } from '#db/flavor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import type { AccountPermit } from '../policy/index.ts'
import { isKeyGoodAt, type Signatory } from '../signing/index.ts'
import { actsOf } from './authority.ts'
import { type Chain, folderOf, isHidden, noAgreement } from './chain.ts'
import { earlier, type Expectation } from './commands.ts'
import { type Drafts, refuseContradictions, refuseEnded, takersOf } from './draft.ts'
import type { AgreementsDeps } from './index.ts'
import type { OnTable } from './negotiate.ts'
import * as sql from './agreements.sql.ts'

export interface SignWish extends OnTable {
  /** The organisation that is signed for. */
  readonly orgName: string
  /** By a seal that the organisation holds itself: its signature over the body, base64url. */
  readonly signature?: { readonly publicKey: string; readonly signature: string }
  readonly agent?: string
}

export interface Signatures {
  /**
   * Signs for one party; where the body asks for two people, the second one's signature binds. When it was the last one, the version is in
   * force from its first day. Errors: `proof_needed`,
   * `permission_denied` without authority, `conflict` when other bytes are on the table, `invalid` signature or terms that contradict
   * themselves, `licence_blocked`.
   */
  sign(
    ctx: Ctx,
    permit: AccountPermit,
    id: AgreementId,
    wish: SignWish,
    at?: Expectation,
  ): Promise<void>
}

/** What is written under a signature; a new text is a new id. */
const wording = 'sign.v1'

/** Where two people of each party sign: is this the first? The second is somebody else. */
const isFirstOfTwo = (
  { candidate }: Folder,
  { signing }: AgreementBody,
  { org, person }: { org: AccountId; person: AccountId },
): boolean => {
  if (signing !== 'countersigned') return false
  const first = candidate?.firstSignedBy?.find((one) => one.org === org)
  if (first === undefined) return true
  if (first.person !== person) return false
  throw new HubError(
    'conflict',
    'You have signed this already: a second person of your organisation signs beside you.',
    { reason: 'second_person' },
  )
}

/** Who signs, by which authority, and how it was shown: kept in the statement. */
const assentOf = (
  { ip }: Ctx,
  { own, actor }: AccountPermit,
  {
    org,
    id,
    wish,
    authority,
    atMs,
  }: { org: AccountId; id: AgreementId; wish: SignWish; authority: Signatory; atMs: number },
): string =>
  canonicalJson({
    format: 'weighhouse.assent.v1',
    agreement: id,
    version: wish.version,
    sha256: wish.sha256,
    org,
    person: {
      id: own,
      name: actor.name,
      fullName: authority.fullName,
      title: authority.title,
    },
    authority: authority.id,
    at: new Date(atMs).toISOString(),
    session: actor.sessionId ?? null,
    ip: ip ?? null,
    agent: wish.agent?.slice(0, 256) ?? null,
    wording,
  })

export const makeSignatures = (
  deps: AgreementsDeps,
  { chain, drafts }: { chain: Chain; drafts: Drafts },
): Signatures => {
  const { db, identity, signing, signin, shareGuard, clock } = deps

  const authorityOf = async (
    org: { id: AccountId; name: string },
    person: AccountId,
    {
      role,
      template,
      atMs,
    }: { role: PartyRole; template: AgreementBody['template']; atMs: number },
    q: Querier = db.read,
  ): Promise<Signatory> => {
    const found = await Promise.all(
      actsOf(role, template).map((act) => signing.authorityOf(org.id, person, { ...act, atMs }, q)),
    )
    const [authority] = found
    if (authority !== undefined && !found.includes(undefined)) return authority
    const why = template.altered
      ? ` More of it was changed than the fields of the template ${template.id}, so nobody who signs by templates alone signs it.`
      : ''
    throw new HubError(
      'permission_denied',
      `You may not sign this for ${org.name}: two of its administrators have to name you as signatory for it.${why}`,
      { reason: 'authority_missing', account: org.name },
    )
  }

  const sealFor = async (
    body: AgreementBody,
    orgId: AccountId,
    { signature, atMs }: Pick<SignWish, 'signature'> & { atMs: number },
  ): Promise<{ keyid: string; sig: string }> => {
    const payload = new TextEncoder().encode(canonicalJson(body))
    const trusted = body.parties.find(({ org }) => org === orgId)?.keys ?? []
    if (signature === undefined) {
      const made = await signing.seal(orgId, { payloadType: agreementType, payload })
      const own = (await signing.keys(orgId)).find(({ id }) => id === made.keyid)
      if (own === undefined || !trusted.includes(own.publicKey)) {
        throw new HubError(
          'conflict',
          'The seal of the organisation was replaced after this version was written, so its signature would bind nobody. Write the version anew.',
          { reason: 'seal_replaced' },
        )
      }
      return { keyid: made.keyid, sig: Buffer.from(made.signature).toString('base64') }
    }
    const { publicKey } = signature
    // The text may name a key that was revoked since.
    const own = (await signing.keys(orgId)).find(
      (key) => key.publicKey === publicKey && isKeyGoodAt(key, atMs),
    )
    const bytes = Buffer.from(signature.signature, 'base64url')
    const isRight =
      own !== undefined &&
      trusted.includes(publicKey) &&
      verify(
        null,
        signedBytes(agreementType, payload),
        createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' }),
        bytes,
      )
    if (isRight) return { keyid: own.id, sig: bytes.toString('base64') }
    throw new HubError(
      'invalid',
      'This is no signature over this version by a key that the version names for the organisation and that is good today.',
      {
        reason: 'signature_wrong',
      },
    )
  }

  /** It may have been revoked since it was used. Errors: `conflict`. */
  const needSeal = async (
    q: Querier,
    { orgId, keyid, atMs }: { orgId: AccountId; keyid: string; atMs: number },
  ): Promise<void> => {
    const keys = await signing.keys(orgId, q)
    if (keys.some((key) => key.id === keyid && isKeyGoodAt(key, atMs))) return
    throw new HubError(
      'conflict',
      'The seal that this was signed with was revoked or replaced at this moment. Look at the seals of the organisation, and sign again.',
      { reason: 'seal_replaced' },
    )
  }

  return {
    async sign(ctx, permit, id, wish, at = {}) {
      await signin.requireFresh(permit)
      const org = await identity.need(wish.orgName, 'org')
      const row = await sql.agreementById(db.read, id)
      const folder = row && folderOf(row)
      const party = folder?.parties.find((one) => one.org === org.id)
      if (row === undefined || folder === undefined || party === undefined) throw noAgreement()
      if (isHidden(folder, org.id)) throw noAgreement()
      const { version, sha256 } = wish
      const actor = { id: permit.own, name: permit.actor.name }
      const as = { kinds: ['first_signed', 'signed'], actor, data: { version } } as const
      if (await earlier(db.read, id, { org: org.id, key: at.key, as })) return
      const body = await drafts.read(row, version)
      refuseContradictions(body)
      const of = { role: party.role, template: body.template }
      // As the statement will say: a clock that is set back prolongs no authority.
      const atMs = Math.max(clock.nowMs(), folder.atMs)
      const authority = await authorityOf(org, permit.own, { ...of, atMs })
      const assent = assentOf(ctx, permit, { org: org.id, id, wish, authority, atMs })
      /** The authority may have ended since. Errors: `permission_denied`, `conflict`. */
      const needStill = async (q: Querier, next: Folder): Promise<void> => {
        const now = await authorityOf(org, permit.own, { ...of, atMs: next.atMs }, q)
        if (now.id === authority.id) return
        throw new HubError(
          'conflict',
          'Another authority to sign took the place of yours at this moment. Sign again, by that one.',
          { reason: 'authority_replaced' },
        )
      }
      if (isFirstOfTwo(folder, body, { org: org.id, person: permit.own })) {
        const data = { version, sha256, assent }
        const said = { kind: 'first_signed', org: org.id, actor, data } as const
        await chain.say(ctx, row, said, at, ({ q }, next) => needStill(q, next))
        return
      }
      const { keyid, sig } = await sealFor(body, org.id, { ...wish, atMs })
      const said = {
        kind: 'signed',
        org: org.id,
        actor,
        data: { version, sha256, keyid, sig, assent },
      } as const
      await chain.say(ctx, row, said, at, async ({ q }, next) => {
        await needStill(q, next)
        await needSeal(q, { orgId: org.id, keyid, atMs: next.atMs })
        if (next.inForce?.version !== version) return {}
        await refuseEnded(q, body.parties)
        // A cast because bodies hold ids as text. Repos that were deleted since are no longer there to be shared.
        const repos = await sql.existing(
          q,
          body.scope.repos.map((repo) => repo.id as RepoId),
        )
        const given = repos.map((repo) => repo.id)
        await sql.setRepos(q, id, given)
        const orgs = takersOf(body)
        for (const one of given) await shareGuard.refuse(q, one, { orgs })
        const ends = {
          from_ms: Date.parse(body.from),
          to_ms: body.to === null ? null : Date.parse(body.to),
        }
        return { ...ends, offer_until_ms: null }
      })
    },
  }
}
