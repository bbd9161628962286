/** How pages feel in a browser beside the hub: the first visit to a model with nothing in the cache, and the largest pages there are. */
import { availableParallelism, loadavg } from 'node:os'
import { addMuch } from '../../e2e/kit/large-world.ts'
import { fillParties, pageOf } from '../../e2e/kit/parties.ts'
import { closeBrowser, openSite } from '../../e2e/kit/site.ts'
import { type Feel, feelOf, gzipBytes } from '../../e2e/kit/smooth.ts'
import { fillWorld } from '../../e2e/kit/world.ts'
import { buildWeb } from '../web/build.ts'
import { median } from './measure.ts'
import type { Finding } from './page.ts'

const visits = 9
const paintMsMax = 1_000
const scriptBytesMax = 200_000
const frameMsMax = 50
const elementsMax = 4_000

/** Others may use the machine: what waited on two cores says how much to believe. */
const loadWords = (): string =>
  `load of the machine ${(loadavg()[0] ?? 0).toFixed(1)} on ${availableParallelism()} cores`

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`
const whole = (ms: number): string => `${ms.toFixed(0)} ms`

const firstVisits = async (): Promise<Finding[]> => {
  await using site = await openSite()
  await fillWorld(site.dev)
  const paints: number[] = []
  const scripts = new Set<string>()
  for (let times = 0; times < visits; times += 1) {
    const context = await site.another()
    const page = await context.newPage()
    await page.setViewportSize({ width: 1440, height: 1000 })
    page.on('response', (answer) => {
      const { pathname } = new URL(answer.url())
      if (pathname.endsWith('.js')) scripts.add(pathname)
    })
    paints.push((await feelOf(page, `${site.url}/north-lab/report-triage`)).paintMs)
    await context.close()
  }
  const bytes = await gzipBytes([...scripts])
  return [
    {
      what: 'model page, nothing in the cache: largest paint',
      found: `p50 ${whole(median(paints))}`,
      reference: '',
      bar: `p50 ≤ ${paintMsMax} ms`,
      isMet: median(paints) <= paintMsMax,
      note: `${visits} browsers, ${whole(Math.min(...paints))} to ${whole(Math.max(...paints))}; script, then two calls, then paint; ${loadWords()}`,
    },
    {
      what: 'model page, nothing in the cache: scripts',
      found: `${kilobytes(bytes)} gzip`,
      reference: '',
      bar: `≤ ${kilobytes(scriptBytesMax)}`,
      isMet: bytes <= scriptBytesMax,
      note: 'React, router, queries, menus; each page its own piece',
    },
  ]
}

const largePage = (what: string, feel: Feel): Finding => ({
  what,
  found: `painted ${whole(feel.paintMs)}, frame p95 ${whole(feel.frameMs)}`,
  reference: '',
  bar: `≤ ${paintMsMax} ms, ≤ ${frameMsMax} ms, ≤ ${elementsMax} elements`,
  isMet: feel.paintMs <= paintMsMax && feel.frameMs <= frameMsMax && feel.elements <= elementsMax,
  note: `${feel.elements} elements; longest without an answer: coming ${whole(feel.blockedMs)}, scrolling 400 px a frame ${whole(feel.scrollBlockedMs)}; shift ${feel.shift.toFixed(3)}; ${loadWords()}`,
})

const largePages = async (): Promise<Finding[]> => {
  await using site = await openSite()
  await fillParties(site)
  const agreement = await addMuch(site.dev)
  const page = await pageOf(site, 'ann')
  const at = (path: string, ready?: Parameters<typeof feelOf>[2]): Promise<Feel> =>
    feelOf(page, site.url + path, ready)
  return [
    largePage(
      'folder of 5,000 files, all shown',
      await at('/lab/folder/tree/main/parts?all=1', (one) =>
        one.getByText(/^5\u202f000 of 5\u202f000 shown$/).waitFor(),
      ),
    ),
    largePage('models, 10,000 of them', await at('/models')),
    largePage('agreement of 60 clauses', await at(`/agreements/${agreement}`)),
  ]
}

export const pages = async (): Promise<Finding[]> => {
  await buildWeb()
  try {
    return [...(await firstVisits()), ...(await largePages())]
  } finally {
    await closeBrowser()
  }
}
