/**
 * The calls of the Xet protocol, one function each: a small client of our own. It believes the hub nothing: what it downloads is put
 * together from the plan and the ranges alone.
 */
import { unpackRecord } from '@weighhouse/formats/xet/record.ts'
import { makeRecordStream } from '@weighhouse/formats/xet/record-stream.ts'
import type { Answer, Ask, DevHouse } from '../dev-house.ts'
import { commit, header, lfsFile, local } from './calls.ts'
import { shardOf, type XetFile, type Xorb, xorbsOf } from './xet-kit.ts'

/** A Xet token and where it is spent. */
export interface Grant {
  readonly accessToken: string
  readonly exp: number
  readonly casUrl: string
}

export const askGrant = (
  dev: DevHouse,
  repo: string,
  { scope = 'write', rev = '/main', ...ask }: Ask & { scope?: string; rev?: string } = {},
): Promise<Answer> => dev.ask('GET', `/api/models/${repo}/xet-${scope}-token${rev}`, ask)

export const grantOf = (answer: Answer): Grant => {
  if (answer.status !== 200) throw new Error(`a token: ${answer.status} ${answer.text}`)
  // A cast because the answer's form is the protocol's.
  return answer.json() as Grant
}

export const writer = async (dev: DevHouse, repo: string, token: string): Promise<Grant> =>
  grantOf(await askGrant(dev, repo, { token }))

export const reader = async (dev: DevHouse, repo: string, token?: string): Promise<Grant> =>
  grantOf(await askGrant(dev, repo, { scope: 'read', ...(token === undefined ? {} : { token }) }))

/** A request below the CAS URL. Bodies go without a content type, as clients send them. */
export const cas = (
  dev: DevHouse,
  { casUrl, accessToken }: Grant,
  method: string,
  path: string,
  ask: Ask = {},
): Promise<Answer> => dev.ask(method, local(casUrl) + path, { token: accessToken, ...ask })

export const postXorb = (dev: DevHouse, grant: Grant, { hash, body }: Xorb): Promise<Answer> =>
  cas(dev, grant, 'POST', `/v1/xorbs/default/${hash}`, { body })

export const postShard = (
  dev: DevHouse,
  grant: Grant,
  body: Uint8Array,
  version: 'v1' | 'v2' = 'v1',
): Promise<Answer> =>
  cas(dev, grant, 'POST', `/${version}/shards`, { body: Buffer.from(body.slice()) })

/** Xorbs first, then one shard of all files. Throws when anything is refused. */
export const send = async (
  dev: DevHouse,
  grant: Grant,
  files: readonly XetFile[],
): Promise<void> => {
  for (const xorb of xorbsOf(files)) {
    const answer = await postXorb(dev, grant, xorb)
    if (answer.status !== 200) throw new Error(`a xorb: ${answer.status} ${answer.text}`)
  }
  const answer = await postShard(dev, grant, shardOf(files))
  if (answer.status !== 200) throw new Error(`a shard: ${answer.status} ${answer.text}`)
}

/** Sends a file and commits it. */
export const push = async (
  dev: DevHouse,
  repo: string,
  token: string,
  file: XetFile,
  path = 'w.bin',
): Promise<Grant> => {
  const grant = await writer(dev, repo, token)
  await send(dev, grant, [file])
  const answer = await commit(dev, repo, [header(), lfsFile(path, file.bytes)], { token })
  if (answer.status !== 200) throw new Error(`a commit: ${answer.status} ${answer.text}`)
  return grant
}

/** End exclusive where it counts chunks, inclusive where it counts bytes. */
interface Span {
  readonly start: number
  readonly end: number
}

export interface PlanV2 {
  readonly offset_into_first_range: number
  readonly terms: readonly {
    readonly hash: string
    readonly unpacked_length: number
    readonly range: Span
  }[]
  readonly xorbs: Readonly<
    Record<string, readonly { url: string; ranges: readonly { chunks: Span; bytes: Span }[] }[]>
  >
}

export const planOf = async (
  dev: DevHouse,
  grant: Grant,
  hash: string,
  range?: string,
): Promise<PlanV2> => {
  const headers = range === undefined ? {} : { range }
  const answer = await cas(dev, grant, 'GET', `/v2/reconstructions/${hash}`, { headers })
  if (answer.status !== 200) throw new Error(`a plan: ${answer.status} ${answer.text}`)
  // A cast because the answer's form is the protocol's.
  return answer.json() as PlanV2
}

const unpackBody = (body: Uint8Array): Buffer[] => {
  const chunks: Buffer[] = []
  const records = makeRecordStream((one, payload) => {
    chunks.push(Buffer.from(unpackRecord(one, payload)))
  })
  records.push(body)
  records.finish()
  return chunks
}

/** Everything a plan names, fetched range by range; at most `takeBytes` of it. */
export const rebuild = async (
  dev: DevHouse,
  plan: PlanV2,
  takeBytes = Number.MAX_SAFE_INTEGER,
): Promise<Buffer> => {
  const found = new Map<string, Buffer>()
  for (const [xorb, entries] of Object.entries(plan.xorbs)) {
    for (const { url, ranges } of entries) {
      for (const { chunks, bytes } of ranges) {
        const headers = { range: `bytes=${bytes.start}-${bytes.end}` }
        const answer = await dev.ask('GET', local(url), { headers })
        if (answer.status !== 206) throw new Error(`a range: ${answer.status} ${answer.text}`)
        const raw = unpackBody(answer.bytes)
        if (raw.length !== chunks.end - chunks.start) throw new Error('not as many chunks as said')
        raw.forEach((chunk, i) => found.set(`${xorb} ${chunks.start + i}`, chunk))
      }
    }
  }
  const parts = plan.terms.flatMap(({ hash, range }) =>
    Array.from({ length: range.end - range.start }, (_, i) => {
      const chunk = found.get(`${hash} ${range.start + i}`)
      if (chunk === undefined) throw new Error(`no range holds chunk ${range.start + i}`)
      return chunk
    }),
  )
  const from = plan.offset_into_first_range
  return Buffer.concat(parts).subarray(from, from + takeBytes)
}

/** The bytes of a file by the Xet protocol. */
export const pull = async (dev: DevHouse, grant: Grant, hash: string): Promise<Buffer> =>
  rebuild(dev, await planOf(dev, grant, hash))

const all = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}

/** What the hub keeps of the Xet protocol: rows and stages. */
export const kept = async ({ house }: DevHouse) => {
  const count = async (table: 'xorb' | 'xet_file' | 'content_link'): Promise<number> => {
    const row = await house.db.read
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    return Number(row.n)
  }
  const bodies = await all(house.xorbs.list())
  const stages = await all(house.xorbs.listStages())
  const whole = await all(house.bytes.list())
  return {
    xorbs: await count('xorb'),
    files: await count('xet_file'),
    links: await count('content_link'),
    bodies: bodies.length,
    bodyBytes: bodies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    stages: stages.length,
    whole: whole.length,
  }
}
