/** What is read again after something changed about an organisation as a party: agreements name it. */

export const stale = [['party'], ['agreements']] as const
