/**
 * Push 1 GiB: ours by LFS PUT, distribution's by a blob upload. Both hash what they take; ours also syncs it to the disk before it answers.
 * What a round stored is removed before the next: on a virtual machine, memory that was never touched costs ten times as much to write as
 * memory used again, and would be measured in place of the servers.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openBenchHub } from './hub.ts'
import { cpuSeconds, median, settleDisk } from './measure.ts'
import { type Finding, perSecond, ratio } from './page.ts'
import { startDistribution } from './servers.ts'
import { digestOf, makeRandomFile, mark, put } from './transfer.ts'

const sizeBytes = 1024 ** 3
const rounds = 5

const uploadLocation = async (registry: string): Promise<string> => {
  const answer = await fetch(`${registry}bench/blobs/uploads/`, { method: 'POST' })
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`distribution gave no upload location: ${answer.status}`)
  return new URL(location, registry).href
}

export const pushes = async (folder: string): Promise<Finding[]> => {
  await using hub = await openBenchHub(join(folder, 'data'))
  await using distribution = await startDistribution(folder)
  await hub.createRepo('push')
  const file = join(folder, 'source.bin')
  makeRandomFile(file, sizeBytes)
  const ours: number[] = []
  const theirs: number[] = []
  const ourCpu: number[] = []
  const theirCpu: number[] = []
  const clear = async (): Promise<void> => {
    await rm(join(folder, 'registry'), { recursive: true, force: true })
    const objects = join(folder, 'data', 'bytes', 'objects')
    for (const name of await readdir(objects)) {
      for (const stored of await readdir(join(objects, name))) await rm(join(objects, name, stored))
    }
  }
  // The first round warms both up and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    await mark(file)
    const sha256 = await digestOf(file)
    const url = await hub.uploadUrl('push', sha256, sizeBytes)
    const location = await uploadLocation(distribution.url)
    const separator = location.includes('?') ? '&' : '?'
    settleDisk()
    const ourBefore = cpuSeconds(hub.pid)
    const ourSeconds = await put(url, file)
    const ourUsed = cpuSeconds(hub.pid) - ourBefore
    settleDisk()
    const theirBefore = cpuSeconds(distribution.pid)
    const theirSeconds = await put(`${location}${separator}digest=sha256:${sha256}`, file)
    const theirUsed = cpuSeconds(distribution.pid) - theirBefore
    await clear()
    if (round === 0) continue
    ours.push(ourSeconds)
    ourCpu.push(ourUsed)
    theirs.push(theirSeconds)
    theirCpu.push(theirUsed)
  }
  const speed = median(theirs.map((seconds, round) => seconds / (ours[round] ?? Infinity)))
  const cpu = median(ourCpu)
  return [
    {
      what: 'push 1 GiB',
      found: `${perSecond(sizeBytes, median(ours))}, ${ratio(speed)}`,
      reference: `distribution ${perSecond(sizeBytes, median(theirs))}`,
      bar: '≥ 1.0×',
      isMet: speed >= 1,
      note: 'SHA-256 and the copy into the page cache; fsync before the answer',
    },
    {
      what: 'CPU to take 1 GiB',
      found: `${cpu.toFixed(2)} s`,
      reference: `distribution ${median(theirCpu).toFixed(2)} s`,
      bar: '≤ 3 s',
      isMet: cpu <= 3,
      note: 'user and system time of the server process, flushing included',
    },
  ]
}
