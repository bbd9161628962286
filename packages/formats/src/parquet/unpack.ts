/** Packed pages as they were: never more than the page said, which is bounded before. */
import { decompress } from 'fzstd'
import { FormatError } from '../error.ts'
import { unpackSnappy } from './snappy.ts'

const codecs = ['none', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW']

/** By the platform, stopped as soon as it gives more than was said. */
const unpackGzip = async (packed: Uint8Array, sizeBytes: number): Promise<Uint8Array> => {
  const out = new Uint8Array(sizeBytes)
  // A copy, since a stream of the platform takes bytes of its own.
  const stream = new Blob([packed.slice()]).stream().pipeThrough(new DecompressionStream('gzip'))
  const reader = stream.getReader()
  let filled = 0
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new FormatError('Its packed bytes are broken.', { cause })
    })
    if (done) break
    if (filled + value.length > sizeBytes) {
      await reader.cancel()
      throw new FormatError('More bytes are packed than were said.')
    }
    out.set(value, filled)
    filled += value.length
  }
  if (filled !== sizeBytes)
    throw new FormatError(`${filled} bytes are packed, expected ${sizeBytes}.`)
  return out
}

const zstdMagic = 0xfd2fb528

/** Bytes that a frame says it unpacks to; undefined where it does not say. */
const frameBytes = (packed: Uint8Array): bigint | undefined => {
  if (packed.length < 18) return undefined
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length)
  if (view.getUint32(0, true) !== zstdMagic) {
    throw new FormatError('Its packed bytes are broken: they are no frame of Zstandard.')
  }
  const head = view.getUint8(4)
  const isSingle = (head & 32) !== 0
  const at = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][head & 3] ?? 0)
  const form = head >> 6
  if (form === 0) return isSingle ? BigInt(view.getUint8(at)) : undefined
  if (form === 1) return BigInt(view.getUint16(at, true) + 256)
  return form === 2 ? BigInt(view.getUint32(at, true)) : view.getBigUint64(at, true)
}

/** The library writes into our bytes alone, whatever a frame says of its window. */
const unpackZstd = (packed: Uint8Array, sizeBytes: number): Uint8Array => {
  const said = frameBytes(packed)
  if (said !== undefined && said !== BigInt(sizeBytes)) {
    throw new FormatError(`Packed bytes say ${said}, their page ${sizeBytes}.`)
  }
  try {
    return decompress(packed, new Uint8Array(sizeBytes))
  } catch (error) {
    throw new FormatError('Its packed bytes are broken.', { cause: error })
  }
}

/** Errors: `FormatError` for broken bytes, and for a codec that is not read here, by its name. */
export const unpackPage = async (
  codec: number,
  packed: Uint8Array,
  sizeBytes: number,
): Promise<Uint8Array> => {
  const name = codecs[codec] ?? String(codec)
  if (name === 'none') {
    if (packed.length === sizeBytes) return packed
    throw new FormatError(`A page has ${packed.length} bytes, its header says ${sizeBytes}.`)
  }
  if (sizeBytes === 0) return new Uint8Array()
  if (name === 'SNAPPY') return unpackSnappy(packed, sizeBytes)
  if (name === 'GZIP') return unpackGzip(packed, sizeBytes)
  if (name === 'ZSTD') return unpackZstd(packed, sizeBytes)
  throw new FormatError(`Its values are packed with ${name}, which is not read here.`)
}
