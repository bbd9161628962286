/** Where two organisations stand with each other about one repo, for those who wait at its gate. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { stateOf } from '@weighhouse/formats/agreement/folder.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { folderOf } from './chain.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './agreements.sql.ts'
import * as sides from './sides.sql.ts'
import * as statements from './statements.sql.ts'

export interface Between {
  readonly id: AgreementId
  readonly title: string
  readonly state: string
  /** Talked about and not signed by all, signed by all, or come to an end either way. */
  readonly stands: 'open' | 'signed' | 'over'
}

export interface Standings {
  /**
   * The agreement that says most about a repo between its owner and an organisation that takes: one that all have signed, else one that is
   * talked about, else the last that came to an end. Undefined where the organisation knows of none.
   */
  between(repo: { id: RepoId; ownerId: AccountId }, org: AccountId): Promise<Between | undefined>
  /** Whom and what an agreement concerns: repos of what was put on the table last, and the parties that take. */
  concernedBy(id: AgreementId): Promise<{ repos: readonly RepoId[]; orgs: readonly AccountId[] }>
  /**
   * Organisations whose people it lets use something, or did until it ended, and what some parties may have said that takes effect once
   * all have. Undefined for what not all have signed: only those who speak for a party know of that.
   */
  usedBy(id: AgreementId): Promise<
    | {
        orgs: readonly AccountId[]
        waitsForOthers: Readonly<Record<'signed' | 'rescinded', boolean>>
      }
    | undefined
  >
}

/** Of two organisations, newest first: what is older says nothing of today. */
const foldersMax = 50

const openTalks: ReadonlySet<Folder['talk']> = new Set([
  'proposed',
  'countered',
  'agreed',
  'signing',
])

const standsOf = ({ life, talk }: Folder): Between['stands'] => {
  if (life === 'closing' || life === 'closed') return 'over'
  if (life !== 'none') return 'signed'
  return openTalks.has(talk) || talk === 'draft' ? 'open' : 'over'
}

/** The version that says what it is about, for others than its author. */
const versionOf = ({ inForce, shown }: Folder): number | undefined =>
  inForce?.version ?? shown.at(-1)

// Casts because only this room writes the column, and bodies hold ids as text.
const reposIn = (body: string): RepoId[] =>
  (JSON.parse(body) as AgreementBody).scope.repos.map(({ id }) => id as RepoId)

const takersIn = ({ parties }: Folder): AccountId[] =>
  // A cast because ids travel as text in folders.
  parties.filter(({ role }) => role !== 'provider').map(({ org }) => org as AccountId)

const toBetween = (row: Row<'agreement'>): Between => {
  const folder = folderOf(row)
  return { id: row.id, title: row.title, state: stateOf(folder), stands: standsOf(folder) }
}

export const makeStandings = ({ db }: Pick<AgreementsDeps, 'db'>): Standings => {
  /** Repos of what each of these says to others than its author. */
  const scopesOf = async (rows: readonly Row<'agreement'>[]) => {
    const versions = rows.flatMap((row) => {
      const version = versionOf(folderOf(row))
      return version === undefined ? [] : [{ id: row.id, version }]
    })
    const found = await statements.bodiesOf(db.read, versions)
    return new Map(found.map((one) => [one.agreement_id, reposIn(one.body)]))
  }

  return {
    async between({ id: repoId, ownerId }, org) {
      // First, and apart: what others have put on the table since, however much, hides it from nobody.
      const signed = await sides.signedBetween(db.read, { repoId, ownerId, org })
      if (signed !== undefined) return toBetween(signed)
      const rows = await sides.agreementsBetween(db.read, { ownerId, org }, foldersMax)
      const scopes = await scopesOf(rows)
      const found = rows.filter((row) => scopes.get(row.id)?.includes(repoId)).map(toBetween)
      return found.find(({ stands }) => stands === 'open') ?? found[0]
    },

    async concernedBy(id) {
      const row = await sql.agreementById(db.read, id)
      if (row === undefined) return { repos: [], orgs: [] }
      const folder = folderOf(row)
      return { repos: (await scopesOf([row])).get(id) ?? [], orgs: takersIn(folder) }
    },

    async usedBy(id) {
      const row = await sql.agreementById(db.read, id)
      const folder = row && folderOf(row)
      if (folder?.inForce === undefined) return undefined
      const waitsForOthers = {
        signed: folder.candidate !== undefined,
        rescinded: standsOf(folder) !== 'over',
      }
      return { orgs: takersIn(folder), waitsForOthers }
    },
  }
}
