/** What is not known stops beside a violation that was decided about; and every repo is judged, those too that were there before licences were read. */
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

const nothing = {
  commercial: 'yes',
  derivatives: 'yes',
  notices: [],
  namePrefixes: [],
  use: [],
  outputs: [],
  limits: [],
  excludes: [],
  ends: [],
  medical: 'free',
  licences: [],
  unknown: [],
}

export const judgedAgain: Migration = {
  number: 13,
  name: 'judged-again',
  async up(db, { wideType: wide }) {
    await db.schema.alterTable('repo_licence').addColumn('unknown_from_ms', wide).execute()
    // The chore judges what another version of the table has judged: no version at all, at once.
    await sql`update repo_licence set table_version = '' where stop = 'LICENSE_CONFLICT'`.execute(
      db,
    )
    await sql`insert into repo_licence
      (repo_id, owner_id, path, stated, terms, findings, proposal, verdict, stop_from_ms, table_version, judged_at_ms)
      select repo.id, repo.owner_id, account.name || '/' || repo.name, '{"keys":{},"isCut":false}',
        ${JSON.stringify(nothing)}, '[]', '{}', 'ask', 0, '', 0
      from repo join account on account.id = repo.owner_id
      where repo.id not in (select repo_id from repo_licence)`.execute(db)
  },
}
