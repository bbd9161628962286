/** Agreements and rules of organisations in random worlds. */
import type { AccountId, TeamId } from '@weighhouse/server/core/kernel/ids.ts'
import { putAgreement } from './agreement-rows.ts'
import type { AgreementWorld } from './situations/situation.ts'
import { idOf, type Maker, maybe, type WorldRepo } from './worlds.ts'

const lives = [
  'active',
  'active',
  'active',
  'active',
  'scheduled',
  'suspended',
  'closing',
  'none',
] as const
const grantees = ['org', 'org', 'dora', 'team', 'someone else', 'ended', 'over', 'nobody'] as const

const randomAgreement = (maker: Maker): AgreementWorld => {
  const { random } = maker
  const grant = random.pick(grantees)
  const oddity = random.pick(['none', 'none', 'none', 'none', 'giver', 'others'])
  return {
    life: random.pick(lives),
    ...random.pick([
      { from: -9, to: 365 },
      { from: -9, to: null },
      { from: -9, to: 0 },
      { from: 3, to: 365 },
    ]),
    ...(grant === 'nobody' ? {} : { grant }),
    limits: maybe(maker, 3)
      ? [{ operand: 'purpose', operator: 'isA', value: 'NonCommercialResearch' }]
      : [],
    purposes: random.pick([[], ['NonCommercialResearch'], ['Commercial']]),
    hasAccepted: maybe(maker, 2),
    seesNothing: maybe(maker, 4),
    isGiver: oddity === 'giver',
    isOfOthers: oddity === 'others',
  }
}

/** Some agreements about a repo of an organisation, between it and the other one, in every state of their lives. */
export const agree = async (
  maker: Maker,
  { id, path }: Pick<WorldRepo, 'id' | 'path'>,
  {
    accounts,
    teamIds,
    users,
    orgs,
  }: {
    accounts: ReadonlyMap<string, AccountId>
    teamIds: readonly TeamId[]
    users: readonly string[]
    orgs: readonly string[]
  },
): Promise<boolean> => {
  const { dev, random } = maker
  const giver = orgs.find((org) => path.startsWith(`${org}/`))
  const taker = orgs.find((org) => org !== giver)
  if (giver === undefined || taker === undefined || maybe(maker, 4)) return false
  for (let i = random.below(3); i >= 0; i -= 1) {
    const cast = {
      repo: id,
      giver: idOf(accounts, giver),
      taker: idOf(accounts, taker),
      other: idOf(accounts, random.pick(users)),
      person: idOf(accounts, random.pick(users)),
      someone: idOf(accounts, random.pick(users)),
      team: random.pick(teamIds),
      token: undefined,
    }
    await dev.house.db.tx((q) => putAgreement(dev, q, randomAgreement(maker), cast))
  }
  return true
}

/** Rules of one organisation for its people. */
export const putRule = async (maker: Maker, orgs: readonly AccountId[]): Promise<void> => {
  const { dev, random } = maker
  const row = {
    org_id: random.pick(orgs),
    kind: random.pick(['licences_allowed', 'countries_allowed', 'formats_denied'] as const),
    words: JSON.stringify(['mit', 'EU', 'pickle']),
  }
  await dev.house.db.tx((q) => q.insertInto('org_rule').values(row).execute())
}
