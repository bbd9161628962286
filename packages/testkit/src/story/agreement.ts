/** From a template to an agreement in force, as two organisations do it in a running hub. */
import type { AgreementWish } from '@weighhouse/contract/agreements.ts'
import type { PartyAtHub } from './parties.ts'

export interface Shared {
  readonly provider: PartyAtHub
  readonly consumer: PartyAtHub
  /** `owner/name` of the model. */
  readonly repo: string
}

export interface Talk extends Shared {
  readonly id: string
  readonly version: number
  readonly sha256: string
}

const dayMs = 24 * 3600_000

const seconds = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`

/** What is filled into the template; it begins now. */
export const valuesNow = (more: Readonly<Record<string, unknown>> = {}) => ({
  from: seconds(Date.now()),
  to: seconds(Date.now() + 365 * dayMs),
  legalContact: 'legal@lab.example',
  technicalContact: 'models@lab.example',
  incidentContact: 'security@lab.example',
  governingLaw: 'Germany',
  credit: 'Report triage by North Lab',
  ...more,
})

type Text = Omit<AgreementWish, 'repos'>

/** The provider drafts from the template for research, with what it changes by hand, and puts it on the table. */
export const offer = async (
  { provider, consumer, repo }: Shared,
  values: Readonly<Record<string, unknown>> = valuesNow(),
  change: (text: Text) => Text = (text) => text,
): Promise<Talk> => {
  const { client } = provider.signer
  const { org } = provider
  const template = 'research'
  const { id } = await client.createAgreement({
    org,
    title: 'Research collaboration',
    template,
    parties: [
      { name: org, role: 'provider' },
      { name: consumer.org, role: 'consumer' },
    ],
  })
  const { wish } = await client.fillTemplate({ template, values })
  const repos = [{ type: 'model' as const, path: repo }]
  const drafted = await client.draftAgreement({ org, id, wish: { ...change(wish), repos } })
  await client.proposeAgreement({ org, id, ...drafted })
  return { provider, consumer, repo, id, ...drafted }
}

/** The consumer answers with other values, and the provider says yes to them. */
export const settle = async (
  talk: Talk,
  values: Readonly<Record<string, unknown>>,
): Promise<Talk> => {
  const { provider, consumer, repo, id } = talk
  const { wish } = await consumer.signer.client.fillTemplate({ template: 'research', values })
  const repos = [{ type: 'model' as const, path: repo }]
  const countered = await consumer.signer.client.counterAgreement({
    org: consumer.org,
    id,
    wish: { ...wish, repos },
  })
  await provider.signer.client.agree({ org: provider.org, id, ...countered })
  return { ...talk, ...countered }
}

/** The provider writes what is to be in force instead, and the consumer says yes. */
export const amend = async (
  talk: Talk,
  values: Readonly<Record<string, unknown>>,
): Promise<Talk> => {
  const { provider, consumer, repo, id } = talk
  const { client } = provider.signer
  const { org } = provider
  const { wish } = await client.fillTemplate({ template: 'research', values })
  const repos = [{ type: 'model' as const, path: repo }]
  const drafted = await client.draftAgreement({ org, id, wish: { ...wish, repos } })
  await client.proposeAgreement({ org, id, ...drafted })
  await consumer.signer.client.agree({ org: consumer.org, id, ...drafted })
  return { ...talk, ...drafted }
}

/** Both sign the bytes that were agreed on; answers when the agreement is in the state. */
export const signByBoth = async ({
  provider,
  consumer,
  id,
  version,
  sha256,
}: Talk): Promise<void> => {
  for (const { signer, org } of [provider, consumer]) {
    await signer.client.signAgreement({ org, id, version, sha256 })
  }
}

const waitMs = 60_000

/** Waits for the hub's own clock to bring the agreement there. */
export const untilState = async ({ provider, id }: Talk, state: string): Promise<void> => {
  const endMs = Date.now() + waitMs
  for (;;) {
    const found = await provider.signer.client.getAgreement({ org: provider.org, id })
    if (found.state === state) return
    if (Date.now() > endMs) throw new Error(`the agreement is ${found.state}, not ${state}`)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
