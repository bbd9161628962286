/** What a caller and the one who computes say to each other. Plain values and typed arrays only: they cross threads. */
import type { ComputeErrorKind, DecodePlan } from '#core/ports/compute.ts'

export type Plan =
  | { readonly kind: 'verifyXorb' }
  | { readonly kind: 'decode'; readonly plan: DecodePlan }
  | { readonly kind: 'cut' }
  | { readonly kind: 'hashFile' }
  | { readonly kind: 'scanShard'; readonly shardBytes: number }
  | { readonly kind: 'tellChunks'; readonly key: Uint8Array }

/**
 * A `push` and a `finish` are answered once each, in order. After an answer that failed, or that of `finish`, the work is forgotten, and
 * whatever is still said about it has no answer.
 */
export type Ask =
  | { readonly kind: 'open'; readonly workId: number; readonly plan: Plan }
  | { readonly kind: 'push'; readonly workId: number; readonly batch: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'finish'; readonly workId: number }
  | { readonly kind: 'forget'; readonly workId: number }

export type Answer =
  | {
      readonly workId: number
      readonly isFailed: false
      readonly value: unknown
      /** The batch's memory, for the next one. */
      readonly spent: ArrayBuffer | undefined
    }
  | {
      readonly workId: number
      readonly isFailed: true
      readonly kind: ComputeErrorKind
      readonly message: string
    }
