/** The header of a file of weights as a table. Only the header is read; what it says of data is checked against the file's size. */
import { FormatError } from '@weighhouse/formats/error.ts'
import {
  type GgufHeader,
  type GgufValue,
  parseGgufHeader,
} from '@weighhouse/formats/gguf/header.ts'
import { headerLengthOf, parseSafetensorsHeader } from '@weighhouse/formats/safetensors/header.ts'
import type { FileEntry, Hub, ReadPermit } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'

/** One answer; a page of more would be of no use to a person. */
const tensorsMax = 100_000
const metadataMax = 2_000
const valueCharsMax = 4_000
const ggufFirstBytes = 1024 * 1024

const readRange = async (
  hub: Hub,
  permit: ReadPermit,
  file: FileEntry,
  start: number,
  end: number,
): Promise<Buffer> => {
  const chunks: Buffer[] = []
  const source = await hub.refs.open(permit, file, { start, end: Math.min(end, file.sizeBytes) })
  for await (const chunk of source) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks) // bounded: end - start
}

const cut = (text: string): string =>
  text.length > valueCharsMax ? `${text.slice(0, valueCharsMax)}…` : text

const ggufText = (value: GgufValue): string => {
  if (typeof value !== 'object') return cut(String(value))
  const shown = value.head.slice(0, 8).map((one) => ggufText(one))
  return cut(`[${shown.join(', ')}${value.length > shown.length ? ', …' : ''}] (${value.length})`)
}

const safetensorsOf = async (hub: Hub, permit: ReadPermit, file: FileEntry) => {
  const length = headerLengthOf(await readRange(hub, permit, file, 0, Math.min(8, file.sizeBytes)))
  if (length > limits.headerBytesMax) {
    throw new FormatError(`The header says it has ${length} bytes: more than is read here.`)
  }
  const json = await readRange(hub, permit, file, 8, 8 + length)
  const { tensors, metadata } = parseSafetensorsHeader(json, file.sizeBytes)
  return {
    format: 'safetensors' as const,
    headerBytes: 8 + length,
    metadata: [...metadata].map(([key, value]) => ({ key, value: cut(value) })),
    tensors: tensors.map(({ name, dtype, shape, begin, end }) => ({
      name,
      dtype,
      shape: [...shape],
      beginBytes: begin,
      sizeBytes: end - begin,
    })),
  }
}

const ggufHeader = async (hub: Hub, permit: ReadPermit, file: FileEntry): Promise<GgufHeader> => {
  for (const end of [ggufFirstBytes, limits.headerBytesMax]) {
    const header = parseGgufHeader(await readRange(hub, permit, file, 0, end))
    if (header !== 'need_more') return header
  }
  throw new FormatError('The header is longer than the file, or than what is read here.')
}

const ggufOf = async (hub: Hub, permit: ReadPermit, file: FileEntry) => {
  const header = await ggufHeader(hub, permit, file)
  return {
    format: 'gguf' as const,
    headerBytes: header.dataOffset,
    metadata: [...header.metadata].map(([key, value]) => ({ key, value: ggufText(value) })),
    tensors: header.tensors.map(({ name, dims, type, offset }) => {
      const count = dims.reduce((product, size) => product * size, 1)
      const bytes = (count / type.blockElements) * type.blockBytes
      return {
        name,
        dtype: type.name,
        // The order in which frameworks print them.
        shape: dims.toReversed(),
        beginBytes: Number(offset),
        sizeBytes: Number.isSafeInteger(bytes) ? bytes : null,
      }
    }),
  }
}

/** Errors: `invalid` for a file that no loader would take, with what is wrong; `not_supported` for another format. */
export const readTensors = async (hub: Hub, permit: ReadPermit, file: FileEntry) => {
  const name = file.path.toLowerCase()
  try {
    if (name.endsWith('.safetensors')) return shown(await safetensorsOf(hub, permit, file))
    if (name.endsWith('.gguf')) return shown(await ggufOf(hub, permit, file))
  } catch (error) {
    if (error instanceof FormatError) {
      throw new HubError('invalid', error.message, { path: file.path }, error)
    }
    throw error
  }
  throw new HubError('not_supported', 'Tensors are read of .safetensors and .gguf files.')
}

const shown = <T extends { tensors: readonly unknown[]; metadata: readonly unknown[] }>(
  found: T,
) => ({
  ...found,
  total: found.tensors.length,
  tensors: found.tensors.slice(0, tensorsMax) as T['tensors'],
  metadata: found.metadata.slice(0, metadataMax) as T['metadata'],
})
