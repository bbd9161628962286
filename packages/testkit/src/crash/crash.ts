/**
 * `npm run crash`: pushes again and again while the server is killed (SIGKILL) at random moments, then asks three things: is every
 * acknowledged commit there with every byte, does `fsck --deep` find nothing, and does the hub still take a push.
 *
 * `--pushes N` (200), `--seed N` (printed; the same seed gives the same files and the same waits, not the same race).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeRandom, type Random } from '../random.ts'
import { createToken, createUser, weighhouse } from './admin.ts'
import { makeClient, type PushedFile, sha256 } from './client.ts'
import { type HubProcess, startHub } from './hub-process.ts'

const { values } = parseArgs({
  options: {
    pushes: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const pushes = Number(values.pushes)
const seed = Number(values.seed)
const repos = ['alice/left', 'alice/right']
const largeBytes = 64 * 1024
/** Longest wait before the kill: about the length of a few pushes. */
const killWithinMs = 250

interface Acknowledged {
  readonly repo: string
  readonly commit: string
  /** SHA-256 by path. */
  readonly files: ReadonlyMap<string, string>
}

const makeFiles = (random: Random, push: number): PushedFile[] =>
  Array.from({ length: 1 + random.below(3) }, (_, index) => {
    const size = random.below(2) === 0 ? random.below(20_000) : largeBytes + random.below(2_000_000)
    return { path: `push-${push}/file-${index}.bin`, bytes: random.bytes(size) }
  })

/** One server life: pushes until the kill, or until enough are acknowledged. */
const live = async (
  hub: HubProcess,
  token: string,
  random: Random,
  state: { acknowledged: Acknowledged[]; attempts: number },
): Promise<boolean> => {
  const client = makeClient(hub.url, token)
  const killed = sleep(20 + random.below(killWithinMs)).then(() => hub.kill())
  try {
    for (;;) {
      if (state.attempts >= pushes) return false
      state.attempts += 1
      const files = makeFiles(random, state.attempts)
      const repo = random.pick(repos)
      const commit = await client.push(repo, files, largeBytes)
      const digests = new Map(files.map((file) => [file.path, sha256(file.bytes)]))
      state.acknowledged.push({ repo, commit, files: digests })
    }
  } catch {
    // The kill cut this push: nothing was acknowledged, so nothing is owed.
    return true
  } finally {
    await killed
  }
}

const findLosses = async (
  hub: HubProcess,
  token: string,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> => {
  const client = makeClient(hub.url, token)
  const losses: string[] = []
  for (const repo of repos) {
    const known = new Set(await client.history(repo))
    for (const one of acknowledged.filter((push) => push.repo === repo)) {
      if (!known.has(one.commit)) losses.push(`${repo}: commit ${one.commit} is lost`)
      for (const [path, digest] of one.files) {
        const found = await client
          .digest(repo, one.commit, path)
          .catch((error: unknown) => String(error))
        if (found !== digest) losses.push(`${repo}@${one.commit}: ${path} is ${found}`)
      }
    }
  }
  return losses
}

const main = async (folder: string): Promise<number> => {
  const random = makeRandom(seed)
  const dataDir = join(folder, 'data')
  await createUser(dataDir, 'alice')
  const token = await createToken(dataDir, 'alice', 'write')
  const state: { acknowledged: Acknowledged[]; attempts: number } = {
    acknowledged: [],
    attempts: 0,
  }
  const first = await startHub({ dataDir })
  for (const repo of repos) await makeClient(first.url, token).createRepo(repo)
  let kills = 0
  for (let hub = first; await live(hub, token, random, state); hub = await startHub({ dataDir })) {
    kills += 1
  }
  const { acknowledged } = state
  console.log(
    `${state.attempts} pushes, ${kills + 1} kills, ${acknowledged.length} acknowledged, seed ${seed}`,
  )

  const hub = await startHub({ dataDir })
  const losses = await findLosses(hub, token, acknowledged)
  const stillTakes = await makeClient(hub.url, token)
    .push('alice/left', makeFiles(random, 0), largeBytes)
    .then(() => true)
    .catch((error: unknown) => String(error))
  await hub.stop()
  const fsck = await weighhouse(['fsck', '--deep', '--data', dataDir])

  const checks: [string, boolean, string][] = [
    ['some pushes were acknowledged and some were cut', acknowledged.length > 0 && kills > 0, ''],
    ['no acknowledged commit is lost', losses.length === 0, losses.slice(0, 20).join('\n')],
    ['fsck --deep is clean', fsck.code === 0, fsck.stdout + fsck.stderr],
    ['the hub takes a push afterwards', stillTakes === true, String(stillTakes)],
  ]
  for (const [name, ok, why] of checks)
    console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok ? '' : `\n${why}`}`)
  console.log(fsck.stdout.trim())
  const failed = checks.filter(([, ok]) => !ok).length
  console.log(`${checks.length - failed} passed, ${failed} failed`)
  return failed
}

const folder = await mkdtemp(join(tmpdir(), 'weighhouse-crash-'))
try {
  process.exitCode = (await main(folder)) > 0 ? 1 : 0
} finally {
  await rm(folder, { recursive: true, force: true })
}
