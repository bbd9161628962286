/** Writes statements: each sealed by the hub, each naming the one before, each moving the folder on by exactly one step. */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto'
import {
  append,
  type Folder,
  problemOf,
  replay,
  stateOf,
} from '@weighhouse/formats/agreement/folder.ts'
import { hashOf, type Statement, statementType } from '@weighhouse/formats/agreement/statement.ts'
import { makeEnvelope, signedBytes } from '@weighhouse/formats/dsse/envelope.ts'
import { canonicalBytes } from '@weighhouse/formats/json/canonical.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './agreements.sql.ts'

/** What somebody says, before it has a place in the chain. */
export interface Said extends Pick<Statement, 'kind' | 'data'> {
  readonly org: AccountId | null
  readonly actor: Statement['actor']
}

/** How a caller names the state it saw and the command it gives: both optional, both kept. */
export interface Expectation {
  /** The number of the last statement the caller has seen. */
  readonly seq?: number
  /** The same key again does nothing and answers what is there. */
  readonly key?: string
}

/** The hub's own key, for statements: derived from its secret, so that it is the same on every instance. */
export const makeHubSeal = (hubKey: Buffer) => {
  const seed = Buffer.from(hkdfSync('sha256', hubKey, '', 'weighhouse hub seal v1', 32))
  const der = Buffer.from(`302e020100300506032b657004220420${seed.toString('hex')}`, 'hex')
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = String(createPublicKey(key).export({ format: 'jwk' }).x)
  const keyid = createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex')
  return {
    publicKey,
    keyid,
    sign: (payloadType: string, payload: Uint8Array) => ({
      keyid,
      signature: sign(null, signedBytes(payloadType, payload), key),
    }),
  }
}

export type HubSeal = ReturnType<typeof makeHubSeal>

// A cast because only this room writes the column.
export const folderOf = (row: Pick<Row<'agreement'>, 'folder'>): Folder =>
  JSON.parse(row.folder) as Folder

/** To everybody but its parties, and, until a version was put on the table, to all but its author. */
export const isHidden = ({ createdBy, parties, shown }: Folder, orgId: string): boolean =>
  !parties.some(({ org }) => org === orgId) || (shown.length === 0 && createdBy !== orgId)

export const noAgreement = (): HubError =>
  new HubError('entry_not_found', 'There is no such agreement, or it is none of yours.')

const movedReason = 'agreement_moved'

const moved = (): HubError =>
  new HubError(
    'conflict',
    'Somebody else did something with this agreement in the meantime. Look at it again, then repeat.',
    { reason: movedReason },
  )

type Beside = (tx: Tx, next: Folder) => Promise<Partial<NewRow<'agreement'>> | void>

/** What ends an agreement is said however much was said before. */
const endings: ReadonlySet<Said['kind']> = new Set([
  'withdrawn',
  'rejected',
  'lapsed',
  'suspended',
  'terminated',
  'rescinded',
  'expired',
  'closed',
  'grant_ended',
])

/** As many may accept an agreement at one moment. */
const triesMax = 20

export const makeChain = ({ db, events, repos, clock, hubSeal }: AgreementsDeps) => {
  /** The time of a statement is never before that of the one before, whatever the clock says. */
  const timeAfter = (folder: Folder): string =>
    new Date(Math.max(clock.nowMs(), folder.atMs)).toISOString()

  const nextOf = async (folder: Folder, said: Said) => {
    if (folder.seq >= limits.agreementStatementsMax && !endings.has(said.kind)) {
      const most = limits.agreementStatementsMax
      throw new HubError(
        'too_many',
        `${most} statements were made about this agreement. Begin a new one.`,
      )
    }
    const problem = problemOf(folder, said)
    if (problem !== undefined) {
      throw new HubError('conflict', `This cannot be done now: ${problem}.`, {
        reason: 'agreement_state',
        state: stateOf(folder),
      })
    }
    const statement: Statement = {
      format: 'weighhouse.agreement-event.v1',
      agreement: folder.agreement,
      seq: folder.seq + 1,
      prev: folder.head,
      at: timeAfter(folder),
      ...said,
    }
    return { statement, next: await append(folder, statement), hash: await hashOf(statement) }
  }

  const rowOf = (
    { statement, hash }: { statement: Statement; hash: string },
    key: string | undefined,
  ): NewRow<'agreement_statement'> => {
    const payload = canonicalBytes(statement)
    const seal = hubSeal.sign(statementType, payload)
    return {
      // Casts because ids travel as text in statements.
      agreement_id: statement.agreement as AgreementId,
      seq: statement.seq,
      kind: statement.kind,
      org_id: statement.org as AccountId | null,
      at_ms: Date.parse(statement.at),
      hash,
      envelope: JSON.stringify(makeEnvelope(statementType, payload, [seal])),
      command_key: key ?? null,
    }
  }

  const projectionOf = (folder: Folder) => ({
    state: stateOf(folder),
    life: folder.life,
    in_force: folder.inForce?.version ?? null,
    seq: folder.seq,
    folder: JSON.stringify(folder),
    updated_at_ms: folder.atMs,
  })

  const tell = (tx: Tx, { agreement, seq, kind, org }: Statement): Promise<void> =>
    events.append(tx, 'agreement_stated', { agreementId: agreement, seq, said: kind, orgId: org })

  const sayOnce = async (
    ctx: Ctx,
    row: Row<'agreement'>,
    said: Said,
    { at: { seq, key }, beside }: { at: Expectation; beside: Beside },
  ): Promise<Folder> => {
    const folder = folderOf(row)
    const commandKey = key === undefined ? undefined : `${said.org ?? ''}:${key}`
    if (commandKey !== undefined && (await sql.commandOf(db.read, row.id, commandKey)))
      return folder
    if (seq !== undefined && seq !== folder.seq) throw moved()
    const made = await nextOf(folder, said)
    await db.tx(async (q, after) => {
      const tx = { q, after, ctx }
      if (commandKey !== undefined && (await sql.commandOf(q, row.id, commandKey))) return
      const more = (await beside(tx, made.next)) ?? {}
      const to = { ...projectionOf(made.next), ...more }
      if (!(await sql.moveAgreement(q, { id: row.id, seq: folder.seq }, to))) throw moved()
      await sql.insertStatement(q, rowOf(made, commandKey))
      if (folder.life !== made.next.life || folder.inForce !== made.next.inForce) {
        // What was given out under it is looked at again.
        for (const repoId of await sql.reposOf(q, row.id)) await repos.raiseEpoch(q, repoId)
      }
      await tell(tx, made.statement)
    })
    return made.next
  }

  return {
    /** The first statement and the row it stands in. `beside` runs in the same transaction. */
    async begin(
      ctx: Ctx,
      {
        id,
        said,
        title,
        templateId,
        begunBy,
      }: { id: AgreementId; said: Said; title: string; templateId: string; begunBy: AccountId },
      beside: (tx: Tx) => Promise<void>,
    ): Promise<Folder> {
      const made = await nextOf(await replay(id, []), said)
      await db.tx(async (q, after) => {
        const tx = { q, after, ctx }
        await sql.insertAgreement(q, {
          id,
          title,
          template_id: templateId,
          begun_by: begunBy,
          from_ms: null,
          to_ms: null,
          offer_until_ms: null,
          created_at_ms: made.next.atMs,
          ...projectionOf(made.next),
        })
        await beside(tx)
        await sql.insertStatement(q, rowOf(made, undefined))
        await tell(tx, made.statement)
      })
      return made.next
    },

    /** What a party's command of this key said when it came first. */
    async earlier(
      id: AgreementId,
      org: AccountId,
      key: string | undefined,
    ): Promise<Statement | undefined> {
      const row = key === undefined ? undefined : await sql.commandOf(db.read, id, `${org}:${key}`)
      if (row === undefined) return undefined
      // Casts because only this room writes the column, envelopes of statements.
      const { payload } = JSON.parse(row.envelope) as { payload: string }
      return JSON.parse(Buffer.from(payload, 'base64').toString()) as Statement
    },

    /**
     * One more statement. `beside` runs in the same transaction with the folder as it is then, and may answer columns to set; it may run again,
     * since who names no state wants it done on whatever there is. Errors: `conflict` when it may not be said, or somebody was faster.
     */
    async say(
      ctx: Ctx,
      row: Row<'agreement'>,
      said: Said,
      at: Expectation = {},
      beside: Beside = async () => {},
    ): Promise<Folder> {
      let current = row
      for (let tries = 1; ; tries += 1) {
        try {
          return await sayOnce(ctx, current, said, { at, beside })
        } catch (error) {
          const isLate = isHubError(error, 'conflict') && error.details['reason'] === movedReason
          if (!isLate || at.seq !== undefined || tries === triesMax) throw error
          current = (await sql.agreementById(db.read, row.id)) ?? row
        }
      }
    },
  }
}

export type Chain = ReturnType<typeof makeChain>
