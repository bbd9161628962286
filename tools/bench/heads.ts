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

interface Rate {
  readonly perSecond: number
  readonly p99: number
}

const measure = async (url: string, headers: readonly string[] = []): Promise<Rate> => {
  const asked = headers.flatMap((header) => ['-H', header])
  const ask = ['-i', '-k', '-q', '-c', '32', '-n', String(requests), ...asked, url]
  const { stdout } = await run('ab', ask)
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN)
  const failed = number(/Failed requests:\s+(\d+)/)
  if (failed > 0 || stdout.includes('Non-2xx')) throw new Error(`ab met failures:\n${stdout}`)
  return { perSecond: number(/Requests per second:\s+([\d.]+)/), p99: number(/99%\s+(\d+)/) }
}

export const heads = async (folder: string): Promise<Finding[]> => {
  await using hub = await openBenchHub(join(folder, 'data'))
  const content = Buffer.from('{"model_type":"bert"}').toString('base64')
  const file = { key: 'file', value: { path: 'config.json', content, encoding: 'base64' } }
  for (const [name, visibility] of [
    ['open', 'public'],
    ['closed', 'private'],
  ] as const) {
    await hub.createRepo(name, visibility)
    await hub.commit(name, [file])
  }
  const urlOf = (name: string): string => `${hub.url}/alice/${name}/resolve/main/config.json`
  const headers = [`Authorization: Bearer ${hub.token}`]
  await measure(urlOf('open'))
  await measure(urlOf('closed'), headers)
  const open: Rate[] = []
  const closed: Rate[] = []
  // In pairs: the machine is not equally fast all the time.
  for (let round = 0; round < rounds; round += 1) {
    open.push(await measure(urlOf('open')))
    closed.push(await measure(urlOf('closed'), headers))
  }
  const perSecond = median(open.map((one) => one.perSecond))
  const p99 = median(open.map((one) => one.p99))
  const closedPerSecond = median(closed.map((one) => one.perSecond))
  const ratio = median(closed.map((one, i) => one.perSecond / (open[i]?.perSecond ?? Number.NaN)))
  return [
    {
      what: 'HEAD resolve, 32 connections',
      found: `${Math.round(perSecond)}/s, p99 ${p99} ms`,
      reference: '',
      bar: '≥ 5,000/s, p99 ≤ 20 ms',
      isMet: perSecond >= 5000 && p99 <= 20,
      note: 'one core: policy facts and the ref are read from the database at every request',
    },
    {
      what: 'the same of a private repo, by a token',
      found: `${Math.round(closedPerSecond)}/s, ${ratio.toFixed(2)}×`,
      reference: `${Math.round(perSecond)}/s without a token`,
      bar: '≥ 0.8×',
      isMet: ratio >= 0.8,
      note: 'the token is looked up as well; medians of pairs',
    },
  ]
}
