/** How this browser hashes and sends: a worker for the one, a request that tells its progress for the other. */
import { refusalFrom, type SendHow } from '@weighhouse/contract/upload.ts'
import type { HashAnswer } from './hash-worker.ts'

/** One worker for each file: ending it is how a hash is cancelled. */
export const hashInWorker = (blob: Blob, { signal, onBytes }: SendHow): Promise<string> => {
  const worker = new Worker(new URL('./hash-worker.ts', import.meta.url), { type: 'module' })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const stop = (): void =>
    reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'))
  signal.addEventListener('abort', stop, { once: true })
  worker.addEventListener('error', () => reject(new Error('This browser could not hash the file.')))
  worker.addEventListener('message', ({ data }: MessageEvent<HashAnswer>) => {
    if ('bytes' in data) onBytes(data.bytes)
    else if ('hex' in data) resolve(data.hex)
    else reject(new Error(data.problem))
  })
  // A worker has no origin to name: that is for windows.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage(blob)
  return promise.finally(() => {
    signal.removeEventListener('abort', stop)
    worker.terminate()
  })
}

/** `fetch` cannot tell how much of a body has gone; the older way can. */
export const putWithProgress = (
  url: string,
  body: Blob,
  { signal, onBytes }: SendHow,
): Promise<void> => {
  const request = new XMLHttpRequest()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = (): void => request.abort()
  signal.addEventListener('abort', stop, { once: true })
  request.open('PUT', url)
  request.upload.addEventListener('progress', ({ loaded }) => onBytes(loaded))
  request.addEventListener('load', () => {
    if (request.status >= 200 && request.status < 300) resolve()
    else reject(refusalFrom(request.status, request.responseText))
  })
  request.addEventListener('error', () => reject(new Error('The connection was cut.')))
  request.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')))
  request.send(body)
  return promise.finally(() => signal.removeEventListener('abort', stop))
}
