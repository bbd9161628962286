/** What it costs to take, and to take again, a file by the Xet protocol; and to give it. */
import { join } from 'node:path'
import { cpuSeconds, median, residentBytes, settleDisk } from './measure.ts'
import { type Finding, perSecond, ratio } from './page.ts'
import { makeRandomFile } from './transfer.ts'
import { openXetBench } from './xet-client.ts'

const sizeBytes = 1024 ** 3
const rounds = 3
const sampleMs = 100

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
    // As in `pushes`: memory that was never touched would be measured in place of the hub.
    await bench.dropXorbs()
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

/** The same client both ways: its start, its writing and its two cores are in both. */
export const xetPulls = async (folder: string): Promise<Finding[]> => {
  await using bench = await openXetBench(folder)
  const file = join(folder, 'source.bin')
  makeRandomFile(file, sizeBytes)
  await bench.upload('pull', file, 'w.bin')
  settleDisk()
  const ways = ['xet', 'plain'] as const
  const seconds = { xet: [] as number[], plain: [] as number[] }
  const cpu = { xet: [] as number[], plain: [] as number[] }
  // The first round warms both up and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of ways) {
      settleDisk()
      const before = cpuSeconds(bench.pid)
      const taken = await bench.download('pull', 'w.bin', way)
      if (round === 0) continue
      seconds[way].push(taken)
      cpu[way].push(cpuSeconds(bench.pid) - before)
    }
  }
  const speed = median(seconds.plain.map((one, round) => one / (seconds.xet[round] ?? Infinity)))
  const told = (way: (typeof ways)[number]): string =>
    `${perSecond(sizeBytes, median(seconds[way]))}, ${median(cpu[way]).toFixed(2)} s of the hub's CPU`
  return [
    {
      what: 'pull 1 GiB by `hf download`, Xet against plain GET',
      found: `${told('xet')}, ${ratio(speed)}`,
      reference: `\`HF_HUB_DISABLE_XET=1\` ${told('plain')}`,
      bar: '≥ 1.0×',
      isMet: speed >= 1,
      note: 'the same client, which starts, unpacks and writes on the same two cores',
    },
  ]
}
