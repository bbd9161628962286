/** What a changed file costs: sent and stored, as parts of its size. */
import { randomBytes } from 'node:crypto'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './page.ts'
import { makeRandomFile } from './transfer.ts'
import { openXetBench, type XetBench } from './xet-client.ts'

const largeBytes = 2 * 1024 ** 3
const changedBytes = Math.round(largeBytes * 0.05)
const regions = 4
const smallBytes = 200e6
const insertedBytes = 300

/** Overwrites some tensors' worth of bytes in the middle of the file. */
const changeInPlace = async (file: string): Promise<void> => {
  const handle = await open(file, 'r+')
  const length = Math.round(changedBytes / regions)
  for (let region = 0; region < regions; region += 1) {
    const at = Math.round(((region + 0.5) * largeBytes) / regions)
    await handle.write(randomBytes(length), 0, length, at)
  }
  await handle.close()
}

const costOf = async (bench: XetBench, repo: string, file: string) => {
  const sentBefore = await bench.receivedBytes()
  const storedBefore = bench.storedBytes()
  await bench.upload(repo, file, 'model.safetensors')
  const sent = (await bench.receivedBytes()) - sentBefore
  return { sent, stored: bench.storedBytes() - storedBefore }
}

export const xetChanges = async (folder: string): Promise<Finding[]> => {
  await using bench = await openXetBench(folder)
  const large = join(folder, 'large.bin')
  makeRandomFile(large, largeBytes)
  await costOf(bench, 'large', large)
  await changeInPlace(large)
  const changed = await costOf(bench, 'large', large)
  const small = join(folder, 'small.bin')
  makeRandomFile(small, smallBytes)
  await costOf(bench, 'small', small)
  await writeFile(small, Buffer.concat([randomBytes(insertedBytes), await readFile(small)]))
  const inserted = await costOf(bench, 'small', small)
  const part = (bytes: number): string => `${((100 * bytes) / largeBytes).toFixed(2)} %`
  return [
    {
      what: '5 % of 2 GiB changed in place',
      found: `${part(changed.sent)} sent, ${part(changed.stored)} stored`,
      reference: '',
      bar: '≤ 6 %',
      isMet: Math.max(changed.sent, changed.stored) <= largeBytes * 0.06,
      note: 'four regions; a fresh client cache',
    },
    {
      what: '300 bytes before a file of 200 MB',
      found: `${Math.round(inserted.sent / 1000)} kB sent, ${Math.round(inserted.stored / 1000)} kB stored`,
      reference: '',
      bar: '≤ 1 MB',
      isMet: Math.max(inserted.sent, inserted.stored) <= 1e6,
      note: 'the first chunk is new; the hub hints at what the repo holds',
    },
  ]
}
