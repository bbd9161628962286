/** From what somebody writes to the bytes that will be signed: parties, keys and repos are filled in by the hub, never by the writer. */
import { type AgreementBody, parseBody } from '@weighhouse/formats/agreement/body.ts'
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import { hashOf, type PartyRole } from '@weighhouse/formats/agreement/statement.ts'
import { refuseUnseen } from '@weighhouse/formats/agreement/unseen.ts'
import { FormatError } from '@weighhouse/formats/error.ts'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import { lint } from '@weighhouse/formats/terms/lint.ts'
import type { Querier } from '#db/flavor.ts'
import type { RepoType, Row } from '#db/schema.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { isKeyGoodAt, type Signing } from '../signing/index.ts'
import type { AgreementsDeps } from './index.ts'
import { withOrigin } from './origin.ts'
import * as sql from './agreements.sql.ts'
import * as statements from './statements.sql.ts'

/** What the writer says: all of the body that is not the hub's to say. */
export interface BodyWish extends Omit<
  AgreementBody,
  'format' | 'agreement' | 'version' | 'supersedes' | 'parties' | 'scope'
> {
  readonly repos: readonly { readonly type: RepoType; readonly path: string }[]
}

export interface PartyWish {
  readonly name: string
  readonly role: PartyRole
}

export interface Party {
  readonly org: AccountId
  readonly name: string
  readonly role: PartyRole
}

/** Organisations that get something. */
export const takersOf = ({ parties }: Pick<AgreementBody, 'parties'>): AccountId[] =>
  // A cast because bodies hold ids as text.
  parties.filter(({ role }) => role !== 'provider').map(({ org }) => org as AccountId)

/** Who gives: their repos may be in the scope. */
const gives = (role: PartyRole): boolean => role === 'provider' || role === 'member'

/** Errors: `conflict` where one of these has ended. */
export const refuseEnded = async (
  q: Querier,
  parties: readonly { readonly org: string }[],
): Promise<void> => {
  // A cast because folders and bodies hold ids as text.
  const orgs = parties.map(({ org }) => org as AccountId)
  const [ended] = await sql.endedAmong(q, orgs)
  if (ended === undefined) return
  throw new HubError('conflict', `${ended.name} has ended: nobody can sign for it any more.`, {
    reason: 'party_ended',
    account: ended.name,
  })
}

const describe = async (signing: Signing, { org, name, role }: Party, nowMs: number) => {
  const profile = await signing.party(org)
  const keys = (await signing.keys(org)).filter(
    (key) => key.use === 'seal' && isKeyGoodAt(key, nowMs),
  )
  const missing = profile === undefined ? 'its legal name and seat' : 'a seal to sign with'
  if (profile === undefined || keys.length === 0) {
    throw new HubError(
      'conflict',
      `${name} has not said ${missing}. An administrator of ${name} does that in its settings, before it can be a party.`,
      { reason: 'party_not_ready', account: name },
    )
  }
  const { legalName, seat } = profile
  const domains = (await signing.provenDomains([org])).get(org)
  const proven = domains === undefined ? {} : { domains }
  const publicKeys = keys.map(({ publicKey }) => publicKey)
  return { org, name, role, legalName, seat, ...proven, keys: publicKeys }
}

/** Errors: `invalid` for what does not hold together, or could be read as another text, with the place. */
const parsed = (value: object, wish: BodyWish): AgreementBody => {
  try {
    const body = parseBody(value)
    refuseUnseen(wish)
    return body
  } catch (error) {
    if (error instanceof FormatError) throw new HubError('invalid', `${error.message}.`, {}, error)
    throw error
  }
}

/** Also of texts that were written down already: the linter learns. Errors: `invalid`. */
export const refuseContradictions = ({ terms }: AgreementBody): void => {
  const wrong = lint(terms).find(({ level }) => level === 'error')
  if (wrong === undefined) return
  throw new HubError('invalid', wrong.message, { reason: wrong.code, rule: wrong.rule })
}

export const makeDrafts = ({ db, policy, signing, shareGuard, clock }: AgreementsDeps) => {
  /** One of a party that gives, which the writer sees, or that is on the table already: who owns it agrees by signing. */
  const repoOf = async (
    ctx: Ctx,
    wish: BodyWish['repos'][number],
    { givers, before }: { givers: ReadonlySet<string>; before: AgreementBody | undefined },
  ): Promise<AgreementBody['scope']['repos'][number]> => {
    const known = before?.scope.repos.find(
      ({ type, path }) => type === wish.type && path === wish.path,
    )
    if (known !== undefined) return known
    try {
      const { repo } = await policy.require(ctx, 'repo.see', wish)
      if (givers.has(repo.ownerId)) return { id: repo.id, type: repo.type, path: repo.path }
    } catch (error) {
      if (!isHubError(error)) throw error
    }
    throw new HubError(
      'invalid',
      `${wish.type} ${wish.path} cannot be shared by this agreement: it is no repository of a party that gives, or you do not see it.`,
      { reason: 'repo_not_shareable', path: wish.path },
    )
  }

  return {
    /** The bytes of the next version. Errors: `invalid`, `conflict` for a party that is not ready, `licence_blocked`. */
    async make(
      ctx: Ctx,
      {
        folder,
        wish,
        before,
      }: { folder: Folder; wish: BodyWish; before: AgreementBody | undefined },
    ): Promise<{ body: AgreementBody; text: string; sha256: string }> {
      const nowMs = clock.nowMs()
      if (folder.lastVersion >= limits.agreementVersionsMax) {
        const most = limits.agreementVersionsMax
        throw new HubError('too_many', `${most} versions were written. Begin a new agreement.`)
      }
      // A cast because ids travel as text in folders.
      const parties = folder.parties as readonly Party[]
      await refuseEnded(db.read, parties)
      const givers = new Set<string>(
        parties.filter(({ role }) => gives(role)).map(({ org }) => org),
      )
      const { repos, ...rest } = wish
      const scope = {
        repos: await Promise.all(repos.map((one) => repoOf(ctx, one, { givers, before }))),
      }
      const whole = {
        ...rest,
        format: 'weighhouse.agreement.v1',
        agreement: folder.agreement,
        version: folder.lastVersion + 1,
        supersedes: folder.inForce ?? null,
        parties: await Promise.all(parties.map((one) => describe(signing, one, nowMs))),
        scope,
      }
      const read = parsed(whole, wish)
      refuseContradictions(read)
      const body = await withOrigin(db, read)
      // Said again when the last one signs, since licences change: here it spares everybody the way there.
      for (const { id } of scope.repos) {
        await shareGuard.refuse(db.read, id as RepoId, { orgs: takersOf(body) })
      }
      if (folder.inForce !== undefined && Date.parse(body.from) > nowMs) {
        throw new HubError(
          'invalid',
          'An amendment is in force when all have signed it: its first day cannot be later than now, or nothing would hold until then.',
          { reason: 'amendment_later' },
        )
      }
      return { body, text: canonicalJson(body), sha256: await hashOf(body) }
    },

    async read(row: Pick<Row<'agreement'>, 'id'>, version: number): Promise<AgreementBody> {
      const found = await statements.versionOf(db.read, row.id, version)
      if (found !== undefined) return parseBody(JSON.parse(found.body))
      throw new HubError('entry_not_found', `This agreement has no version ${version}.`)
    },
  }
}

export type Drafts = ReturnType<typeof makeDrafts>
