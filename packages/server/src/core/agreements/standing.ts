/** Where two organisations stand with each other about one repo, for those who wait at its gate. */
import type { Folder } from '@weighhouse/formats/agreement/folder.ts'
import { stateOf } from '@weighhouse/formats/agreement/folder.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { folderOf, isHidden } from './chain.ts'
import type { Drafts } from './draft.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './agreements.sql.ts'

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

const order: readonly Between['stands'][] = ['signed', 'open', 'over']

export const makeStandings = ({ db }: AgreementsDeps, drafts: Drafts): Standings => {
  const scopeOf = async (id: AgreementId, folder: Folder): Promise<readonly RepoId[]> => {
    const version = versionOf(folder)
    if (version === undefined) return []
    const { scope } = await drafts.read({ id }, version)
    // A cast because bodies hold ids as text.
    return scope.repos.map((repo) => repo.id as RepoId)
  }

  return {
    async between({ id: repoId, ownerId }, org) {
      const found: Between[] = []
      for (const row of await sql.agreementsBetween(db.read, { ownerId, org }, foldersMax)) {
        const folder = folderOf(row)
        if (isHidden(folder, org)) continue
        if (!(await scopeOf(row.id, folder)).includes(repoId)) continue
        const { id, title } = row
        const one: Between = { id, title, state: stateOf(folder), stands: standsOf(folder) }
        if (one.stands === 'signed') return one
        found.push(one)
      }
      return found.toSorted((a, b) => order.indexOf(a.stands) - order.indexOf(b.stands))[0]
    },

    async concernedBy(id) {
      const row = await sql.agreementById(db.read, id)
      if (row === undefined) return { repos: [], orgs: [] }
      const folder = folderOf(row)
      const takers = folder.parties.filter(({ role }) => role !== 'provider')
      // A cast because ids travel as text in folders.
      const orgs = takers.map(({ org }) => org as AccountId)
      return { repos: await scopeOf(id, folder), orgs }
    },
  }
}
