/** What the statements of an agreement tell of it. */
import type { PartyRole } from './statement.ts'

/** Where the talk about a version stands. */
export type Talk =
  | 'none'
  | 'draft'
  | 'proposed'
  | 'countered'
  | 'agreed'
  | 'signing'
  | 'rejected'
  | 'withdrawn'
  | 'lapsed'

/** Where the agreement itself stands; `none` until all have signed. */
export type Life = 'none' | 'scheduled' | 'active' | 'suspended' | 'closing' | 'closed'

export interface Folder {
  readonly agreement: string
  readonly seq: number
  /** Of the last statement. */
  readonly head: string | null
  readonly atMs: number
  readonly parties: readonly {
    readonly org: string
    readonly name: string
    readonly role: PartyRole
  }[]
  /** The party that began it. */
  readonly createdBy: string | null
  readonly talk: Talk
  readonly life: Life
  /** The version that is talked about, who wrote it, and who said yes to exactly these bytes. */
  readonly candidate:
    | {
        readonly version: number
        readonly sha256: string
        readonly author: string
        readonly agreedBy: readonly string[]
        readonly signedBy: readonly string[]
        /** Where two people of each party sign: who did first. */
        readonly firstSignedBy?: readonly { readonly org: string; readonly person: string }[]
      }
    | undefined
  /** The newest version that all have signed. */
  readonly inForce: { readonly version: number; readonly sha256: string } | undefined
  readonly lastVersion: number
  /** Versions that were put on the table: the others are their author's alone. */
  readonly shown: readonly number[]
  readonly suspendedBy: string | null | undefined
  /** Suspended before its first day: it goes back to waiting for that. */
  readonly wasScheduled?: true | undefined
  /** Resumed before its first day, which has not come since. */
  readonly isResumedEarly?: true | undefined
  /** Somebody has said that they end it, and when that takes effect. */
  readonly notice?: { readonly by: string; readonly untilMs: number } | undefined
  readonly ended: 'expired' | 'terminated' | 'rescinded' | undefined
  /** Who said that they want it undone, as if it had not been signed. */
  readonly rescindedBy: readonly string[]
}
