/**
 * Cuts a stream into chunks by its content: a Gear rolling hash, 8 KiB to 128 KiB, 64 KiB on average. Source: the Xet protocol, chunking;
 * equal to hf_xet 1.1.10 and later.
 */
import { type CutterModule, inputAt, inputBytesMax, openCutterModule } from './cutter-wasm.ts'
import { scanPlain } from './cutter-plain.ts'

export interface Cutter {
  /** Offsets in `data` just after which a chunk ends, ascending. How a stream is sliced into calls does not matter. */
  push(data: Uint8Array): number[]
  /** Bytes since the last end. At the end of the stream, if any, they are the last chunk. */
  openBytes(): number
}

const chunkMin = 8192
const chunkMax = 131_072
/** The hash remembers 64 bytes, so all before these may be skipped without changing the first answer that counts. */
const hashFrom = chunkMin - 64 - 1

let shared: CutterModule | undefined

/** Takes bytes into the state; answers the offset in `data` after the first match, or 0. */
type Scan = (data: Uint8Array, from: number, end: number, state: Uint32Array) => number

const makeWasmScan = (module: CutterModule): Scan => {
  const scanBlock = (data: Uint8Array, from: number, end: number): number => {
    module.memory.set(data.subarray(from, end), inputAt)
    const found = module.scan(inputAt, inputAt + end - from)
    return found === 0 ? 0 : found - inputAt + from
  }
  return (data, from, end, state) => {
    module.state.set(state)
    let found = 0
    for (let at = from; at < end && found === 0; at += inputBytesMax) {
      found = scanBlock(data, at, Math.min(end, at + inputBytesMax))
    }
    state.set(module.state)
    return found
  }
}

/** `scan` is the inner loop; the default is the fastest there is. */
export const makeCutter = (scan?: Scan): Cutter => {
  shared ??= openCutterModule()
  const inner = scan ?? (shared === undefined ? scanPlain : makeWasmScan(shared))
  const state = new Uint32Array(2)
  /** Bytes of the open chunk. */
  let open = 0

  /** Feeds bytes before the minimum, where matches do not count. */
  const warm = (data: Uint8Array, from: number, end: number): void => {
    for (let at = from; at < end;) {
      const found = inner(data, at, end, state)
      if (found === 0) return
      at = found
    }
  }

  /** Where the open chunk ends in `data`, or 0 when it goes on. */
  const cut = (data: Uint8Array, from: number): number => {
    const start = from - open
    const warmFrom = Math.min(data.length, Math.max(from, start + hashFrom))
    const scanFrom = Math.min(data.length, Math.max(from, start + chunkMin - 1))
    warm(data, warmFrom, scanFrom)
    const end = Math.min(data.length, start + chunkMax)
    const found = inner(data, scanFrom, end, state)
    if (found !== 0) return found
    return end === start + chunkMax ? end : 0
  }

  return {
    push(data) {
      const ends: number[] = []
      let from = 0
      while (from < data.length) {
        const end = cut(data, from)
        if (end === 0) {
          open += data.length - from
          break
        }
        ends.push(end)
        open = 0
        state.fill(0)
        from = end
      }
      return ends
    },
    openBytes: () => open,
  }
}
