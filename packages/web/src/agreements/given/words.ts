/** What is said to those who use what was agreed. */

/** `dora`, `dora or eli`, `dora, eli or fay` */
export const anyOf = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/** Whom to ask for a grant. */
export const askWords = ({
  org,
  administrators,
}: {
  readonly org: string
  readonly administrators: readonly string[]
}): string =>
  administrators.length === 0
    ? `${org} has not let you use it. Nobody administers ${org} at present: ask the administrator of this hub.`
    : `${org} has not let you use it. Ask ${anyOf(administrators)} to give you access.`
