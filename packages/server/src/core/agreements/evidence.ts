/** The evidence of an agreement as one document, written piece by piece: chains may be long. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { Statement } from '@weighhouse/formats/agreement/statement.ts'
import { canonicalJson } from '@weighhouse/formats/json/canonical.ts'
import type { Querier } from '#db/flavor.ts'
import { isoDate } from '../kernel/time.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import type { Agreement, AgreementsDeps } from './index.ts'
import * as statements from './statements.sql.ts'

const page = 200

/** Those on the table, and its own drafts of them that it has not shown. */
const versionsFor = async function* (
  q: Querier,
  { id, folder }: Agreement,
  orgId: AccountId,
): AsyncGenerator<string> {
  let isFirst = true
  for (let version = 1; version <= folder.lastVersion; version += 1) {
    const row = await statements.versionOf(q, id, version)
    const isTheirs = row?.author_id === orgId || folder.shown.includes(version)
    if (row === undefined || !isTheirs) continue
    const shown = canonicalJson({ version, sha256: row.sha256, text: row.body })
    yield isFirst ? shown : `,\n${shown}`
    isFirst = false
  }
}

/** As many as the folder has: what was said since may name versions that are not listed. */
const statementsOf = async function* (
  q: Querier,
  { id, folder }: Agreement,
): AsyncGenerator<string> {
  for (let after = 0; after < folder.seq;) {
    const limit = Math.min(page, folder.seq - after)
    const rows = await statements.statementsOf(q, id, { after, limit })
    for (const { seq, envelope } of rows) yield seq === 1 ? envelope : `,\n${envelope}`
    after = rows.at(-1)?.seq ?? folder.seq
  }
}

export interface SignatureShown {
  readonly legalName: string
  readonly person: string
  readonly title: string
  readonly atMs: number
  readonly keyid: string
}

interface Assent {
  readonly person: { readonly name: string; readonly fullName: string; readonly title: string }
}

/** Statements by which people signed, in order. Only this hub wrote them, so they are read and not verified. */
export const signingsIn = async (q: Querier, id: AgreementId) =>
  (await statements.signingsOf(q, id)).map(({ envelope, org_id: orgId, at_ms: atMs }) => {
    // Casts because only this room writes statements.
    const { payload } = JSON.parse(envelope) as { payload: string }
    const { data } = JSON.parse(Buffer.from(payload, 'base64').toString()) as Statement
    return { orgId, atMs, data }
  })

/** Who signed a version, in order. */
export const signaturesOf = async (
  q: Querier,
  id: AgreementId,
  body: AgreementBody,
): Promise<readonly SignatureShown[]> =>
  (await signingsIn(q, id)).flatMap(({ orgId, atMs, data }) => {
    if (data.version !== body.version || data.assent === undefined) return []
    const { person } = JSON.parse(data.assent) as Assent
    const legalName = body.parties.find(({ org }) => org === orgId)?.legalName ?? '?'
    const { fullName, name, title } = person
    return [{ legalName, person: fullName || name, title, atMs, keyid: data.keyid ?? '' }]
  })

/** JSON text of `Evidence` in `formats/agreement/evidence.ts`. */
export const evidenceText = async function* (
  { db, clock, hubSeal }: Pick<AgreementsDeps, 'db' | 'clock' | 'hubSeal'>,
  agreement: Agreement,
  orgId: AccountId,
): AsyncGenerator<string> {
  const { keyid, publicKey } = hubSeal
  const head = {
    format: 'weighhouse.agreement-evidence.v1',
    agreement: agreement.id,
    exportedAt: isoDate(clock.nowMs()),
    seal: { keyid, publicKey },
  }
  yield `${JSON.stringify(head).slice(0, -1)},"versions":[\n`
  yield* versionsFor(db.read, agreement, orgId)
  yield '],"statements":[\n'
  yield* statementsOf(db.read, agreement)
  yield ']}\n'
}
