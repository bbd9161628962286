/** Boundaries and chunk hashes of a file on one core. */
import { randomFillSync } from 'node:crypto'
import { makeCutter } from '@weighhouse/formats/xet/cutter.ts'
import { openHasher } from '@weighhouse/server/drivers/compute/local/hasher.ts'
import { median } from './measure.ts'
import { type Finding, perSecond } from './page.ts'

const sizeBytes = 256 * 1024 ** 2
const blockBytes = 1024 * 1024
const rounds = 5
const barBytesPerSecond = 1e9

export const xetCut = async (): Promise<Finding[]> => {
  const hasher = await openHasher()
  const file = randomFillSync(new Uint8Array(sizeBytes))
  const seconds: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const started = performance.now()
    const cutter = makeCutter()
    let from = 0
    for (let at = 0; at < sizeBytes; at += blockBytes) {
      for (const end of cutter.push(file.subarray(at, at + blockBytes))) {
        hasher.chunk(file.subarray(from, at + end))
        from = at + end
      }
    }
    hasher.chunk(file.subarray(from))
    if (round > 0) seconds.push((performance.now() - started) / 1000)
  }
  const speed = sizeBytes / median(seconds)
  return [
    {
      what: 'chunk boundaries and hashes, one core',
      found: perSecond(sizeBytes, median(seconds)),
      reference: '',
      bar: '≥ 1 GB/s',
      isMet: speed >= barBytesPerSecond,
      note: 'WebAssembly cutter, native BLAKE3',
    },
  ]
}
