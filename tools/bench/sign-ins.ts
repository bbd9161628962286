/** What others feel while people sign in: a password's hash is computed for a tenth of a second of one core, twenty times at once. */
import { join } from 'node:path'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import { openHouse } from '@weighhouse/server/house.ts'
import { openBenchHub } from './hub.ts'
import { median, percentile } from './measure.ts'
import type { Finding } from './page.ts'

const people = 20
const rounds = 5
const asksPerRound = 1_000
/** Between two asks, so that a turn of the loop that lasts long is seen as such and not as a queue behind it. */
const pauseMs = 1
const password = 'seven quiet barges'

const fill = async (dataDir: string): Promise<void> => {
  await using house = await openHouse(makeConfig({ data: dataDir }, {}))
  const ctx = house.systemCtx('bench')
  const permit = house.hub.policy.requireHub(ctx)
  for (let i = 0; i < people; i += 1) {
    await house.hub.identity.createUser(ctx, permit, { name: `person-${i}`, password })
  }
}

const signIn = async (url: string, name: string): Promise<void> => {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ name, password }),
  })
  if (answer.status !== 303) throw new Error(`sign-in answered ${answer.status}`)
}

/** Milliseconds of each ask. */
const askMany = async (url: string): Promise<number[]> => {
  const values: number[] = []
  for (let i = 0; i < asksPerRound; i += 1) {
    const started = performance.now()
    const answer = await fetch(url, { method: 'HEAD' })
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`)
    values.push(performance.now() - started)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return values
}

/** Asks while everybody signs in, again and again, until the last ask is answered. */
const askWhileSigningIn = async (
  base: string,
  url: string,
): Promise<{ values: number[]; count: number }> => {
  let isOver = false
  let count = 0
  const crowd = Array.from({ length: people }, async (_, i) => {
    while (!isOver) {
      await signIn(base, `person-${i}`)
      count += 1
    }
  })
  const values = await askMany(url)
  isOver = true
  await Promise.all(crowd)
  return { values, count }
}

export const signIns = async (folder: string): Promise<Finding[]> => {
  const dataDir = join(folder, 'data')
  await fill(dataDir)
  await using hub = await openBenchHub(dataDir)
  const content = Buffer.from('{"model_type":"bert"}').toString('base64')
  const file = { key: 'file', value: { path: 'config.json', content, encoding: 'base64' } }
  await hub.createRepo('open')
  await hub.commit('open', [file])
  const url = `${hub.url}/alice/open/resolve/main/config.json`
  await askMany(url)
  const quiet: number[] = []
  const busy: number[] = []
  let count = 0
  for (let round = 0; round < rounds; round += 1) {
    quiet.push(percentile(await askMany(url), 0.99))
    const found = await askWhileSigningIn(hub.url, url)
    busy.push(percentile(found.values, 0.99))
    count += found.count
  }
  const ratio = median(busy.map((p99, i) => p99 / (quiet[i] ?? Number.NaN)))
  return [
    {
      what: 'HEAD resolve while 20 people sign in',
      found: `p99 ${median(busy).toFixed(1)} ms, ${ratio.toFixed(2)}×`,
      reference: `p99 ${median(quiet).toFixed(1)} ms without`,
      bar: '≤ 2×',
      isMet: ratio <= 2,
      note: `${count} sign-ins; hashes run on a thread that gives way; what is felt are the commits of sessions and trail, and two cores for all`,
    },
  ]
}
