/** What it costs to take, and to take again, a file by the Xet protocol; and to give it. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { cpuSeconds, median, residentBytes, settleDisk } from './measure.ts'
import { type Finding, perSecond, ratio } from './page.ts'
import { mark, makeRandomFile } from './transfer.ts'
import { openXetBench } from './xet-client.ts'

const sizeBytes = 1024 ** 3
const rounds = 3
const sampleMs = 100

/** Seconds of curl for the same file, whole. */
const plainGet = (url: string, token: string): number => {
  const format = '%{time_total}'
  const header = `Authorization: Bearer ${token}`
  const out = execFileSync('curl', ['-sS', '-o', '/dev/null', '-w', format, '-H', header, url])
  return Number(out.toString())
}

export const xetPushes = async (folder: string): Promise<Finding[]> => {
  await using bench = await openXetBench(folder)
  const file = join(folder, 'source.bin')
  makeRandomFile(file, sizeBytes)
  const cpu: number[] = []
  const seconds: number[] = []
  const memory: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    // Every chunk is new: otherwise the client would not send it.
    if (round > 0) makeRandomFile(file, sizeBytes)
    settleDisk()
    const before = cpuSeconds(bench.pid)
    const timer = setInterval(() => memory.push(residentBytes(bench.pid)), sampleMs)
    const taken = await bench.upload(`push-${round}`, file, 'w.bin')
    clearInterval(timer)
    settleDisk()
    if (round === 0) continue
    cpu.push(cpuSeconds(bench.pid) - before)
    seconds.push(taken)
  }
  const receivedBefore = await bench.receivedBytes()
  const storedBefore = bench.storedBytes()
  await bench.upload('again', file, 'w.bin')
  const sent = (await bench.receivedBytes()) - receivedBefore
  const stored = bench.storedBytes() - storedBefore
  const highest = Math.max(...memory)
  return [
    {
      what: 'CPU to take 1 GiB by `hf_xet`',
      found: `${median(cpu).toFixed(2)} s`,
      reference: perSecond(sizeBytes, median(seconds)),
      bar: '≤ 1.5 s',
      isMet: median(cpu) <= 1.5,
      note: 'network, disk, BLAKE3 of every chunk, and the file read back for its SHA-256',
    },
    {
      what: 'the same 1 GiB again, from an empty cache',
      found: `${(sent / 1e6).toFixed(2)} MB sent, ${stored} bytes stored`,
      reference: '',
      bar: '0 xorbs, ≤ 2 MB',
      isMet: stored === 0 && sent <= 2e6,
      note: 'one question, one shard',
    },
    {
      what: 'resident memory meanwhile',
      found: `${Math.round(highest / 1e6)} MB at most`,
      reference: `median ${Math.round(median(memory) / 1e6)} MB`,
      bar: 'constant in file size',
      isMet: highest < 500e6,
      note: 'two computing threads with their runtimes; batches of 512 KiB',
    },
  ]
}

export const xetPulls = async (folder: string): Promise<Finding[]> => {
  await using bench = await openXetBench(folder)
  const file = join(folder, 'source.bin')
  makeRandomFile(file, sizeBytes)
  await mark(file)
  await bench.upload('pull', file, 'w.bin')
  settleDisk()
  const url = `${bench.url}/alice/pull/resolve/main/w.bin`
  const byXet: number[] = []
  const plain: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const one = await bench.download('pull', 'w.bin')
    const other = plainGet(url, bench.token)
    if (round === 0) continue
    byXet.push(one)
    plain.push(other)
  }
  const speed = median(plain.map((seconds, round) => seconds / (byXet[round] ?? Infinity)))
  return [
    {
      what: 'pull 1 GiB by `hf_xet`',
      found: `${perSecond(sizeBytes, median(byXet))}, ${ratio(speed)}`,
      reference: `plain GET by curl ${perSecond(sizeBytes, median(plain))}`,
      bar: '≥ 1.0×',
      isMet: speed >= 1,
      note: 'the Python client starts, writes the file and is on the same two cores; curl throws the bytes away',
    },
  ]
}
