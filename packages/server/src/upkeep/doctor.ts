/** Looks a data folder over and gives plain advice: disk, permissions, clock, database, public URL. Changes nothing. */
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { House } from '../house.ts'

export interface Finding {
  readonly subject: string
  readonly state: 'ok' | 'warning' | 'bad'
  /** What was found, and what to do where it is not well. */
  readonly sentence: string
}

const GiB = 1024 ** 3
const freeBytesWarning = 10 * GiB
const freeBytesBad = 1 * GiB
const freeInodesWarning = 10_000
const clockSlackMs = 5_000
const reachMs = 5_000

const inGiB = (bytes: number): string => `${(bytes / GiB).toFixed(1)} GiB`

const checkDisk = async ({ config }: House): Promise<Finding> => {
  const { bavail, bsize, ffree, files } = await statfs(config.dataFolder)
  const free = bavail * bsize
  const subject = 'disk'
  if (free < freeBytesBad) {
    return {
      subject,
      state: 'bad',
      sentence: `${inGiB(free)} free: uploads will fail. Free space.`,
    }
  }
  if (files > 0 && ffree < freeInodesWarning) {
    const sentence = `${ffree} inodes free: new files may fail though there is space. Free some.`
    return { subject, state: 'warning', sentence }
  }
  if (free < freeBytesWarning) {
    return { subject, state: 'warning', sentence: `${inGiB(free)} free: plan for more.` }
  }
  return { subject, state: 'ok', sentence: `${inGiB(free)} free` }
}

const canWrite = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )

const checkPermissions = async ({ config: { dataFolder } }: House): Promise<Finding> => {
  const subject = 'permissions'
  for (const name of [
    '.',
    'weighhouse.db',
    'secrets.json',
    'bytes/objects',
    'bytes/stages',
    'xorbs/objects',
    'xorbs/stages',
  ]) {
    const path = join(dataFolder, name)
    if (await canWrite(path)) continue
    const sentence = `${path} cannot be read and written by this user: chown it to the hub's user.`
    return { subject, state: 'bad', sentence }
  }
  const secrets = join(dataFolder, 'secrets.json')
  const { mode } = await stat(secrets)
  if ((mode & 0o077) !== 0) {
    const sentence = `${secrets} can be read by other users of this machine: run chmod 600 on it.`
    return { subject, state: 'bad', sentence }
  }
  return { subject, state: 'ok', sentence: `${dataFolder} is ours to write, its keys are private` }
}

const checkClock = async ({ hub, events }: House): Promise<Finding> => {
  const subject = 'clock'
  const nowMs = hub.clock.nowMs()
  const lastMs = await events.lastAtMs()
  const shown = new Date(nowMs).toISOString()
  if (lastMs !== undefined && lastMs > nowMs + clockSlackMs) {
    const sentence = `it is ${shown}, yet the last event is from ${new Date(lastMs).toISOString()}: the clock was set back. Set it by NTP.`
    return { subject, state: 'bad', sentence }
  }
  return { subject, state: 'ok', sentence: `${shown}, after every recorded event` }
}

const checkDatabase = async ({ db }: House): Promise<Finding> => {
  const damage = await db.flavor.checkIntegrity(db.read)
  const subject = 'database'
  const [first] = damage
  if (first === undefined) return { subject, state: 'ok', sentence: 'sound' }
  const sentence = `damaged (${first}): stop the hub and restore the last backup.`
  return { subject, state: 'bad', sentence }
}

const checkUrl = async ({ config }: House): Promise<Finding> => {
  const subject = 'public URL'
  const { publicUrl } = config
  if (publicUrl === undefined) {
    const sentence =
      'not set: answers use the name each client asked for. Behind a proxy, set WEIGHHOUSE_PUBLIC_URL.'
    return { subject, state: 'ok', sentence }
  }
  try {
    const answer = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(reachMs) })
    await answer.body?.cancel()
    if (answer.ok) return { subject, state: 'ok', sentence: `${publicUrl} answers` }
    const sentence = `${publicUrl}/healthz answered ${answer.status}, expected 200: check the proxy.`
    return { subject, state: 'bad', sentence }
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    const why = cause instanceof Error ? cause.message : String(cause)
    const sentence = `${publicUrl} does not answer (${why}): is the hub running, and does the name lead to it?`
    return { subject, state: 'bad', sentence }
  }
}

/** In the order in which to mend them. */
export const examine = async (house: House): Promise<Finding[]> => {
  const checks = [checkDisk, checkPermissions, checkClock, checkDatabase, checkUrl]
  const findings: Finding[] = []
  for (const check of checks) findings.push(await check(house))
  return findings
}
