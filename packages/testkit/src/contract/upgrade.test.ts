/** Databases that an older program wrote keep what they say. */
import { PGlite } from '@electric-sql/pglite'
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Kysely, PGliteDialect, sql } from 'kysely'
import { sqliteDialect } from '@weighhouse/server/db/dialect/sqlite.ts'
import { flavors } from '@weighhouse/server/db/flavor.ts'
import { migrate } from '@weighhouse/server/db/migrate.ts'
import type { Schema } from '@weighhouse/server/db/schema.ts'
import { engineNames } from '../engines.ts'

const dialects = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weighhouse-old-'))
    return sqliteDialect({ file: join(folder, 'old.db'), role: 'writer' })
  },
  postgres: async () => new PGliteDialect({ pglite: await PGlite.create() }),
}

for (const engine of engineNames) {
  void test(`${engine}: what was disabled or held, and who began an agreement, is known after the sixth step`, async () => {
    const flavor = flavors[engine]
    await using db = new Kysely<Schema>({ dialect: await dialects[engine]() })
    await migrate(db, flavor, 5)
    await sql`insert into account (id, kind, name, name_key, full_name, is_admin, created_at_ms)
      values ('lab', 'org', 'lab', 'lab', '', 0, 1)`.execute(db)
    for (const [id, disabledAtMs] of [
      ['free', null],
      ['held', null],
      ['off', 5],
    ] as const) {
      await sql`insert into repo
        (id, type, owner_id, name, name_key, visibility, disabled_at_ms, created_at_ms, updated_at_ms)
        values (${id}, 'model', 'lab', ${id}, ${id}, 'public', ${disabledAtMs}, 1, 1)`.execute(db)
    }
    await sql`insert into repo_hold (repo_id, kind, reason, at_ms)
      values ('held', 'legal_hold', 'Order', 2)`.execute(db)
    await sql`insert into agreement
      (id, title, template_id, state, life, seq, folder, created_at_ms, updated_at_ms)
      values ('a', 'A', 'own', 'draft', 'none', 2, '{}', 1, 1)`.execute(db)
    for (const [seq, org] of [
      [1, 'lab'],
      [2, 'clinic'],
    ] as const) {
      await sql`insert into agreement_statement (agreement_id, seq, kind, org_id, at_ms, hash, envelope)
        values ('a', ${seq}, 'drafted', ${org}, 1, ${`hash ${seq}`}, '{}')`.execute(db)
    }
    await migrate(db, flavor)
    const repos = await db.selectFrom('repo').select(['id', 'hold']).orderBy('id').execute()
    assert.deepEqual(
      repos.map(({ id, hold }) => [id, hold]),
      [
        ['free', null],
        ['held', 'legal_hold'],
        ['off', 'takedown'],
      ],
    )
    const begun = await db.selectFrom('agreement').select('begun_by').executeTakeFirst()
    assert.equal(begun?.begun_by, 'lab')
  })

  void test(`${engine}: repos from before licences were read wait to be judged, after the thirteenth step`, async () => {
    const flavor = flavors[engine]
    await using db = new Kysely<Schema>({ dialect: await dialects[engine]() })
    await migrate(db, flavor, 12)
    await sql`insert into account (id, kind, name, name_key, full_name, is_admin, created_at_ms)
      values ('lab', 'org', 'Lab', 'lab', '', 0, 1)`.execute(db)
    for (const id of ['old', 'fine', 'stopped']) {
      await sql`insert into repo
        (id, type, owner_id, name, name_key, visibility, created_at_ms, updated_at_ms)
        values (${id}, 'model', 'lab', ${id}, ${id}, 'public', 1, 1)`.execute(db)
    }
    for (const [id, stop] of [
      ['fine', null],
      ['stopped', 'LICENSE_CONFLICT'],
    ] as const) {
      await sql`insert into repo_licence
        (repo_id, owner_id, path, stated, terms, findings, proposal, verdict, stop, stop_from_ms, table_version, judged_at_ms)
        values (${id}, 'lab', 'Lab/x', '{}', '{}', '[]', '{}', 'ok', ${stop}, 0, 'known', 1)`.execute(
        db,
      )
    }
    await migrate(db, flavor)
    const rows = await db.selectFrom('repo_licence').selectAll().orderBy('repo_id').execute()
    assert.deepEqual(
      rows.map((row) => [row.repo_id, row.table_version, row.path, row.unknown_from_ms]),
      [
        ['fine', 'known', 'Lab/x', null],
        ['old', '', 'Lab/old', null],
        ['stopped', '', 'Lab/x', null],
      ],
    )
  })
  void test(`${engine}: derivatives from before are heard of once more, and agreements tell whether they were shown, after the fourteenth step`, async () => {
    const flavor = flavors[engine]
    await using db = new Kysely<Schema>({ dialect: await dialects[engine]() })
    await migrate(db, flavor, 13)
    for (const consumer of ['derivatives', 'search']) {
      await sql`insert into event_cursor (consumer, seq) values (${consumer}, 7)`.execute(db)
    }
    for (const [id, kind] of [
      ['begun', 'created'],
      ['drafted', 'drafted'],
      ['shown', 'proposed'],
    ] as const) {
      await sql`insert into agreement
        (id, title, template_id, state, life, seq, folder, created_at_ms, updated_at_ms)
        values (${id}, 'A', 'own', 'draft', 'none', 1, '{}', 1, 1)`.execute(db)
      await sql`insert into agreement_statement (agreement_id, seq, kind, at_ms, hash, envelope)
        values (${id}, 1, ${kind}, 1, ${`hash ${id}`}, '{}')`.execute(db)
    }
    await migrate(db, flavor)
    const agreements = await db.selectFrom('agreement').select(['id', 'shown']).execute()
    assert.deepEqual(agreements.map(({ id, shown }) => `${id} ${shown}`).toSorted(), [
      'begun 0',
      'drafted 0',
      'shown 1',
    ])
    const cursors = await db.selectFrom('event_cursor').selectAll().execute()
    assert.deepEqual(
      cursors.map(({ consumer, seq }) => [consumer, seq]),
      [['search', 7]],
    )
  })
}
