/**
 * Slow hashes of passwords, off the main thread and behind everything else: whoever signs in can wait a moment, whoever downloads should
 * not notice. Driver: `derive/threads`.
 */

/** What scrypt costs (RFC 7914): memory is 128·N·r bytes. */
export interface DeriveCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

export interface Derive extends AsyncDisposable {
  /** How many run at once; callers beyond that wait for each other in vain, so they should not call. */
  readonly atOnce: number
  /** 32 bytes. Rejects when the computer failed. */
  scrypt(password: string, salt: Uint8Array, cost: DeriveCost): Promise<Uint8Array>
}
