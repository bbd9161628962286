/** Two organisations that are about to agree on something: a lab that has a model, a clinic that wants it. */
import assert from 'node:assert/strict'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import type { BodyWish } from '@weighhouse/server/core/agreements/index.ts'
import type { Env } from '@weighhouse/server/config/env.ts'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import type { SignatoryWish } from '@weighhouse/server/core/signing/index.ts'
import { type DevHouse, type DevHouseOptions, openDevHouse } from '../dev-house.ts'
import type { EngineName } from '../engines.ts'
import { cookieIn, login, userWithPassword, password } from './signin-kit.ts'

export const dayMs = 24 * 3600_000

/** What somebody signed in with a browser does; proved a moment ago. */
export const bySession = async (dev: DevHouse, name: string): Promise<Ctx> => {
  const answer = await login(dev, { name, password })
  assert.equal(answer.status, 303, answer.text)
  const cookie = cookieIn(answer)
  const secret = cookie.slice(cookie.indexOf('=') + 1)
  const holder = await dev.hub.signin.session(secret)
  assert.ok(holder)
  return { ...dev.system, actor: holder.actor }
}

/** Leave to speak for an organisation to others. */
export const managing = (dev: DevHouse, ctx: Ctx, org: string) =>
  dev.hub.policy.requireNamespace(ctx, 'namespace.bind', org)

/** Leave to look after its members. */
export const heading = (dev: DevHouse, ctx: Ctx, org: string) =>
  dev.hub.policy.requireNamespace(ctx, 'namespace.manage', org)

/** Lets somebody sign for an organisation: named by one administrator, confirmed by `<org>-third`, another one. */
export const appoint = async (
  dev: DevHouse,
  by: Ctx,
  org: string,
  wish: SignatoryWish,
): Promise<void> => {
  const { signing } = dev.hub
  const named = await signing.nameSignatory(by, await managing(dev, by, org), wish)
  const third = await bySession(dev, `${org}-third`)
  await signing.confirmSignatory(third, await managing(dev, third, org), named.id)
}

/** An organisation of two administrators, described, with a seal, for which the first one may sign. */
export const makeParty = async (
  dev: DevHouse,
  {
    org,
    people,
    legalName,
    seat,
  }: { org: string; people: readonly [string, string]; legalName: string; seat: string },
): Promise<readonly [Ctx, Ctx]> => {
  const [first, second] = people
  for (const name of people) await userWithPassword(dev, name)
  await dev.org(org, first)
  const one = await bySession(dev, first)
  const permit = await managing(dev, one, org)
  const members = await heading(dev, one, org)
  await dev.hub.identity.addMember(one, members, second, 'admin')
  const two = await bySession(dev, second)
  const { signing } = dev.hub
  await signing.describeParty(one, permit, { legalName, seat, orgType: 'Academic' })
  await signing.makeKey(one, permit, 'seal')
  // Somebody else than the one who named, and than the one who is named.
  const third = `${org}-third`
  await userWithPassword(dev, third)
  await dev.hub.identity.addMember(one, members, third, 'admin')
  await appoint(dev, two, org, {
    userName: first,
    title: 'Director',
    sides: ['provider', 'consumer'],
    toMs: dev.clock.nowMs() + 365 * dayMs,
  })
  return [one, two]
}

export const iso = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`

/** What the lab writes first. */
export const wishOf = (dev: DevHouse, more: Partial<BodyWish> = {}): BodyWish => ({
  title: 'Retina segmentation for research',
  template: { id: 'research', version: 1 },
  language: 'en',
  repos: [{ type: 'model', path: 'lab/retina' }],
  clauses: [
    { id: '1', title: 'Use', text: 'The clinic may download the model.', strength: 'E' },
    { id: '2', title: 'No passing on', text: 'The clinic passes it on to nobody.', strength: 'A' },
    {
      id: '3',
      title: 'End',
      text: 'The clinic deletes it within 30 days of the end.',
      strength: 'A',
    },
  ],
  terms: {
    permissions: [
      { id: 'see', clause: '1', action: 'discover', constraints: [], preconditions: [] },
      { id: 'get', clause: '1', action: 'download', constraints: [], preconditions: [] },
    ],
    prohibitions: [{ id: 'no-pass', clause: '2', action: 'distribute', constraints: [] }],
    obligations: [
      {
        id: 'delete',
        clause: '3',
        name: 'delete',
        debtor: 'consumer',
        trigger: 'agreementEnd',
        within: 'P30D',
      },
    ],
  },
  from: iso(dev.clock.nowMs()),
  to: iso(dev.clock.nowMs() + 365 * dayMs),
  timezone: 'Europe/Berlin',
  noticeDays: 30,
  derivativesOnEnd: { rule: 'survive', days: 0 },
  ownership: { results: 'creator', grantBack: null },
  precedence: 'machine',
  paperRef: null,
  governingLaw: 'Germany',
  contacts: {
    legal: 'legal@lab.example',
    technical: 'tech@lab.example',
    incident: 'incident@lab.example',
  },
  ...more,
})

export interface TwoParties {
  readonly dev: DevHouse
  readonly lab: Ctx
  readonly lab2: Ctx
  readonly clinic: Ctx
}

/** `lab/retina` is private; `ann` and `lab2` manage the lab, `cem` the clinic; ann and cem may sign. */
export const openTwoParties = async (
  engine: EngineName = 'sqlite',
  more: Env = {},
  parts: Pick<DevHouseOptions, 'mailer'> = {},
): Promise<TwoParties> => {
  const env = { WEIGHHOUSE_PUBLIC_URL: 'http://localhost', ...more }
  const dev = await openDevHouse({ engine, env, ...parts })
  const [lab, lab2] = await makeParty(dev, {
    org: 'lab',
    people: ['ann', 'ada'],
    legalName: 'Lab e.V.',
    seat: 'DE',
  })
  const [clinic] = await makeParty(dev, {
    org: 'clinic',
    people: ['cem', 'cia'],
    legalName: 'Clinic gGmbH',
    seat: 'AT',
  })
  await dev.repo('lab/retina', { visibility: 'private' })
  return { dev, lab, lab2, clinic }
}

/** A folder that the lab has begun. */
export const begin = async ({ dev, lab }: TwoParties): Promise<AgreementId> =>
  dev.hub.agreements.create(lab, await managing(dev, lab, 'lab'), {
    title: 'Retina segmentation',
    templateId: 'research',
    parties: [
      { name: 'lab', role: 'provider' },
      { name: 'clinic', role: 'consumer' },
    ],
  })

/** To the point where both have said yes, and neither has signed. */
export const toAgreed = async (two: TwoParties, more: Partial<BodyWish> = {}) => {
  const { dev, lab, clinic } = two
  const { agreements } = dev.hub
  const id = await begin(two)
  const forLab = await managing(dev, lab, 'lab')
  const forClinic = await managing(dev, clinic, 'clinic')
  const what = await agreements.draft(lab, forLab, id, wishOf(dev, more))
  await agreements.propose(lab, forLab, id, what)
  await agreements.agree(clinic, forClinic, id, what)
  return { id, what, forLab, forClinic }
}

/** As a text would be that was written before the linter knew better: it forbids what it permits. */
export const contradict = async ({ house }: DevHouse, id: string): Promise<void> => {
  await house.db.tx(async (q) => {
    const rows = await q
      .selectFrom('agreement_version')
      .select(['version', 'body'])
      .where('agreement_id', '=', id as AgreementId)
      .execute()
    for (const { version, body: text } of rows) {
      // A cast because bodies are stored as text.
      const body = JSON.parse(text) as AgreementBody
      const [first] = body.terms.permissions
      assert.ok(first)
      const { clause, action } = first
      const prohibitions = [{ id: 'none-of-it', clause, action, constraints: [] }]
      const terms = { ...body.terms, prohibitions }
      await q
        .updateTable('agreement_version')
        .set({ body: JSON.stringify({ ...body, terms }) })
        .where('agreement_id', '=', id as AgreementId)
        .where('version', '=', version)
        .execute()
    }
  })
}

/** Signs as somebody who has just proved who they are. */
export const sign = async (
  { dev }: TwoParties,
  by: string,
  orgName: string,
  id: AgreementId,
  what: { version: number; sha256: string },
) => {
  const ctx = await bySession(dev, by)
  await dev.hub.agreements.sign(ctx, dev.hub.policy.requireOwnAccount(ctx), id, {
    ...what,
    orgName,
  })
}

/** Signed by both, and its day has come. */
export const toActive = async (two: TwoParties, more: Partial<BodyWish> = {}) => {
  const agreed = await toAgreed(two, more)
  await sign(two, 'ann', 'lab', agreed.id, agreed.what)
  await sign(two, 'cem', 'clinic', agreed.id, agreed.what)
  await two.dev.hub.agreements.tick(two.dev.system)
  return agreed
}
