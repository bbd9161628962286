/** What follows the end of an agreement: the consumer shows what it did of what it owes, and the provider accepts it. */
import type { Talk } from './agreement.ts'

const waitMs = 60_000
const lookEveryMs = 500

/** Every duty of the agreement, once the hub's clock has opened those that the end brings. */
const untilOpen = async ({ consumer, id }: Talk, name: string) => {
  const endMs = Date.now() + waitMs
  for (;;) {
    const { items } = await consumer.signer.client.listAgreementDuties({ org: consumer.org, id })
    if (items.some((one) => one.name === name)) return items
    if (Date.now() > endMs) throw new Error(`no duty "${name}" among ${items.length}`)
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}

/** Shows each duty, that of deletion by a certificate under the consumer's seal, and has the provider accept it. Answers their names. */
export const settleDuties = async (talk: Talk, deletion: string): Promise<string[]> => {
  const { provider, consumer, repo, id } = talk
  const duties = await untilOpen(talk, deletion)
  const owed = duties.filter(({ state }) => state === 'open' || state === 'overdue')
  for (const { id: duty, name } of owed) {
    const certificate = {
      deleted: [{ type: 'model' as const, path: repo, revisions: [] }],
      places: ['the research server'],
      method: 'deleted' as const,
      deletedAt: `${new Date().toISOString().slice(0, 19)}Z`,
      person: { name: 'Head of data', title: 'Director' },
      remaining: null,
    }
    const shown = name === deletion ? { certificate } : { text: 'It is done.' }
    await consumer.signer.client.fulfilDuty({ org: consumer.org, id, duty, ...shown })
    await provider.signer.client.acceptDuty({ org: provider.org, id, duty })
  }
  return owed.map(({ name }) => name)
}
