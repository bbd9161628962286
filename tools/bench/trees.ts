/** The list of a repo of 1,000 files. */
import { join } from 'node:path'
import { openBenchHub } from './hub.ts'
import { median, percentile } from './measure.ts'
import type { Finding } from './page.ts'

const files = 1_000
const asks = 200
const freshAsks = 40

const line = (path: string, text: string): object => ({
  key: 'file',
  value: { path, content: Buffer.from(text).toString('base64'), encoding: 'base64' },
})

const timed = async (url: string): Promise<number> => {
  const started = performance.now()
  const answer = await fetch(url)
  const list = await answer.json()
  if (!Array.isArray(list) || list.length < files) throw new Error('expected the whole list')
  return performance.now() - started
}

export const trees = async (folder: string): Promise<Finding[]> => {
  await using hub = await openBenchHub(join(folder, 'data'))
  await hub.createRepo('tree')
  const names = Array.from({ length: files - 1 }, (_, index) => `file-${index}.txt`)
  await hub.commit(
    'tree',
    names.map((name) => line(name, name)),
  )
  const url = `${hub.url}/api/models/alice/tree/tree/main?recursive=true`
  for (let i = 0; i < 20; i += 1) await timed(url)
  const again: number[] = []
  for (let i = 0; i < asks; i += 1) again.push(await timed(url))
  const fresh: number[] = []
  for (let i = 0; i < freshAsks; i += 1) {
    await hub.commit('tree', [line('file-0.txt', `change ${i}`)])
    fresh.push(await timed(url))
  }
  const note = (values: readonly number[]): string =>
    `p95 ${percentile(values, 0.95).toFixed(1)} ms`
  return [
    {
      what: 'tree of 1,000 files, asked again',
      found: `p50 ${median(again).toFixed(1)} ms`,
      reference: '',
      bar: 'p50 ≤ 10 ms',
      isMet: median(again) <= 10,
      note: `${note(again)}; JSON of the list, both ends`,
    },
    {
      what: 'tree of 1,000 files, right after a commit',
      found: `p50 ${median(fresh).toFixed(1)} ms`,
      reference: '',
      bar: 'p50 ≤ 10 ms',
      isMet: median(fresh) <= 10,
      note: `${note(fresh)}; one tree read and parsed, sizes of its blobs in two queries`,
    },
  ]
}
