/** Names that this room gives. */
import { HubError } from '../kernel/errors.ts'

const form = /^[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}[A-Za-z0-9]?$/

/** Errors: `invalid` for what cannot be the name of a team or resource group. */
export const refuseGroupName = (word: 'team' | 'resource group', name: string): void => {
  if (form.test(name)) return
  throw new HubError(
    'invalid',
    `A ${word} is named by 1 to 64 letters, digits, spaces, "-", "_" and ".", found "${name.slice(0, 100)}".`,
  )
}
