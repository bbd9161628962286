/** What an app is told of a person: in ID tokens and by `/oauth/userinfo`, in the words of OpenID Connect and of Hugging Face clients. */
import type { Account, OauthScope } from '#core/hub.ts'
import type { Door } from '../kit/context.ts'

/** Undefined scopes: everything. */
export const claimsOf = async (
  { hub: { identity } }: Door,
  account: Account,
  { base, scopes }: { base: string; scopes: readonly OauthScope[] | undefined },
): Promise<Record<string, unknown>> => {
  const has = (scope: OauthScope): boolean => scopes === undefined || scopes.includes(scope)
  const orgs = has('read-memberships') ? await identity.memberships(account.id) : undefined
  const pictureOf = (name: string): string => `${base}/avatars/${name}.svg`
  return {
    sub: account.id,
    ...(has('profile') && {
      name: account.fullName,
      preferred_username: account.name,
      profile: `${base}/${account.name}`,
      picture: pictureOf(account.name),
      ...(account.website !== undefined && { website: account.website }),
      isPro: false,
    }),
    // Only administrators of the hub write addresses, so none is unverified.
    ...(has('email') &&
      account.email !== undefined && { email: account.email, email_verified: true }),
    ...(orgs !== undefined && {
      orgs: orgs.map(({ orgId, orgName, orgFullName, role }) => ({
        sub: orgId,
        name: orgFullName,
        preferred_username: orgName,
        picture: pictureOf(orgName),
        isEnterprise: false,
        roleInOrg: role,
      })),
    }),
  }
}
