/** Which account a provider's person is: found, made, linked, and brought up to date with their groups. */
import type { Querier } from '#db/flavor.ts'
import type { Account } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError, isHubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { SsoDeps } from './index.ts'
import { namesFor, type Person, type Refuse } from './people.ts'
import { methodOf, settingsOf } from './providers.ts'
import { applyRules, type Given, nothing, wantedBy } from './rules.ts'
import * as sql from './sso.sql.ts'

export interface SsoAccounts {
  /** Of somebody who signs in. Errors: `unauthenticated`. */
  accountOf(ctx: Ctx, row: sql.ProviderRow, person: Person): Promise<Account>
  /** Makes the person the account's. Errors: `unauthenticated`, `exists`. */
  link(ctx: Ctx, row: sql.ProviderRow, person: Person, accountId: AccountId): Promise<Account>
  /** Throws unless the provider is still what it was when the person came from it. Inside the transaction that believes it. */
  confirm(q: Querier, row: sql.ProviderRow): Promise<void>
  /** Groups become roles, in one transaction with what is remembered of them. Errors: `conflict`. */
  update(ctx: Ctx, row: sql.ProviderRow, person: Person, account: Account): Promise<void>
}

export const refusing =
  (row: sql.ProviderRow): Refuse =>
  (reason, message, cause) =>
    new HubError(
      'unauthenticated',
      message,
      { action: methodOf(row), reason: `sso_${reason}` },
      cause,
    )

export const makeSsoAccounts = (deps: SsoDeps): SsoAccounts => {
  const { db, events, identity, clock, systemCtx } = deps

  const confirm = async (q: Querier, row: sql.ProviderRow): Promise<void> => {
    // Whoever sets the provider goes before this or after it.
    await db.flavor.lockEvents(q)
    const now = await sql.providerByName(q, row.name)
    if (now?.id === row.id && now.issuer === row.issuer && now.disabled_at_ms === null) return
    throw refusing(row)(
      'provider_changed',
      `${row.name} was changed while you were there. Begin again.`,
    )
  }

  const newIdentity = (row: sql.ProviderRow, person: Person, accountId: AccountId) => ({
    provider_id: row.id,
    subject: person.subject,
    account_id: accountId,
    email: person.email ?? null,
    given: JSON.stringify(nothing),
    created_at_ms: clock.nowMs(),
    used_at_ms: null,
  })

  /** A new account under the first name that is free; no account that is there already is ever taken. */
  const enrol = async (ctx: Ctx, row: sql.ProviderRow, person: Person): Promise<Account> => {
    const { fullName, email } = person
    const card = {
      ...(fullName === undefined ? {} : { fullName }),
      // Others may trust what stands there, so only what a provider of the hub has seen proved.
      ...(email !== undefined && person.isEmailVerified && row.org_id === null ? { email } : {}),
    }
    for (const name of namesFor(person)) {
      try {
        return await identity.enrol(ctx, { name, ...card }, async (tx, id) => {
          await confirm(tx.q, row)
          await sql.insertIdentity(tx.q, newIdentity(row, person, id))
          const payload = { providerId: row.id, accountId: id }
          await events.append(tx, 'sso_identity_linked', payload)
        })
      } catch (error) {
        if (!isHubError(error, 'exists') && !isHubError(error, 'invalid')) throw error
      }
    }
    throw refusing(row)('no_free_name', 'No name is free for you here. Ask an administrator.')
  }

  /**
   * An account that the directory of the provider's own organisation made for this person. The two are run by the same people, who could sign
   * in as it in any case; nobody else's account is found this way.
   */
  const provisionedAs = async (
    row: sql.ProviderRow,
    { userName, email }: Person,
  ): Promise<AccountId | undefined> => {
    const names = [userName, email].filter((name) => name !== undefined)
    return row.org_id === null ? undefined : deps.provisioning.managedAs(row.org_id, names)
  }

  const accountOf = async (ctx: Ctx, row: sql.ProviderRow, person: Person): Promise<Account> => {
    const known = await sql.identityOf(db.read, row.id, person.subject)
    const provisioned = known === undefined ? await provisionedAs(row, person) : undefined
    if (provisioned !== undefined) return link(ctx, row, person, provisioned)
    if (known === undefined && settingsOf(row).createsAccounts) {
      return enrol(ctx, row, person).catch((error: unknown) => {
        // The same person came twice at once, and the other one was quicker.
        if (db.flavor.isUniqueViolation(error)) return accountOf(ctx, row, person)
        throw error
      })
    }
    const account = known === undefined ? undefined : await identity.get(known.account_id)
    const refuse = refusing(row)
    if (account === undefined) {
      throw refuse(
        'unknown_person',
        `No account here belongs to who you are at ${row.name}. Sign in another way and link it, or ask an administrator for an account.`,
      )
    }
    if (account.isDisabled) {
      throw refuse('account_disabled', 'Your account here is disabled. Ask an administrator.')
    }
    if (row.org_id !== null && account.isAdmin) {
      throw refuse(
        'admin_by_organisation',
        'Administrators of the hub do not sign in by an organisation’s provider. Sign in another way.',
      )
    }
    return account
  }

  const update = async (
    ctx: Ctx,
    row: sql.ProviderRow,
    person: Person,
    account: Account,
  ): Promise<void> => {
    const { rules } = settingsOf(row)
    const wanted = await wantedBy(identity, { rules, orgId: row.org_id }, person.groups)
    const { actor } = systemCtx(`single sign-on by ${row.name}`)
    await db.tx(async (q, after) => {
      await confirm(q, row)
      const known = await sql.identityOf(q, row.id, person.subject)
      if (known?.account_id !== account.id) {
        throw new HubError('conflict', 'This link was changed a moment ago. Sign in again.')
      }
      // A cast because only this room writes the column.
      const before = JSON.parse(known.given) as Given
      const tx = { q, after, ctx: { ...ctx, actor } }
      const given = await applyRules(deps, tx, account, { wanted, before })
      await sql.updateIdentity(q, known, {
        email: person.email ?? null,
        given: JSON.stringify(given),
        used_at_ms: clock.nowMs(),
      })
    })
  }

  const link = async (
    ctx: Ctx,
    row: sql.ProviderRow,
    person: Person,
    accountId: AccountId,
  ): Promise<Account> => {
    const account = await identity.get(accountId)
    const refuse = refusing(row)
    if (account === undefined) throw refuse('account_disabled', 'Your account is gone.')
    if (row.org_id !== null && account.isAdmin) {
      throw refuse(
        'admin_by_organisation',
        'An administrator of the hub links no organisation’s provider: who runs it could then act for the hub.',
      )
    }
    await db.tx(async (q, after) => {
      await confirm(q, row)
      const known = await sql.identityOf(q, row.id, person.subject)
      if (known?.account_id === account.id) return
      if (known !== undefined || (await sql.identityFor(q, row.id, account.id)) !== undefined) {
        throw new HubError(
          'exists',
          known === undefined
            ? `Your account is linked to somebody else at ${row.name} already.`
            : `Who you are at ${row.name} belongs to another account here.`,
        )
      }
      await sql.insertIdentity(q, newIdentity(row, person, account.id))
      const payload = { providerId: row.id, accountId: account.id }
      await events.append({ q, after, ctx }, 'sso_identity_linked', payload)
    })
    return account
  }

  return { accountOf, link, confirm, update }
}
