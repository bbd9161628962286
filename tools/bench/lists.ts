/** A page of 30 among 100,000 repos, filtered by tag. The rows are written straight into the database: pushing as many takes hours. */
import { join } from 'node:path'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import type { AccountId, TeamId } from '@weighhouse/server/core/kernel/ids.ts'
import type { Database } from '@weighhouse/server/db/connect.ts'
import { openHouse } from '@weighhouse/server/house.ts'
import { createToken } from '@weighhouse/testkit/crash/admin.ts'
import { insertRepos } from '@weighhouse/testkit/many-repos.ts'
import { makeRandom } from '@weighhouse/testkit/random.ts'
import { openBenchHub } from './hub.ts'
import { median, percentile } from './measure.ts'
import type { Finding } from './page.ts'

const repos = 100_000
const asks = 101

/** Share of all repos that carry each tag. */
const tags: readonly [tag: string, share: number][] = [
  ['common', 0.6],
  ['middling', 0.03],
  ['rare', 0.001],
]

const organisations = 200
const memberName = 'member-of-all'
const roles = ['read', 'contributor', 'write', 'maintainer', 'auditor'] as const

/** A member by a role, and in each second organisation by a team. */
const joinAs = async (
  db: Database,
  { orgId, userId, nth }: { orgId: AccountId; userId: AccountId; nth: number },
): Promise<void> => {
  const created_at_ms = 1
  const role = roles[nth % roles.length] ?? 'read'
  // A cast because only this form is an id.
  const teamId = nth.toString(16).padStart(24, '0') as TeamId
  await db.tx(async (q) => {
    const row = { org_id: orgId, user_id: userId, role, created_at_ms, expires_at_ms: null }
    await q.insertInto('membership').values(row).execute()
    if (nth % 2 === 0) return
    const team = { id: teamId, org_id: orgId, name: 'core', name_key: 'core', created_at_ms }
    await q.insertInto('team').values(team).execute()
    const inTeam = { team_id: teamId, user_id: userId, created_at_ms }
    await q.insertInto('team_member').values(inTeam).execute()
  })
}

const fill = async (dataDir: string): Promise<void> => {
  await using house = await openHouse(makeConfig({ data: dataDir }, {}))
  const { hub } = house
  const ctx = house.systemCtx('bench')
  const owners: AccountId[] = []
  const permit = hub.policy.requireHub(ctx)
  await hub.identity.createUser(ctx, permit, { name: 'keeper' })
  const member = await hub.identity.createUser(ctx, permit, { name: memberName })
  for (let i = 0; i < organisations; i += 1) {
    const { id } = await hub.identity.createOrg(ctx, permit, `owner-${i}`, 'keeper')
    await joinAs(house.db, { orgId: id, userId: member.id, nth: i })
    owners.push(id)
  }
  const random = makeRandom(7)
  const startMs = hub.clock.nowMs() - repos * 1000
  await insertRepos(house.db, { owners, count: repos, startMs, random, tags })
}

const times = async (url: string, headers: Record<string, string>): Promise<number[]> => {
  const values: number[] = []
  for (let i = 0; i < asks; i += 1) {
    const started = performance.now()
    const list = await (await fetch(url, { headers })).json()
    if (!Array.isArray(list) || list.length === 0) throw new Error(`${url} found nothing`)
    values.push(performance.now() - started)
  }
  return values
}

export const lists = async (folder: string): Promise<Finding[]> => {
  const dataDir = join(folder, 'data')
  await fill(dataDir)
  const token = await createToken(dataDir, memberName, 'write')
  await using hub = await openBenchHub(dataDir)
  const findings: Finding[] = []
  const add = async (
    what: string,
    query: string,
    barMs: number,
    note: string,
    headers: Record<string, string> = {},
  ): Promise<void> => {
    const values = await times(`${hub.url}/api/models?limit=30&${query}`, headers)
    findings.push({
      what,
      found: `p50 ${median(values).toFixed(1)} ms`,
      reference: '',
      bar: `p50 ≤ ${barMs} ms`,
      isMet: median(values) <= barMs,
      note: `p95 ${percentile(values, 0.95).toFixed(1)} ms; ${note}`,
    })
  }
  for (const [tag, share] of tags) {
    const what = `30 of 100,000 repos, tag on ${(share * 100).toFixed(1)} %`
    await add(`${what}, newest`, `filter=${tag}&sort=createdAt`, 20, 'index on the order')
    await add(`${what}, most downloaded`, `filter=${tag}&sort=downloads`, 20, 'index on the order')
  }
  await add(
    '30 of 100,000 repos, by a word',
    'search=99&sort=createdAt',
    100,
    'names are looked through',
  )
  const asMember = { authorization: `Bearer ${token}` }
  for (const [words, query] of [
    ['newest', 'sort=createdAt'],
    ['most downloaded', 'sort=downloads'],
    ['tag on 0.1 %, newest', 'filter=rare&sort=createdAt'],
    ['of one organisation', 'author=owner-7&sort=createdAt'],
  ] as const) {
    const what = `for a member of 200 organisations, ${words}`
    await add(what, query, 30, 'private ones of all of them are among the answers', asMember)
  }
  return findings
}
