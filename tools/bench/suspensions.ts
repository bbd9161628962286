/** How long a suspension takes to reach downloads that run: two hundred slow readers of a large file, counted where the hub holds them. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AgreedHub, openAgreedHub } from './agreed-repo.ts'
import { lfsLine } from './hub.ts'
import type { Finding } from './page.ts'
import { makeRandomFile, put } from './transfer.ts'

const streams = 200
const fileBytes = 64 * 1024 ** 2
const secondsMax = 60
/** Read at once, and how long a reader then waits. */
const sipBytes = 16 * 1024
const sipMs = 250
const apartMs = 120

/** Connections that the hub has open at this moment, as Linux lists them. */
const openAt = (port: number): number => {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const established = '01'
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  return lines.filter((line) => {
    const [, from = '', , state] = line.trim().split(/\s+/)
    return from.endsWith(local) && state === established
  }).length
}

const pushLarge = async (hub: AgreedHub, folder: string): Promise<void> => {
  const file = join(folder, 'w.bin')
  makeRandomFile(file, fileBytes)
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  await put(await hub.uploadUrl('agreed', sha256, fileBytes), file)
  await hub.commit('agreed', [lfsLine('w.bin', sha256, fileBytes)])
}

/** Takes a sip now and then, as a slow link does, until the connection ends. Resolves with whether all came. */
const readSlowly = async (answer: IncomingMessage): Promise<boolean> => {
  answer.on('error', () => undefined)
  while (!answer.destroyed) {
    answer.read(sipBytes)
    await sleep(sipMs)
  }
  return answer.complete
}

const begin = (url: string, token: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    get(url, { headers, agent: false }, (answer) => {
      if (answer.statusCode === 200) resolve(answer)
      else reject(new Error(`expected the file, found status ${answer.statusCode}`))
    }).once('error', reject)
  })

/** Every agreement is suspended at one moment, as the statement does it for one: in the row that decisions read. */
const suspendAll = (dataDir: string): void => {
  using database = new DatabaseSync(join(dataDir, 'weighhouse.db'))
  database.exec("pragma busy_timeout = 10000; update agreement set life = 'suspended'")
}

export const suspensions = async (folder: string): Promise<Finding[]> => {
  const dataDir = join(folder, 'data')
  await using hub = await openAgreedHub(dataDir)
  await pushLarge(hub, folder)
  const url = `${hub.url}/lab/agreed/resolve/main/w.bin`
  const port = Number(new URL(hub.url).port)
  const reading: Promise<boolean>[] = []
  for (let i = 0; i < streams; i += 1) {
    reading.push(readSlowly(await begin(url, hub.tokens['doctor'] ?? '')))
    // So that they are at different moments of the time between two looks.
    await sleep(apartMs)
  }
  const before = openAt(port)
  if (before < streams) throw new Error(`expected ${streams} streams, found ${before} open`)
  suspendAll(dataDir)
  const suspendedAt = performance.now()
  const seconds = (): number => (performance.now() - suspendedAt) / 1000
  let half = Number.NaN
  // Connections that the test's own setup keeps alive are not streams.
  const others = before - streams
  for (;;) {
    const left = Math.max(0, openAt(port) - others)
    if (Number.isNaN(half) && left <= streams / 2) half = seconds()
    if (left === 0 || seconds() > 3 * secondsMax) break
    await sleep(50)
  }
  const last = seconds()
  const whole = (await Promise.all(reading)).filter(Boolean).length
  return [
    {
      what: `suspension reaches the last of ${streams} running downloads`,
      found: `${last.toFixed(1)} s, half of them after ${half.toFixed(1)} s; ${whole} came to their end`,
      reference: '',
      bar: `≤ ${secondsMax} s`,
      isMet: last <= secondsMax && whole === 0,
      note: 'each is decided about again every 30 s; slow readers, which a full buffer would otherwise keep',
    },
  ]
}
