/** What one download would use of what an agreement counts: whose, under which key, in which period. */
import type { Operand } from '@weighhouse/formats/terms/vocabulary.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import type { Metered, ReadPermit } from '../policy/index.ts'
import { noAgreement } from './chain.ts'
import type { Drafts } from './draft.ts'
import type { AgreementsDeps } from './index.ts'
import * as sql from './agreements.sql.ts'

/** One file, by a name of its content, or several at once. */
export interface Fetched {
  readonly content: string
  readonly sizeBytes: number
  readonly files?: number
}

/** Found out only where something counts it. */
export type FetchedLater = () => Promise<Fetched>

/** The period of what is counted over all time. */
export const allTime = 'all'

export type Amounts = Readonly<Partial<Record<Operand, number>>>

export interface Use {
  readonly agreementId: AgreementId
  readonly key: string
  readonly by: Metered
  readonly accountId: AccountId
  readonly period: string
  /** Of the agreement's time zone. */
  readonly month: string
  readonly amounts: Amounts
}

/** With all that is counted of it. */
interface Download extends Use {
  readonly amounts: Readonly<Record<'downloadsTotal' | 'bytesTotal', number>>
}

/** Days are those of the agreement. */
const dayOf = (atMs: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timezone).toPlainDate().toString()

const monthIn = (day: string): string => day.slice(0, 7)

/** Undefined where nothing counts it. */
export const makeDownloadOf =
  ({ db, clock }: Pick<AgreementsDeps, 'db' | 'clock'>, drafts: Drafts) =>
  async (permit: ReadPermit, file: Fetched | FetchedLater): Promise<Download | undefined> => {
    const { reading } = permit.repo
    const accountId = actorIdOf(permit.actor)
    if (!reading.allowed || reading.agreement === undefined || accountId === undefined) {
      return undefined
    }
    const { agreement: agreementId, metered: by } = reading
    if (by === undefined) return undefined
    const { content, sizeBytes, files = 1 } = typeof file === 'function' ? await file() : file
    const row = await sql.agreementById(db.read, agreementId)
    if (row?.in_force == null) throw noAgreement()
    const { timezone } = await drafts.read(row, row.in_force)
    const day = dayOf(clock.nowMs(), timezone)
    const key = [by.orgId, accountId, permit.repo.id, content, day]
    return {
      agreementId,
      key: `download:${key.join(':')}`,
      by,
      accountId,
      period: allTime,
      month: monthIn(day),
      amounts: { downloadsTotal: files, bytesTotal: sizeBytes },
    }
  }
