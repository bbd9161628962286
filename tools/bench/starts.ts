/** From the command to the first answer. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startHub } from '@weighhouse/testkit/crash/hub-process.ts'
import { median } from './measure.ts'
import type { Finding } from './page.ts'

const rounds = 5
const cache = fileURLToPath(new URL('../../node_modules/.cache/compile', import.meta.url))

const start = async (dataDir: string): Promise<number> => {
  const started = performance.now()
  const hub = await startHub({ dataDir })
  await (await fetch(`${hub.url}/healthz`)).text()
  const seconds = (performance.now() - started) / 1000
  await hub.stop()
  return seconds
}

export const starts = async (folder: string): Promise<Finding[]> => {
  const dataDir = join(folder, 'data')
  await start(dataDir)
  const warm: number[] = []
  const cold: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    warm.push(await start(dataDir))
    await rm(cache, { recursive: true, force: true })
    cold.push(await start(dataDir))
  }
  return [
    {
      what: 'start to first answer',
      found: `${median(warm).toFixed(2)} s`,
      reference: `${median(cold).toFixed(2)} s with an empty compile cache`,
      bar: '≤ 1.5 s',
      isMet: median(warm) <= 1.5,
      note: 'loading the program',
    },
  ]
}
