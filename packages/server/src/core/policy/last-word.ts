/** Who paused or ended an agreement, when, and why: for a refusal that rests on it. */
import type { Envelope } from '@weighhouse/formats/dsse/envelope.ts'
import type { Statement } from '@weighhouse/formats/agreement/statement.ts'
import type { Database } from '#db/connect.ts'
import type { AgreementId } from '../kernel/ids.ts'
import type { AgreementReason, LastWord } from './agreements.ts'
import { type SaidRow, saidLast } from './last-word.sql.ts'

/** The reason is a person's text, and a refusal one line in a header. */
const reasonCharsMax = 200

const kindsBy: Partial<Record<AgreementReason, readonly string[]>> = {
  SUSPENDED: ['suspended'],
  TERMINATED: ['terminated', 'notice_given'],
  RESCINDED: ['rescinded'],
}

/** Is there something to say of it that facts do not hold? */
export const hasLastWord = (reason: AgreementReason): boolean => kindsBy[reason] !== undefined

/** A refusal holds whether or not its story can be read: what is no statement says nothing. */
const dataOf = ({ envelope }: SaidRow): Statement['data'] => {
  try {
    // Casts because only the agreements room writes envelopes, from the same types.
    const { payload } = JSON.parse(envelope) as Envelope
    return (JSON.parse(Buffer.from(payload, 'base64').toString()) as Statement).data
  } catch {
    return {}
  }
}

/** On one line: breaks, marks of direction and what else is not seen become a space. */
const plain = (text: string): string => {
  const line = text.replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ').trim()
  const letters = Array.from(line)
  return letters.length > reasonCharsMax ? `${letters.slice(0, reasonCharsMax).join('')}…` : line
}

/** When the days of a notice are over, the clock ends it: by whom and why was said before. */
const wordOf = ([last, before]: readonly SaidRow[]): LastWord | undefined => {
  if (last === undefined) return undefined
  const isByTime = last.org === null && before?.kind === 'notice_given'
  const told = isByTime ? before : last
  const { reason, until } = dataOf(told)
  const untilMs =
    told.kind === 'notice_given' && until !== undefined ? Date.parse(until) : undefined
  return {
    by: told.org ?? undefined,
    atMs: untilMs ?? last.at_ms,
    reason: reason === undefined ? undefined : plain(reason),
  }
}

export const lastWordOf = async (
  { read }: Database,
  id: AgreementId,
  reason: AgreementReason,
): Promise<LastWord | undefined> => {
  const kinds = kindsBy[reason]
  return kinds === undefined ? undefined : wordOf(await saidLast(read, id, kinds, 2))
}
