/** Names on the hub for people and teams whom a directory names in its own way. */

const accountCharsMax = 42
const teamCharsMax = 64

/** `Büro.Ann@example.com` → `Buro.Ann`: letters without their marks, the rest as a hyphen, the part before the `@`. */
export const accountNameOf = (userName: string): string => {
  const local = userName.replace(/@[^@]*$/, '') || userName
  const plain = local
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replaceAll(/[.-]{2,}/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(0, accountCharsMax)
    .replaceAll(/[.-]+$/g, '')
  return plain.length < 2 || /^\d+$/.test(plain) ? `user-${plain || 'x'}` : plain
}

/** The name itself, then with 2, 3, …; then with what chance says, which is free. */
export const candidates = function* (name: string, tail: () => string): Generator<string> {
  const withTail = (end: string): string =>
    `${name.slice(0, accountCharsMax - 1 - end.length).replaceAll(/[.-]+$/g, '')}-${end}`
  yield name
  for (let number = 2; number <= 9; number += 1) yield withTail(String(number))
  for (let tries = 0; tries < 5; tries += 1) yield withTail(tail())
}

/** What a team may be called, as near to the group's name as it goes. */
export const teamNameOf = (displayName: string): string => {
  const plain = displayName
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9 _.-]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, teamCharsMax)
    .replaceAll(/[^A-Za-z0-9]+$/g, '')
  return plain || 'group'
}
