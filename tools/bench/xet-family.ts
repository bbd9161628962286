/** A family of models: a base, fine-tunes that share most of it, quantisations that share nothing. Beside restic on the same files. */
import { execFileSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatSafetensorsHead } from '@weighhouse/formats/safetensors/header.ts'
import type { Finding } from './page.ts'
import { openXetBench } from './xet-client.ts'

const tensors = 64
const tensorBytes = 4 * 1024 ** 2
const fineTunes = 5
const changedTensors = 3 // of 64: 5 %
const quantBits = [8, 5, 3]

/** One value of bf16 for each of 65,536 draws from a normal distribution. */
const normalTable = (): Uint16Array => {
  const float = new Float32Array(1)
  const bits = new Uint32Array(float.buffer)
  return Uint16Array.from({ length: 65_536 }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()))
    float[0] = radius * Math.cos(2 * Math.PI * Math.random()) * 0.02
    return (bits[0] ?? 0) >>> 16
  })
}

const drawTensor = (table: Uint16Array): Uint8Array => {
  const draws = randomFillSync(new Uint16Array(tensorBytes / 2))
  return new Uint8Array(draws.map((draw) => table[draw] ?? 0).buffer)
}

/** As many bits of each value as asked for, scaled, packed. */
const quantize = (tensor: Uint8Array, bits: number): Uint8Array => {
  const words = new Uint16Array(tensor.buffer, tensor.byteOffset, tensor.length / 2)
  const packed = new Uint8Array((words.length * bits) / 8)
  const float = new Float32Array(1)
  const raw = new Uint32Array(float.buffer)
  const half = 2 ** (bits - 1)
  let buffer = 0
  let held = 0
  let at = 0
  for (const word of words) {
    raw[0] = word << 16
    const level = Math.round(((float[0] ?? 0) / 0.06) * half)
    buffer = (buffer << bits) | (Math.max(-half, Math.min(half - 1, level)) & (2 ** bits - 1))
    held += bits
    while (held >= 8) {
      held -= 8
      packed[at] = (buffer >>> held) & 0xff
      at += 1
    }
    buffer &= 2 ** held - 1
  }
  return packed
}

const writeModel = async (path: string, dtype: 'BF16' | 'U8', data: readonly Uint8Array[]) => {
  const head = formatSafetensorsHead(
    data.map((bytes, i) => ({
      name: `layer.${i}.weight`,
      dtype,
      shape: [dtype === 'BF16' ? bytes.length / 2 : bytes.length],
      data: bytes,
    })),
    { format: 'pt' },
  )
  await writeFile(path, Buffer.concat([head, ...data]))
}

const makeFamily = async (folder: string): Promise<void> => {
  const table = normalTable()
  const base = Array.from({ length: tensors }, () => drawTensor(table))
  await writeModel(join(folder, 'base.safetensors'), 'BF16', base)
  for (let version = 0; version < fineTunes; version += 1) {
    const tuned = base.map((tensor, i) =>
      i % Math.floor(tensors / changedTensors) === version ? drawTensor(table) : tensor,
    )
    await writeModel(join(folder, `tuned-${version}.safetensors`), 'BF16', tuned)
  }
  for (const bits of quantBits) {
    const quantized = base.map((tensor) => quantize(tensor, bits))
    await writeModel(join(folder, `q${bits}.safetensors`), 'U8', quantized)
  }
}

const resticBytes = (folder: string, source: string): number => {
  const repository = join(folder, 'restic')
  const env = { ...process.env, RESTIC_PASSWORD: 'bench', RESTIC_REPOSITORY: repository }
  execFileSync('restic', ['init', '--repository-version', '2'], { env, stdio: 'ignore' })
  execFileSync('restic', ['backup', source], { env, stdio: 'ignore' })
  const output = execFileSync('du', ['-sb', join(repository, 'data')], { encoding: 'utf8' })
  return Number(output.split('\t')[0])
}

export const xetFamily = async (folder: string): Promise<Finding[]> => {
  await using bench = await openXetBench(folder)
  const source = join(folder, 'family')
  await mkdir(source)
  await makeFamily(source)
  let logical = 0
  for (const name of await readdir(source)) {
    logical += (await stat(join(source, name))).size
    await bench.upload('family', join(source, name), name)
  }
  const part = bench.storedBytes() / logical
  const theirs = resticBytes(folder, source) / logical
  return [
    {
      what: 'a family of nine models, stored of logical',
      found: part.toFixed(3),
      reference: `restic ${theirs.toFixed(3)}`,
      bar: '≤ 0.36',
      isMet: part <= 0.36,
      note: 'bf16 base of 256 MiB, five fine-tunes with 5 % of tensors changed, three quantisations',
    },
  ]
}
