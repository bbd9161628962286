/**
 * The closed vocabulary of refusals. Core throws HubError; each door renders it once, by a table that only compiles
 * when every code has an entry. No status numbers and no protocol words here.
 */

export const hubErrorCodes = [
  'unauthenticated', // a credential was sent and is not valid, or the act needs one and none was sent
  'permission_denied', // known actor, may see the target, may not do this
  'proof_needed', // signed in, and must prove again who they are before an act as grave as this
  'agreement_required', // an agreement is in the way, or missing (details.reason, agreement, clause, needed, actual, who)
  'quota_exhausted', // an agreement is used up (details as of agreement_required)
  'gated', // may see the repo, and needs an accepted request for its content (details.reason, type, path)
  'approval_needed', // written down, and done when a second person agrees (details.pendingActId)
  'licence_blocked', // what it was made from does not let it be shown to others (details.rule, parent, licence, expression, name)
  'repo_not_found', // missing, or hidden from this actor: the two are never told apart
  'repo_disabled', // taken out of service by an administrator
  'revision_not_found',
  'entry_not_found',
  'account_not_found',
  'exists', // the name is taken
  'ref_moved', // compare-and-swap lost: the ref is not where the caller thought
  'content_missing', // named by hash, but this repo has no link to such content
  'digest_mismatch',
  'length_mismatch',
  'range_unsatisfiable',
  'invalid', // the request does not parse or breaks a documented rule
  'invalid_path', // a file path that no repo may hold
  'invalid_card', // the README's metadata does not hold
  'too_large', // over a named limit
  'too_many', // more items than a named limit
  'quota_exceeded',
  'conflict', // true now, may be false on the next try
  'not_supported', // understood, and not offered (yet)
  'rate_limited',
  'busy', // try again shortly
  'storage_full', // no room on the disk
  'unavailable', // a part the hub needs does not answer
] as const

export type HubErrorCode = (typeof hubErrorCodes)[number]

/** Facts a door may render beside the message. Keys are stable; values are plain data. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * A refusal. `message` says what was expected, what was found and what to do next, in one or two sentences that may be
 * shown to the caller as they are.
 */
export class HubError extends Error {
  readonly code: HubErrorCode
  readonly details: ErrorDetails

  constructor(code: HubErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'HubError'
    this.code = code
    this.details = details
  }
}

/** Narrows an unknown thrown value to a HubError, optionally of one code. */
export const isHubError = (value: unknown, code?: HubErrorCode): value is HubError =>
  value instanceof HubError && (code === undefined || value.code === code)

/** A programmer's mistake, not a caller's: caught only at the outermost boundary. */
export function assert(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${claim}`)
}

/** Makes a `switch` over a closed union exhaustive at compile time. */
export const unreachable = (value: never): never => {
  throw new Error(`assertion failed: unexpected ${String(value)}`)
}
