/** A hub with much in it: a folder of 5,000 files, 10,000 repos, an agreement of 60 clauses. */
import type { AccountId } from '@weighhouse/server/core/kernel/ids.ts'
import { wishOf } from '@weighhouse/testkit/house/agreement-kit.ts'
import { clientOf } from '@weighhouse/testkit/house/org-kit.ts'
import { insertRepos } from '@weighhouse/testkit/many-repos.ts'
import { makeRandom } from '@weighhouse/testkit/random.ts'
import type { DevHouse } from '@weighhouse/testkit/dev-house.ts'
import { commitAs } from './world.ts'

const filesOfFolder = 5_000
const reposOfList = 10_000
const clauses = 60

const addFolder = async (dev: DevHouse): Promise<void> => {
  await dev.repo('lab/folder')
  const files = Array.from({ length: filesOfFolder }, (_, at) => ({
    path: `parts/part-${String(at).padStart(4, '0')}.txt`,
    bytes: Buffer.from(`Part ${at}\n`),
  }))
  await commitAs(dev, 'ann', { type: 'model', path: 'lab/folder' }, 'All parts', files)
}

const addRepos = async (dev: DevHouse): Promise<void> => {
  const random = makeRandom(11)
  const owners: AccountId[] = []
  for (let at = 0; at < 20; at += 1) {
    const permit = dev.hub.policy.requireHub(dev.system)
    const { id } = await dev.hub.identity.createOrg(dev.system, permit, `owner-${at}`, 'ann')
    owners.push(id)
  }
  const startMs = dev.clock.nowMs() - reposOfList * 1000
  const tags = [
    ['radiology', 0.3],
    ['retina', 0.02],
  ] as const
  await insertRepos(dev.house.db, { owners, count: reposOfList, startMs, random, tags })
}

const paragraph =
  'The parties act with the care of a prudent business person, say so when they cannot, and keep a record of what they did and when, which the other may look at once a year.'

const addAgreement = async (dev: DevHouse): Promise<string> => {
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const { id } = await ann.createAgreement({
    org: 'lab',
    title: 'All that can be said',
    template: 'research',
    parties: [
      { name: 'lab', role: 'provider' },
      { name: 'clinic', role: 'consumer' },
    ],
  })
  const wish = wishOf(dev)
  const more = Array.from({ length: clauses - wish.clauses.length }, (_, at) => ({
    id: `more-${at}`,
    title: `Care and record, part ${at + 1}`,
    text: `${paragraph}\n${paragraph}`,
    strength: 'N' as const,
  }))
  const repos = [{ type: 'model' as const, path: 'lab/retina' }]
  const full = { ...wish, repos, clauses: [...wish.clauses, ...more] }
  const drafted = await ann.draftAgreement({ org: 'lab', id, wish: full })
  await ann.proposeAgreement({ org: 'lab', id, ...drafted })
  return id
}

/** Beside what `fillParties` made. Answers the agreement's id. */
export const addMuch = async (dev: DevHouse): Promise<string> => {
  await addFolder(dev)
  await addRepos(dev)
  const id = await addAgreement(dev)
  await dev.house.settle()
  return id
}
