/** Reads the beginning of a Parquet file beside the page, by ranges. Told where it is, it answers once. */
import { FormatError } from '@weighhouse/formats/error.ts'
import {
  type HeadLimits,
  type ParquetHead,
  type ParquetSource,
  readParquetHead,
} from '@weighhouse/formats/parquet/head.ts'

export interface ParquetQuestion {
  readonly url: string
  readonly sizeBytes: number
}

/** A problem is of the file, a failure of the way to it. */
export type ParquetAnswer =
  | { readonly head: ParquetHead }
  | { readonly problem: string }
  | { readonly failure: string }

const limits: HeadLimits = { rowsMax: 100, columnsMax: 60, bytesMax: 48 * 1024 * 1024 }

const rangesOf = ({ url, sizeBytes }: ParquetQuestion): ParquetSource => ({
  sizeBytes,
  async read(start, end) {
    if (start === end) return new Uint8Array()
    const answer = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } })
    // An answer with the whole file would be as large as the file.
    if (answer.status !== 206) {
      await answer.body?.cancel()
      throw new Error(`The hub answered ${answer.status} for a part of the file.`)
    }
    return new Uint8Array(await answer.arrayBuffer())
  },
})

const read = async (question: ParquetQuestion): Promise<ParquetAnswer> => {
  try {
    return { head: await readParquetHead(rangesOf(question), limits) }
  } catch (error) {
    if (error instanceof FormatError) return { problem: error.message }
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

addEventListener('message', ({ data }: MessageEvent<ParquetQuestion>) => {
  void read(data).then((answer) => postMessage(answer))
})
