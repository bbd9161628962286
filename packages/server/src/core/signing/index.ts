/**
 * The signing room: organisations as parties. Who they are in law, the keys by which they speak, and who may speak for them.
 *
 * Invariants: a private key lies sealed or is not here at all; a key is never used twice nor forgotten, since old statements are checked
 * with it; nobody may sign for an organisation on the word of one person.
 */
import type { Database } from '#db/connect.ts'
import type { Events } from '../events/index.ts'
import type { Identity } from '../identity/index.ts'
import type { IdMaker } from '../kernel/ids.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { Names } from '../ports/names.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { NamespacePermit } from '../policy/index.ts'
import type { Signin } from '../signin/index.ts'
import { type Domains, makeDomains } from './domains.ts'
import { type Keys, makeKeys } from './keys.ts'
import { makeParties, type Parties } from './parties.ts'
import { makeSignatories, type Signatories } from './signatories.ts'

export { isKeyGoodAt, type OrgKey } from './keys.ts'
export type { OrgDomain } from './domains.ts'
export type { PartyProfile } from './parties.ts'
export type { Side, Signatory, SigningAct, SignatoryWish } from './signatories.ts'

export type OrgPermit = NamespacePermit<'namespace.bind'>

export interface SigningDeps {
  readonly db: Database
  readonly events: Events
  readonly identity: Identity
  readonly signin: Pick<Signin, 'requireFresh'>
  readonly clock: Clock
  readonly ids: IdMaker
  readonly chance: Chance
  /** For private keys. */
  readonly sealer: Sealer
  readonly names: Names
  readonly outbound: Outbound
  /** May a domain lie in a private network? */
  readonly mayBePrivate: boolean
}

/**
 * Keys and authority are changed by a person who has just proved who they are, and by no token. Errors: `proof_needed`, `permission_denied`.
 */
export const needFresh = async (
  { signin }: Pick<SigningDeps, 'signin'>,
  { actor }: OrgPermit,
): Promise<void> => {
  if (actor.kind === 'user') await signin.requireFresh({ actor })
}

export interface Signing extends Parties, Domains, Keys, Signatories {}

export const makeSigning = (deps: SigningDeps): Signing => ({
  ...makeParties(deps),
  ...makeDomains(deps),
  ...makeKeys(deps),
  ...makeSignatories(deps),
})
