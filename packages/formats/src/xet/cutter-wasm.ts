/**
 * The inner loop of the cutter as a WebAssembly module, put together here so that it can be read: JavaScript has no fast 64-bit integers.
 *
 * Memory: the table at 0, the state at `stateAt`, input from `inputAt` on. `scan(p, end)` takes the bytes from p on into the state, until
 * one makes its upper 16 bits zero: it answers the address after that byte, or 0 when `end` was reached.
 */
import { gearTable } from './gear-table.ts'

const stateAt = 2048
/** Where input begins in the module's memory. */
export const inputAt = 4096
/** At most so much input at a time. Little, because what lies behind a match is laid there again for the next chunk. */
export const inputBytesMax = 16 * 1024
const pageBytes = 65_536
/** Bytes per turn of the main loop. */
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
const code = (...parts: number[][]): number[] => parts.flat()
const sized = (body: number[]): number[] => code(leb(body.length), body)
const section = (id: number, body: number[]): number[] => code([id], sized(body))

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

const loadState = code(i32Const(stateAt), loadWord, set(h))
const storeState = code(i32Const(stateAt), get(h), storeWord)

const repeatUntil = (isDone: number[], body: number[]): number[] =>
  code(block, loop, isDone, brIf(1), body, br(0), close, close)

/** h = (h << 1) + table[byte at p + offset]; returns p + offset + 1 when the upper 16 bits of h are zero. */
const step = (offset: number): number[] =>
  code(
    code(get(h), i64Const(1), i64Shl),
    code(get(p), loadByte(offset), i32Const(3), i32Shl, loadWord),
    code(i64Add, tee(h)),
    code(i64Const(48), i64ShrU, i64IsZero),
    code(when, storeState, get(p), i32Const(offset + 1), i32Add, ret, close),
  )

const steps = (count: number): number[] =>
  code(
    ...Array.from({ length: count }, (_, offset) => step(offset)),
    code(get(p), i32Const(count), i32Add, set(p)),
  )

const oneLocal = [1, 1, i64]

const scanBody = code(
  oneLocal,
  loadState,
  repeatUntil(code(get(p), i32Const(unrolled), i32Add, get(end), i32GreaterU), steps(unrolled)),
  repeatUntil(code(get(p), get(end), i32GreaterEqualU), steps(1)),
  storeState,
  i32Const(0),
  close,
)

const name = (text: string): number[] => sized(Array.from(text, (c) => c.codePointAt(0) ?? 0))

const moduleBytes = Uint8Array.from(
  code(
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic and version
    section(1, [1, 0x60, 2, i32, i32, 1, i32]), // types: (i32, i32) -> i32
    section(3, [1, 0]), // functions: one, of type 0
    section(5, [1, 0, Math.ceil((inputAt + inputBytesMax) / pageBytes)]), // memory, in pages
    section(7, code([2], name('memory'), [2, 0], name('scan'), [0, 0])), // exports
    section(10, code([1], sized(scanBody))), // bodies
  ),
)

/** The one instance: whoever scans lays the state and the input, and takes the state away again before anybody else scans. */
export interface CutterModule {
  /** Where input is laid, from `inputAt` on. */
  readonly memory: Uint8Array
  /** Address after the first match in the bytes from `p` to `end`, or 0. */
  scan(p: number, end: number): number
  /** The rolling state, as two u32, the lower one first. */
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
