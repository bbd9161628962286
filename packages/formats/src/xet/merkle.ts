/**
 * The Merkle tree over chunks, computed as they come: each level keeps its open group only. Source: the Xet protocol, aggregation.
 */
import { formatXetHash, isGroupEnd } from './hash.ts'
import type { XetHasher } from './blake3.ts'

export interface Merkle {
  /** One more leaf: the 32 bytes at `at` (copied) and its raw length. */
  add(hash: Uint8Array, rawBytes: number, at?: number): void
  /** The root: 32 zero bytes when nothing was added, the leaf itself when it was one. Call once. */
  finish(): Uint8Array
}

/** A group has 3 to 9 children, but the last one of a level may have fewer. */
const groupMax = 9
const groupMin = 3

interface Node {
  readonly hash: Uint8Array
  readonly rawBytes: number
}

interface Level {
  open: Node[]
  /** Nodes this level has had in all. */
  count: number
}

const encoder = new TextEncoder()

/** A tree without leaves. It holds at most eight nodes per level, however many chunks a file has. */
export const makeMerkle = (hasher: XetHasher): Merkle => {
  const levels: Level[] = []

  const parentOf = (children: readonly Node[]): Node => {
    let text = ''
    let rawBytes = 0
    for (const child of children) {
      text += `${formatXetHash(child.hash)} : ${child.rawBytes}\n`
      rawBytes += child.rawBytes
    }
    return { hash: hasher.node(encoder.encode(text)), rawBytes }
  }

  const close = (at: number): void => {
    const level = levels[at]
    if (level === undefined) return
    const children = level.open
    level.open = []
    put(at + 1, parentOf(children))
  }

  const put = (at: number, node: Node): void => {
    const level = (levels[at] ??= { open: [], count: 0 })
    level.open.push(node)
    level.count += 1
    const size = level.open.length
    if (size === groupMax || (size >= groupMin && isGroupEnd(node.hash))) close(at)
  }

  return {
    // Not `slice`, which gives a view where the caller's array is a Buffer.
    add: (hash, rawBytes, at = 0) =>
      put(0, { hash: new Uint8Array(hash.subarray(at, at + 32)), rawBytes }),
    finish() {
      for (let at = 0; at < levels.length; at += 1) {
        const level = levels[at]
        const [only] = level?.open ?? []
        if (level?.count === 1 && only !== undefined) return only.hash
        if (only !== undefined) close(at)
      }
      return new Uint8Array(32)
    },
  }
}
