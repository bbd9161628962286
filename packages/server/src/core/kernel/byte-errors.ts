/** The byte store's own errors, in the hub's words. */
import { ByteStoreError, type ByteStoreErrorKind } from '../ports/byte-store.ts'
import { HubError, type HubErrorCode } from './errors.ts'

const codes: Record<ByteStoreErrorKind, HubErrorCode> = {
  // A link promised bytes that are not there: damage, which is the hub's and not the caller's.
  missing: 'unavailable',
  precondition: 'length_mismatch',
  full: 'storage_full',
  transient: 'busy',
  permanent: 'unavailable',
}

/** Waits for work on a byte store; its refusals become the hub's. */
export const translate = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ByteStoreError)) throw error
    throw new HubError(codes[error.kind], error.message, {}, error)
  }
}
