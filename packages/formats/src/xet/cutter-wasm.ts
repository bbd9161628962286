/**
 * The inner loop of the cutter as a WebAssembly module, put together here so that it can be read: JavaScript has no fast 64-bit integers.
 *
 * Memory: the table at 0, the state at `stateAt`, input from `inputAt` on. `scan(p, end)` takes the bytes from p on into the state, until
 * one makes its upper 16 bits zero: it answers the address after that byte, or 0 when `end` was reached.
 */
import { gearTable } from './gear-table.ts'

const stateAt = 2048
export const inputAt = 4096
export const inputBytesMax = 256 * 1024
const pages = 5
const unrolled = 8

const i32 = 0x7f
const i64 = 0x7e
const [p, end, h] = [0, 1, 2]

const leb = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const byte = rest & 0x7f
    rest >>>= 7
    if (rest === 0) return [...bytes, byte]
    bytes.push(byte | 0x80)
  }
}
/** Signed, for constants: one more group where the top bit of the last would read as a sign. */
const constant = (value: number): number[] => {
  const bytes = leb(value)
  const last = bytes.at(-1) ?? 0
  return (last & 0x40) === 0 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0]
}
const sized = (body: number[]): number[] => [...leb(body.length), ...body]
const section = (id: number, body: number[]): number[] => [id, ...sized(body)]

const get = (local: number): number[] => [0x20, local]
const set = (local: number): number[] => [0x21, local]
const tee = (local: number): number[] => [0x22, local]
const i32Const = (value: number): number[] => [0x41, ...constant(value)]
const i64Const = (value: number): number[] => [0x42, ...constant(value)]
const i32Add = [0x6a]
const i32Shl = [0x74]
const i32GreaterU = [0x4b]
const i32GreaterEqualU = [0x4f]
const i64Add = [0x7c]
const i64Shl = [0x86]
const i64ShrU = [0x88]
const i64IsZero = [0x50]
const loadByte = (offset: number): number[] => [0x2d, 0, ...leb(offset)]
const loadWord = [0x29, 3, 0]
const storeWord = [0x37, 3, 0]
const block = [0x02, 0x40]
const loop = [0x03, 0x40]
const when = [0x04, 0x40]
const close = [0x0b]
const br = (depth: number): number[] => [0x0c, depth]
const brIf = (depth: number): number[] => [0x0d, depth]
const ret = [0x0f]

const storeState = [...i32Const(stateAt), ...get(h), ...storeWord]

/** h = (h << 1) + table[byte at p + offset]; returns behind that byte when the top 16 bits of h are zero. */
const step = (offset: number): number[] => [
  ...get(h),
  ...i64Const(1),
  ...i64Shl,
  ...get(p),
  ...loadByte(offset),
  ...i32Const(3),
  ...i32Shl,
  ...loadWord,
  ...i64Add,
  ...tee(h),
  ...i64Const(48),
  ...i64ShrU,
  ...i64IsZero,
  ...when,
  ...storeState,
  ...get(p),
  ...i32Const(offset + 1),
  ...i32Add,
  ...ret,
  ...close,
]

const advance = (bytes: number): number[] => [...get(p), ...i32Const(bytes), ...i32Add, ...set(p)]

const scanBody = [
  ...[1, 1, i64], // one local, h
  ...[...i32Const(stateAt), ...loadWord, ...set(h)],
  ...block,
  ...loop,
  ...[...get(p), ...i32Const(unrolled), ...i32Add, ...get(end), ...i32GreaterU, ...brIf(1)],
  ...Array.from({ length: unrolled }, (_, offset) => step(offset)).flat(),
  ...advance(unrolled),
  ...br(0),
  ...close,
  ...close,
  ...block,
  ...loop,
  ...[...get(p), ...get(end), ...i32GreaterEqualU, ...brIf(1)],
  ...step(0),
  ...advance(1),
  ...br(0),
  ...close,
  ...close,
  ...storeState,
  ...i32Const(0),
  ...close,
]

const name = (text: string): number[] => sized([...text].map((c) => c.codePointAt(0) ?? 0))

const moduleBytes = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 2, i32, i32, 1, i32]),
  ...section(3, [1, 0]),
  ...section(5, [1, 0, pages + inputBytesMax / 65_536]),
  ...section(7, [2, ...name('memory'), 2, 0, ...name('scan'), 0, 0]),
  ...section(10, [1, ...sized(scanBody)]),
])

export interface CutterModule {
  /** Where input is laid, from `inputAt` on. */
  readonly memory: Uint8Array
  scan(p: number, end: number): number
  /** The rolling state, as two u32: kept between calls by whoever cuts. */
  readonly state: Uint32Array
}

/** The module, made once, or undefined where WebAssembly is missing. */
export const openCutterModule = (): CutterModule | undefined => {
  if (typeof WebAssembly === 'undefined') return undefined
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes))
  // A cast because the exports are those written above.
  const { memory, scan } = instance.exports as {
    memory: WebAssembly.Memory
    scan: CutterModule['scan']
  }
  new BigUint64Array(memory.buffer, 0, 256).set(gearTable)
  const state = new Uint32Array(memory.buffer, stateAt, 2)
  return { memory: new Uint8Array(memory.buffer), scan, state }
}
