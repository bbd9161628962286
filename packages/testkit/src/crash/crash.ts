/**
 * `npm run crash`: pushes again and again, by LFS and by Xet, while the server is killed (SIGKILL) at random moments. Then asks three
 * things: is every acknowledged commit there with every byte, does `fsck --deep` find nothing, and does the hub still take a push.
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
import { makeXetClient } from './xet-client.ts'

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
const killWithinMs = 700

interface Acknowledged {
  readonly repo: string
  readonly byXet: boolean
  readonly commit: string
  readonly files: readonly Pushed[]
}

interface Pushed {
  readonly path: string
  readonly digest: string
  readonly sizeBytes: number
}

interface State {
  acknowledged: Acknowledged[]
  attempts: number
  /** Shards that the hub has taken. */
  shards: number
  /** What an earlier push sent, whether it was acknowledged or cut: the next one may change it a little. */
  earlier: Uint8Array | undefined
}

/** Sometimes most of a file is what an earlier one had, so that by Xet it shares chunks with it. */
const makeLarge = (random: Random, state: State): Uint8Array => {
  const bytes = random.bytes(largeBytes + random.below(2_000_000))
  if (state.earlier !== undefined && random.below(3) === 0) {
    return Buffer.concat([state.earlier, bytes.subarray(0, largeBytes)])
  }
  state.earlier = bytes
  return bytes
}

const makeFiles = (random: Random, state: State): PushedFile[] =>
  Array.from({ length: 1 + random.below(3) }, (_, index) => ({
    path: `push-${state.attempts}/file-${index}.bin`,
    bytes: random.below(2) === 0 ? random.bytes(random.below(20_000)) : makeLarge(random, state),
  }))

/** One server life: pushes until the kill, or until enough are acknowledged. */
const live = async (
  hub: HubProcess,
  token: string,
  random: Random,
  state: State,
): Promise<boolean> => {
  const client = makeClient(hub.url, token)
  const xetClient = makeXetClient(hub.url, token)
  const killed = sleep(20 + random.below(killWithinMs)).then(() => hub.kill())
  try {
    for (;;) {
      if (state.attempts >= pushes) return false
      state.attempts += 1
      const files = makeFiles(random, state)
      const repo = random.pick(repos)
      const byXet = random.below(2) === 0
      const commit = byXet
        ? await xetClient.push(repo, files)
        : await client.push(repo, files, largeBytes)
      const pushed = files.map(({ path, bytes }) => ({
        path,
        digest: sha256(bytes),
        sizeBytes: bytes.length,
      }))
      state.acknowledged.push({ repo, byXet, commit, files: pushed })
    }
  } catch {
    // The kill cut this push: nothing was acknowledged, so nothing is owed.
    return true
  } finally {
    state.shards += xetClient.shards()
    await killed
  }
}

const findLosses = async (
  hub: HubProcess,
  token: string,
  acknowledged: readonly Acknowledged[],
): Promise<string[]> => {
  const client = makeClient(hub.url, token)
  const xetClient = makeXetClient(hub.url, token)
  const losses: string[] = []
  for (const repo of repos) {
    const known = new Set(await client.history(repo))
    for (const { commit, byXet, files } of acknowledged.filter((push) => push.repo === repo)) {
      if (!known.has(commit)) losses.push(`${repo}: commit ${commit} is lost`)
      for (const { path, digest, sizeBytes } of files) {
        const ways = byXet && sizeBytes >= largeBytes ? [client, xetClient] : [client]
        for (const way of ways) {
          const found = await way.digest(repo, commit, path).catch(String)
          if (found === digest) continue
          losses.push(`${repo}@${commit}: ${path} is ${found ?? 'not there as chunks'}`)
        }
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
  const state: State = { acknowledged: [], attempts: 0, shards: 0, earlier: undefined }
  const first = await startHub({ dataDir })
  for (const repo of repos) await makeClient(first.url, token).createRepo(repo)
  let kills = 0
  for (let hub = first; await live(hub, token, random, state); hub = await startHub({ dataDir })) {
    kills += 1
  }
  const { acknowledged, attempts, shards } = state
  const byXet = acknowledged.filter((push) => push.byXet).length
  console.log(
    `${attempts} pushes, ${kills + 1} kills, ${acknowledged.length} acknowledged (${byXet} by Xet, ${shards} shards), seed ${seed}`,
  )

  const hub = await startHub({ dataDir })
  const losses = await findLosses(hub, token, acknowledged)
  const stillTakes = await makeClient(hub.url, token)
    .push('alice/left', makeFiles(random, { ...state, attempts: 0 }), largeBytes)
    .then(() => true)
    .catch((error: unknown) => String(error))
  await hub.stop()
  const fsck = await weighhouse(['fsck', '--deep', '--data', dataDir])

  const checks: [string, boolean, string][] = [
    ['some pushes were acknowledged and some were cut', acknowledged.length > 0 && kills > 0, ''],
    ['some of them went by Xet', byXet > 0 && shards > 0, 'the client fell back to LFS'],
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
