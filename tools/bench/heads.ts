/** HEAD of a file by name: what every client asks first, for every file. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openBenchHub } from './hub.ts'
import { median } from './measure.ts'
import type { Finding } from './page.ts'

const run = promisify(execFile)
const rounds = 5
const requests = 30_000

const measure = async (url: string) => {
  const { stdout } = await run('ab', ['-i', '-k', '-q', '-c', '32', '-n', String(requests), url])
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN)
  const failed = number(/Failed requests:\s+(\d+)/)
  if (failed > 0 || stdout.includes('Non-2xx')) throw new Error(`ab met failures:\n${stdout}`)
  return { perSecond: number(/Requests per second:\s+([\d.]+)/), p99: number(/99%\s+(\d+)/) }
}

export const heads = async (folder: string): Promise<Finding[]> => {
  await using hub = await openBenchHub(join(folder, 'data'))
  await hub.createRepo('head')
  const content = Buffer.from('{"model_type":"bert"}').toString('base64')
  await hub.commit('head', [
    { key: 'file', value: { path: 'config.json', content, encoding: 'base64' } },
  ])
  const url = `${hub.url}/alice/head/resolve/main/config.json`
  await measure(url)
  const found = []
  for (let round = 0; round < rounds; round += 1) found.push(await measure(url))
  const perSecond = median(found.map((one) => one.perSecond))
  const p99 = median(found.map((one) => one.p99))
  return [
    {
      what: 'HEAD resolve, 32 connections',
      found: `${Math.round(perSecond)}/s, p99 ${p99} ms`,
      reference: '',
      bar: '≥ 5,000/s, p99 ≤ 20 ms',
      isMet: perSecond >= 5000 && p99 <= 20,
      note: 'one core: policy facts and the ref are read from the database at every request',
    },
  ]
}
