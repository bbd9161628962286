/** Writes statements: each sealed by the hub, each naming the one before, each moving the folder on by exactly one step. */
import {
  append,
  type Folder,
  problemOf,
  replay,
  stateOf,
} from '@weighhouse/formats/agreement/folder.ts'
import { hashOf, type Statement, statementType } from '@weighhouse/formats/agreement/statement.ts'
import { makeEnvelope } from '@weighhouse/formats/dsse/envelope.ts'
import { canonicalBytes } from '@weighhouse/formats/json/canonical.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { type Command, type Expectation, keyOf, wasGiven } from './commands.ts'
import type { AgreementsDeps } from './index.ts'
import { endings, startsDuties } from './kinds.ts'
import type { News, Said as Stated } from './news.ts'
import { movePhases } from './phases.ts'
import * as sql from './agreements.sql.ts'
import * as statements from './statements.sql.ts'

/** What somebody says, before it has a place in the chain. */
export interface Said extends Pick<Statement, 'kind' | 'data'> {
  readonly org: AccountId | null
  readonly actor: Statement['actor']
}

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

export interface Step {
  readonly said: Said
  readonly beside?: Beside
}

/** What to say of a folder as it stands. */
export interface Plan {
  /** Whose command it is: a key is its own. */
  readonly by: AccountId | null
  /** The command, where it may have a key. */
  readonly as?: Command
  plan(folder: Folder): Promise<readonly Step[]>
  /** Columns to set with it, also when there is nothing to say. */
  readonly set?: Partial<NewRow<'agreement'>>
}

interface Made extends Stated {
  readonly hash: string
  readonly step: Step
}

/** As many may accept an agreement at one moment. */
export const triesMax = 20

export const makeChain = (
  { db, events, repos, clock, hubSeal, mail }: AgreementsDeps,
  news: News,
) => {
  /** The time of a statement is never before that of the one before, whatever the clock says. */
  const timeAfter = (folder: Folder): string =>
    new Date(Math.max(clock.nowMs(), folder.atMs)).toISOString()

  const nextOf = async (folder: Folder, said: Said) => {
    // The hub's own are bounded by duties, months and limits: no party says so much that it cannot be told to be late.
    const isBound = said.org !== null && !endings.has(said.kind)
    if (folder.seq >= limits.agreementStatementsMax && isBound) {
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
    const next = await append(folder, statement)
    return { statement, before: folder, next, hash: await hashOf(statement) }
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
    shown: folder.shown.length > 0 ? (1 as const) : (0 as const),
    state: stateOf(folder),
    life: folder.life,
    in_force: folder.inForce?.version ?? null,
    seq: folder.seq,
    folder: JSON.stringify(folder),
    updated_at_ms: folder.atMs,
  })

  const tell = (tx: Tx, { agreement, seq, kind, org }: Statement): Promise<void> =>
    events.append(tx, 'agreement_stated', { agreementId: agreement, seq, said: kind, orgId: org })

  /** Each naming the one before; nothing is written yet. */
  const chained = async (folder: Folder, steps: readonly Step[]): Promise<readonly Made[]> => {
    const made: Made[] = []
    for (const step of steps) {
      made.push({ ...(await nextOf(made.at(-1)?.next ?? folder, step.said)), step })
    }
    return made
  }

  const columnsOf = async (
    tx: Tx,
    made: readonly Made[],
  ): Promise<Partial<NewRow<'agreement'>>> => {
    const columns: Partial<NewRow<'agreement'>> = {}
    for (const { step, statement, next } of made) {
      // Who signs alone starts nothing.
      const isInForce = next.inForce !== undefined
      if (isInForce && startsDuties.has(statement.kind)) columns.duties_ms = next.atMs
      Object.assign(columns, await step.beside?.(tx, next))
    }
    return columns
  }

  const sayOnce = async (
    ctx: Ctx,
    row: Row<'agreement'>,
    { by, as, plan, set = {} }: Plan,
    { seq, key }: Expectation,
  ): Promise<Folder> => {
    const folder = folderOf(row)
    const commandKey = keyOf(by, key)
    if (await wasGiven(db.read, row.id, { commandKey, as })) return folder
    if (seq !== undefined && seq !== folder.seq) throw moved()
    const made = await chained(folder, await plan(folder))
    if (made.length === 0 && Object.keys(set).length === 0) return folder
    const next = made.at(-1)?.next ?? folder
    const letters = await news(row, made)
    await db.tx(async (q, after) => {
      // First of all, as events are written in any case: an authority or a party that ends at this moment ends before this, or after.
      await db.flavor.lockEvents(q)
      const tx = { q, after, ctx }
      if (await wasGiven(q, row.id, { commandKey, as })) return
      const to = { ...projectionOf(next), ...(await columnsOf(tx, made)), ...set }
      if (!(await sql.moveAgreement(q, { id: row.id, seq: folder.seq }, to))) throw moved()
      await movePhases(q, folder, next)
      if (folder.life !== next.life || folder.inForce !== next.inForce) {
        // What was given out under it is looked at again.
        for (const repoId of await sql.reposOf(q, row.id)) await repos.raiseEpoch(q, repoId)
      }
      for (const [i, one] of made.entries()) {
        await statements.insertStatement(q, rowOf(one, i === 0 ? commandKey : undefined))
        await tell(tx, one.statement)
      }
      for (const letter of letters) await mail.post(tx, letter)
    })
    return next
  }

  const sayAll = async (
    ctx: Ctx,
    row: Row<'agreement'>,
    plan: Plan,
    at: Expectation = {},
  ): Promise<Folder> => {
    let current = row
    for (let tries = 1; ; tries += 1) {
      try {
        return await sayOnce(ctx, current, plan, at)
      } catch (error) {
        const isLate = isHubError(error, 'conflict') && error.details['reason'] === movedReason
        if (!isLate || at.seq !== undefined || tries === triesMax) throw error
        current = (await sql.agreementById(db.read, row.id)) ?? row
      }
    }
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
          duties_ms: null,
          tell_ms: null,
          created_at_ms: made.next.atMs,
          ...projectionOf(made.next),
        })
        await beside(tx)
        await movePhases(q, undefined, made.next)
        await statements.insertStatement(q, rowOf(made, undefined))
        await tell(tx, made.statement)
      })
      return made.next
    },

    /**
     * One more statement. `beside` runs in the same transaction with the folder as it is then, and may answer columns to set; it may run
     * again, since who names no state wants it done on whatever there is. Errors: `conflict` when it may not be said, or somebody was
     * faster.
     */
    async say(
      ctx: Ctx,
      row: Row<'agreement'>,
      said: Said,
      at: Expectation = {},
      beside: Beside = async () => {},
    ): Promise<Folder> {
      const plan = () => Promise.resolve([{ said, beside }])
      return sayAll(ctx, row, { by: said.org, as: { ...said, kinds: [said.kind] }, plan }, at)
    },

    /**
     * Several statements in one transaction, or none. The plan is made anew, from the folder as it is then, when somebody was faster.
     * Errors: as `say`.
     */
    sayAll,
  }
}

export type Chain = ReturnType<typeof makeChain>
