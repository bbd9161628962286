/**
 * Every table, once. Ids are text made by us, times integer milliseconds UTC, booleans 0/1, sizes safe integers, JSON text.
 * A room writes only its own tables; the policy room alone reads the facts of others.
 */
import type { Insertable, Selectable } from 'kysely'
import type { AccessTables } from './tables/access.ts'
import type { AgreementsTables } from './tables/agreements.ts'
import type { ContentTables } from './tables/content.ts'
import type { DirectoriesTables } from './tables/directories.ts'
import type { DutiesTables } from './tables/duties.ts'
import type { LineageTables } from './tables/lineage.ts'
import type { OauthTables } from './tables/oauth.ts'
import type { OrganisationsTables } from './tables/organisations.ts'
import type { PartiesTables } from './tables/parties.ts'
import type { PeopleTables } from './tables/people.ts'
import type { ReposTables } from './tables/repos.ts'
import type { SigninTables } from './tables/signin.ts'
import type { SocialTables } from './tables/social.ts'
import type { WorkingsTables } from './tables/workings.ts'

export type { AccessState } from './tables/access.ts'
export type { DutyState } from './tables/duties.ts'
export type { Flag } from './tables/flag.ts'
export type { OrgType } from './tables/parties.ts'
export type { RoleName } from './tables/people.ts'
export type { GateKind, HoldKind, RepoType, Visibility } from './tables/repos.ts'

export interface Schema
  extends
    PeopleTables,
    SigninTables,
    DirectoriesTables,
    OauthTables,
    OrganisationsTables,
    ReposTables,
    AccessTables,
    SocialTables,
    ContentTables,
    LineageTables,
    PartiesTables,
    AgreementsTables,
    DutiesTables,
    WorkingsTables {}

export type Row<T extends keyof Schema> = Selectable<Schema[T]>
export type NewRow<T extends keyof Schema> = Insertable<Schema[T]>
