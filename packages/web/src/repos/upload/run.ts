/** One upload as the page shows it. It tells at most a few times a second, however many files there are. */
import {
  type FileState,
  type SentFile,
  uploadFiles,
  type UploadTarget,
} from '@weighhouse/contract/upload.ts'
import { hub } from '../../app/api.ts'
import { hubUrl } from '../../app/base.ts'
import { hashInWorker, putWithProgress } from './send.ts'

export interface FileProgress {
  readonly path: string
  readonly sizeBytes: number
  readonly state: FileState
  readonly bytes: number
}

export interface Progress {
  readonly phase: 'idle' | 'sending' | 'done' | 'failed' | 'cancelled'
  readonly files: readonly FileProgress[]
  readonly doneBytes: number
  readonly totalBytes: number
  readonly commit: string
  readonly ignored: number
  readonly problem: string
}

const tellEveryMs = 200

export const idle: Progress = {
  phase: 'idle',
  files: [],
  doneBytes: 0,
  totalBytes: 0,
  commit: '',
  ignored: 0,
  problem: '',
}

const partOf = ({ state, bytes, sizeBytes }: FileProgress): number =>
  state === 'done' ? sizeBytes : state === 'sending' ? Math.min(bytes, sizeBytes) : 0

export interface Wish {
  readonly files: readonly SentFile[]
  readonly title: string
}

/** Begins; `cancel` ends it. A second run with the same files goes on where the first ended. */
export const runUpload = (
  target: UploadTarget,
  wish: Wish,
  tell: (progress: Progress) => void,
): { cancel: () => void } => {
  const stopper = new AbortController()
  const files = new Map<string, FileProgress>(
    wish.files.map(({ path, blob }) => [
      path,
      { path, sizeBytes: blob.size, state: 'waits', bytes: 0 },
    ]),
  )
  const totalBytes = wish.files.reduce((sum, { blob }) => sum + blob.size, 0)
  let end: Partial<Progress> = {}
  const look = (): Progress => {
    const all = [...files.values()]
    const doneBytes = all.reduce((sum, one) => sum + partOf(one), 0)
    return { ...idle, phase: 'sending', files: all, doneBytes, totalBytes, ...end }
  }
  const timer = setInterval(() => tell(look()), tellEveryMs)
  const watch = {
    signal: stopper.signal,
    onFile: (path: string, state: FileState, bytes: number): void => {
      const known = files.get(path)
      if (known !== undefined) files.set(path, { ...known, state, bytes })
    },
  }
  const parts = { hub, url: hubUrl, put: putWithProgress, hash: hashInWorker }
  uploadFiles(parts, target, wish, watch)
    .then(({ commit, ignored }) => {
      end = { phase: 'done', commit, ignored }
    })
    .catch((error: unknown) => {
      end = stopper.signal.aborted
        ? { phase: 'cancelled' }
        : { phase: 'failed', problem: error instanceof Error ? error.message : String(error) }
    })
    .finally(() => {
      clearInterval(timer)
      tell(look())
    })
  tell(look())
  return { cancel: () => stopper.abort(new DOMException('cancelled', 'AbortError')) }
}
