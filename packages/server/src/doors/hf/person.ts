/** People and organisations as the clients read them. */

/** Where the picture of an account is: drawn from its name, so that nothing has to be looked up. */
export const avatarUrlOf = (name: string): string =>
  `/avatars/${encodeURIComponent(name.toLowerCase())}.svg`

export interface Person {
  readonly id: string
  readonly kind: 'user' | 'org'
  readonly name: string
  readonly fullName: string
}

/** As lists name somebody. Newer clients pass members on as they come. */
export const personJson = ({ id, kind, name, fullName }: Person) => ({
  _id: id,
  user: name,
  fullname: fullName,
  avatarUrl: avatarUrlOf(name),
  isPro: false,
  type: kind,
})
