/** Organisations of a running hub that are ready to sign: described, with a seal, and with a signatory whom two others have named. */
import { createOrg, createUser } from '../crash/admin.ts'
import { type Browser, openBrowser } from './browser.ts'

export interface PartyPlan {
  readonly org: string
  readonly legalName: string
  readonly seat: string
  /** Who signs, and the two who let her. */
  readonly people: readonly [string, string, string]
}

export interface PartyAtHub {
  readonly org: string
  /** An administrator who may sign. */
  readonly signer: Browser
  readonly other: Browser
}

const dayMs = 24 * 3600_000

export const openParty = async (
  { url, dataDir }: { url: string; dataDir: string },
  { org, legalName, seat, people }: PartyPlan,
): Promise<PartyAtHub> => {
  for (const name of people) await createUser(dataDir, name)
  const [first, second, third] = people
  await createOrg(dataDir, org, first)
  const signer = await openBrowser(url, first)
  for (const user of [second, third]) {
    await signer.client.setMember({ org, user, role: 'admin' })
  }
  await signer.client.describeParty({ org, legalName, seat, orgType: 'Academic' })
  await signer.client.makeKey({ org, use: 'seal' })
  const other = await openBrowser(url, second)
  const named = await other.client.nameSignatory({
    org,
    user: first,
    title: 'Director',
    sides: ['provider', 'consumer'],
    to: new Date(Date.now() + 365 * dayMs).toISOString(),
  })
  const confirming = await openBrowser(url, third)
  await confirming.client.confirmSignatory({ org, id: named.id })
  return { org, signer, other }
}

/** North Lab, which has a model, and a clinic that wants it. */
export const openLabAndClinic = async (hub: {
  url: string
  dataDir: string
}): Promise<{ provider: PartyAtHub; consumer: PartyAtHub }> => ({
  provider: await openParty(hub, {
    org: 'north-lab',
    legalName: 'North Lab e.V.',
    seat: 'DE',
    people: ['ada', 'ann', 'avi'],
  }),
  consumer: await openParty(hub, {
    org: 'clinic',
    legalName: 'Clinic gGmbH',
    seat: 'AT',
    people: ['ben', 'bea', 'bob'],
  }),
})
