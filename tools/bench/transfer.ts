/** Files that differ in every round, and curl, which costs the same whoever answers. */
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { open, truncate } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

const timeOf = async (...args: string[]): Promise<number> => {
  const format = '%{http_code} %{time_total}'
  const { stdout } = await run('curl', ['-sS', '-o', '/dev/null', '-w', format, ...args])
  const [status = '', seconds = ''] = stdout.split(' ')
  if (!status.startsWith('2')) throw new Error(`curl got ${status} from ${args.at(-1)}`)
  return Number(seconds)
}

/** Seconds to PUT a file. */
export const put = (url: string, file: string): Promise<number> =>
  timeOf('-H', 'Expect:', '-H', 'Content-Type: application/octet-stream', '-T', file, url)

/** Seconds until `streams` downloads at once are all done. */
export const get = async (url: string, streams: number): Promise<number> => {
  const started = performance.now()
  await Promise.all(Array.from({ length: streams }, () => timeOf(url)))
  return (performance.now() - started) / 1000
}

/** Random bytes: nothing on the way can make them smaller. */
export const makeRandomFile = (path: string, sizeBytes: number): void => {
  const megabytes = Math.ceil(sizeBytes / 1024 ** 2)
  execFileSync('sh', ['-c', `head -c ${megabytes}M /dev/urandom > '${path}'`])
}

/** A file of holes with a mark: as long as any to send, and no room on the disk. */
export const makeSparseFile = async (path: string, sizeBytes: number): Promise<void> => {
  const handle = await open(path, 'w')
  await handle.write(randomBytes(64), 0, 64, 0)
  await handle.close()
  await truncate(path, sizeBytes)
}

/** Changes a file, and with it its digest. */
export const mark = async (path: string): Promise<void> => {
  const handle = await open(path, 'r+')
  await handle.write(randomBytes(64), 0, 64, 0)
  await handle.close()
}

export const digestOf = async (path: string): Promise<string> =>
  (await run('sha256sum', [path])).stdout.slice(0, 64)
