/** Commands that may come twice: a key names one of them, so that repeating it does nothing, and another one with it is told. */
import type { Statement, StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Querier } from '#db/flavor.ts'
import { assert, HubError } from '../kernel/errors.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import * as statements from './statements.sql.ts'

/** How a caller names the state it saw and the command it gives: both optional, both kept. */
export interface Expectation {
  /** The number of the last statement the caller has seen. */
  readonly seq?: number
  /** The same key again does nothing and answers what is there. */
  readonly key?: string
}

/** What tells a repeated command from another one that was given the same key. What is absent is not compared. */
export interface Command extends Pick<Statement, 'actor'> {
  /** Any of them. */
  readonly kinds: readonly StatementKind[]
  readonly data?: Pick<Statement['data'], 'subject' | 'code' | 'version'>
}

// A cast because only this room writes the column, envelopes of statements.
const statementIn = ({ envelope }: { envelope: string }): Statement => {
  const { payload } = JSON.parse(envelope) as { payload: string }
  return JSON.parse(Buffer.from(payload, 'base64').toString()) as Statement
}

const compared = ['subject', 'code', 'version'] as const

/** Errors: `conflict` where a key names another command: silence would leave it undone. */
const refuseOther = (before: Statement, { kinds, actor, data = {} }: Command): void => {
  const isSame =
    kinds.includes(before.kind) &&
    before.actor?.id === actor?.id &&
    compared.every((name) => data[name] === undefined || before.data[name] === data[name])
  if (isSame) return
  throw new HubError(
    'conflict',
    `The key of this command was given to another one, "${before.kind}". Nothing was done: repeat it with a key of its own.`,
    { reason: 'key_taken', kind: before.kind },
  )
}

/** As it is stored: a key is a party's own. */
export const keyOf = (by: AccountId | null, key: string | undefined): string | undefined =>
  key === undefined ? undefined : `${by ?? ''}:${key}`

/** What a command of this key said when it came first. Errors: `conflict` when that was another command. */
const saidBefore = async (
  q: Querier,
  id: AgreementId,
  { commandKey, as }: { commandKey: string | undefined; as: Command | undefined },
): Promise<Statement | undefined> => {
  const row = commandKey === undefined ? undefined : await statements.commandOf(q, id, commandKey)
  if (row === undefined) return undefined
  assert(as !== undefined, 'a command with a key says what it is')
  const before = statementIn(row)
  refuseOther(before, as)
  return before
}

/** Was it given before? Errors: as `earlier`. */
export const wasGiven = async (...asked: Parameters<typeof saidBefore>): Promise<boolean> =>
  (await saidBefore(...asked)) !== undefined

/** What a party's command of this key said when it came first. Errors: `conflict` when that was another command. */
export const earlier = (
  q: Querier,
  id: AgreementId,
  { org, key, as }: { org: AccountId; key: string | undefined; as: Command },
): Promise<Statement | undefined> => saidBefore(q, id, { commandKey: keyOf(org, key), as })
