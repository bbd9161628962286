/** What the room is made of. */
import type { Database } from '#db/connect.ts'
import type { Events } from '../events/index.ts'
import type { Identity, Passwords } from '../identity/index.ts'
import type { Mail } from '../mail/index.ts'
import type { IdMaker } from '../kernel/ids.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Chance, Clock } from '../kernel/time.ts'

export interface SigninDeps {
  readonly db: Database
  readonly events: Events
  readonly identity: Identity
  readonly passwords: Passwords
  readonly mail: Mail
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
  /** For shared secrets of authenticator apps. */
  readonly sealer: Sealer
}
