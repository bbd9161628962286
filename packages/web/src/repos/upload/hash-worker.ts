/** Hashes a file beside the page, so that the page stays quick. Told a file, it answers bytes as it goes, and the hash. */
import { openSha256 } from '@weighhouse/formats/digest/sha256.ts'

export type HashAnswer =
  | { readonly bytes: number }
  | { readonly hex: string }
  | { readonly problem: string }

const pieceBytes = 4 * 1024 * 1024

const answer = (message: HashAnswer): void => postMessage(message)

const hash = async (blob: Blob): Promise<void> => {
  const state = await openSha256()
  for (let at = 0; at < blob.size; at += pieceBytes) {
    const piece = blob.slice(at, at + pieceBytes)
    state.update(new Uint8Array(await piece.arrayBuffer()))
    answer({ bytes: at + piece.size })
  }
  answer({ hex: state.hex() })
}

addEventListener('message', ({ data }: MessageEvent<Blob>) => {
  hash(data).catch((error: unknown) =>
    answer({ problem: error instanceof Error ? error.message : String(error) }),
  )
})
