/** An address that no page has. */
import { NotHere } from '../parts/Failed.tsx'
import { useMe } from '../accounts/me.ts'

export const Lost = () => <NotHere isSignedIn={useMe() != null} />
