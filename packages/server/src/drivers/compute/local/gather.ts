/** Puts pieces together in few large buffers: each buffer handed on costs its reader a message, a write, a turn. */

/** Fresh memory taken at a time. */
const blockBytes = 1024 * 1024

interface Run {
  readonly memory: Uint8Array<ArrayBuffer>
  readonly start: number
  end: number
}

export interface Gather {
  /** `bytesLeft` is how much will come at most, this piece included. The piece is copied or moved. */
  add(piece: Uint8Array, bytesLeft: number): void
  /** What was added, in order. Each lies in memory of its own, or in the batch. */
  runs(): Uint8Array<ArrayBuffer>[]
}

/**
 * Pieces that lie in the batch, in their order, stay in it and close up over what lay between them; others are copied into blocks. The
 * batch must have been read up to the end of each such piece.
 */
export const makeGather = (batch: Uint8Array<ArrayBuffer>): Gather => {
  const home = new Uint8Array(batch.buffer)
  const runs: Run[] = []

  const addAtHome = (piece: Uint8Array): void => {
    const last = runs.at(-1)
    if (last?.memory === home) {
      home.set(piece, last.end)
      last.end += piece.length
    } else {
      const start = piece.byteOffset
      runs.push({ memory: home, start, end: start + piece.length })
    }
  }

  const addToBlocks = (piece: Uint8Array, bytesLeft: number): void => {
    for (let at = 0; at < piece.length;) {
      const last = runs.at(-1)
      const room = last === undefined || last.memory === home ? 0 : last.memory.length - last.end
      if (last === undefined || room === 0) {
        const size = Math.min(blockBytes, bytesLeft - at)
        runs.push({ memory: Buffer.allocUnsafeSlow(size), start: 0, end: 0 })
        continue
      }
      const part = piece.subarray(at, at + room)
      last.memory.set(part, last.end)
      last.end += part.length
      at += part.length
    }
  }

  return {
    add(piece, bytesLeft) {
      if (piece.buffer === batch.buffer) addAtHome(piece)
      else addToBlocks(piece, bytesLeft)
    },
    runs: () => runs.map(({ memory, start, end }) => memory.subarray(start, end)),
  }
}
