/** From a person's groups to roles and places in teams. What a provider gave it takes away again; what others gave it leaves. */
import type { RoleName } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import type { Account, Identity } from '../identity/index.ts'
import { isHubError } from '../kernel/errors.ts'
import type { AccountId, TeamId } from '../kernel/ids.ts'
import type { Organisations } from '../organisations/index.ts'
import { type NamespaceRef, rankOf } from '../policy/index.ts'
import type { SsoRule } from './settings.ts'

/** What one provider gave one person. */
export interface Given {
  readonly orgs: readonly NamespaceRef[]
  readonly teams: readonly { readonly orgId: AccountId; readonly teamId: TeamId }[]
}

export const nothing: Given = { orgs: [], teams: [] }

/** What the rules say of one organisation. */
export interface Wanted {
  readonly org: Account
  readonly role: RoleName | undefined
  readonly teams: readonly string[]
}

const none: { role: RoleName | undefined; teams: string[] } = { role: undefined, teams: [] }

const higherRole = (one: RoleName | undefined, other: RoleName): RoleName =>
  one !== undefined && rankOf(one) >= rankOf(other) ? one : other

/**
 * The highest role and all teams by organisation. Read before the transaction: names of organisations are given once and never again. An
 * organisation's provider is held to that organisation here too, whatever its rules say.
 */
export const wantedBy = async (
  identity: Identity,
  { rules, orgId }: { rules: readonly SsoRule[]; orgId: AccountId | null },
  groups: ReadonlySet<string>,
): Promise<Wanted[]> => {
  const byOrg = new Map<string, { role: RoleName | undefined; teams: string[] }>()
  for (const rule of rules) {
    if (!groups.has(rule.group)) continue
    const key = rule.org.toLowerCase()
    const { role, teams } = byOrg.get(key) ?? none
    byOrg.set(
      key,
      'team' in rule
        ? { role, teams: [...teams, rule.team] }
        : { role: higherRole(role, rule.role), teams },
    )
  }
  const wanted: Wanted[] = []
  for (const [name, what] of byOrg) {
    const org = await identity.find(name)
    if (org?.kind !== 'org' || org.isDisabled || (orgId !== null && org.id !== orgId)) continue
    wanted.push({ org, ...what })
  }
  return wanted
}

export interface RulesDeps {
  readonly identity: Identity
  readonly organisations: Organisations
}

/** The last administrator stays one, which is told to the log and to nobody else: the person is signed in all the same. */
const unlessLast = async (tx: Tx, org: string, change: () => Promise<void>): Promise<boolean> => {
  try {
    await change()
    return true
  } catch (error) {
    // Thrown before anything was written, so the transaction may go on.
    if (!isHubError(error, 'conflict') || error.details['reason'] !== 'last_admin') throw error
    tx.ctx.log.warn({ org }, 'single sign-on left an organisation its only administrator')
    return false
  }
}

const giveRoles = async (
  { identity }: RulesDeps,
  tx: Tx,
  person: Account,
  wanted: readonly Wanted[],
  before: Given,
): Promise<NamespaceRef[]> => {
  const given: NamespaceRef[] = []
  for (const { org, role } of wanted) {
    if (role === undefined) continue
    const current = await identity.roleIn(org.id, person.id, tx.q)
    if (current !== role) {
      const member = { userId: person.id, userName: person.name, role }
      await unlessLast(tx, org.name, () => identity.putMember(tx, org, member))
    }
    // Somebody who was a member before by another's leave stays one when the groups end.
    const isOurs = current === undefined || before.orgs.some(({ id }) => id === org.id)
    if (isOurs) given.push({ id: org.id, name: org.name, kind: org.kind })
  }
  return given
}

const takeRoles = async (
  { identity }: RulesDeps,
  tx: Tx,
  person: Account,
  ended: readonly NamespaceRef[],
): Promise<NamespaceRef[]> => {
  const kept: NamespaceRef[] = []
  for (const org of ended) {
    if ((await identity.roleIn(org.id, person.id, tx.q)) === undefined) continue
    const isGone = await unlessLast(tx, org.name, () => identity.dropMember(tx, org, person))
    if (!isGone) kept.push(org)
  }
  return kept
}

const moveTeams = async (
  { identity, organisations }: RulesDeps,
  tx: Tx,
  person: Account,
  wanted: readonly Wanted[],
  before: Given,
): Promise<Given['teams']> => {
  const given: { orgId: AccountId; teamId: TeamId }[] = []
  const isGiven = (teamId: TeamId) => before.teams.some((one) => one.teamId === teamId)
  for (const { org, teams } of wanted) {
    const isMember = (await identity.roleIn(org.id, person.id, tx.q)) !== undefined
    for (const name of teams) {
      const teamId = await organisations.teamIn(tx.q, org.id, name)
      if (teamId === undefined || !isMember) {
        tx.ctx.log.warn(
          { org: org.name, team: name, isMember },
          'a single sign-on rule gave nothing',
        )
        continue
      }
      const isIn = await organisations.isInTeam(tx.q, teamId, person.id)
      if (!isIn) await organisations.changeTeam(tx, org, teamId, { add: [person.id], remove: [] })
      if (!isIn || isGiven(teamId)) given.push({ orgId: org.id, teamId })
    }
  }
  for (const { orgId, teamId } of before.teams) {
    if (given.some((one) => one.teamId === teamId)) continue
    if (await organisations.isInTeam(tx.q, teamId, person.id)) {
      const change = { add: [], remove: [person.id] }
      await organisations.changeTeam(tx, { id: orgId }, teamId, change)
    }
  }
  return given
}

/** Inside one transaction; answers what the provider gives from now on. */
export const applyRules = async (
  deps: RulesDeps,
  tx: Tx,
  person: Account,
  { wanted, before }: { wanted: readonly Wanted[]; before: Given },
): Promise<Given> => {
  const given = await giveRoles(deps, tx, person, wanted, before)
  const ended = before.orgs.filter((org) => !given.some(({ id }) => id === org.id))
  const kept = await takeRoles(deps, tx, person, ended)
  const teams = await moveTeams(deps, tx, person, wanted, before)
  return { orgs: [...given, ...kept], teams }
}
