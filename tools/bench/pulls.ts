/** Pull 1 GiB, in one stream and in eight, from three servers that hold the same bytes on the same disk. */
import { mkdir, link } from 'node:fs/promises'
import { join } from 'node:path'
import { lfsLine, openBenchHub } from './hub.ts'
import { median, settleDisk } from './measure.ts'
import { type Finding, perSecond, ratio } from './page.ts'
import { startDistribution, startNginx } from './servers.ts'
import { digestOf, get, makeRandomFile, put } from './transfer.ts'

const sizeBytes = 1024 ** 3
const rounds = 5

const storeInDistribution = async (registry: string, sha256: string, file: string) => {
  const answer = await fetch(`${registry}bench/blobs/uploads/`, { method: 'POST' })
  const location = new URL(answer.headers.get('location') ?? '', registry).href
  const separator = location.includes('?') ? '&' : '?'
  await put(`${location}${separator}digest=sha256:${sha256}`, file)
  return `${registry}bench/blobs/sha256:${sha256}`
}

export const pulls = async (folder: string): Promise<Finding[]> => {
  await using hub = await openBenchHub(join(folder, 'data'))
  await using distribution = await startDistribution(folder)
  const root = join(folder, 'www')
  await mkdir(root)
  const file = join(folder, 'source.bin')
  makeRandomFile(file, sizeBytes)
  await link(file, join(root, 'w.bin'))
  await using nginx = await startNginx(folder, root)
  const sha256 = await digestOf(file)
  await hub.createRepo('pull')
  await put(await hub.uploadUrl('pull', sha256, sizeBytes), file)
  await hub.commit('pull', [lfsLine('w.bin', sha256, sizeBytes)])
  const urls = {
    ours: `${hub.url}/alice/pull/resolve/main/w.bin`,
    distribution: await storeInDistribution(distribution.url, sha256, file),
    nginx: `${nginx.url}w.bin`,
  }
  settleDisk()
  const findings: Finding[] = []
  for (const streams of [1, 8]) {
    const seconds = { ours: [] as number[], distribution: [] as number[], nginx: [] as number[] }
    for (let round = 0; round <= rounds; round += 1) {
      for (const name of ['ours', 'distribution', 'nginx'] as const) {
        const taken = await get(urls[name], streams)
        if (round > 0) seconds[name].push(taken)
      }
    }
    const against = (name: 'distribution' | 'nginx', bar: number): Finding => {
      const speed = median(
        seconds[name].map((one, round) => one / (seconds.ours[round] ?? Infinity)),
      )
      const bytes = sizeBytes * streams
      return {
        what: `pull 1 GiB, ${streams === 1 ? 'one stream' : 'eight streams'}`,
        found: `${perSecond(bytes, median(seconds.ours))}, ${ratio(speed)}`,
        reference: `${name} ${perSecond(bytes, median(seconds[name]))}`,
        bar: `≥ ${bar.toFixed(1)}×`,
        isMet: speed >= bar,
        note:
          name === 'nginx'
            ? 'bytes pass through the process; nginx hands them over in the kernel (sendfile)'
            : 'copies between disk cache and socket',
      }
    }
    if (streams === 1) findings.push(against('distribution', 1))
    findings.push(against('nginx', 0.6))
  }
  return findings
}
