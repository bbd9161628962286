/** The stock JavaScript client, which sends what is large as chunks. */
import { commit, downloadFile, fileDownloadInfo } from '@huggingface/hub'
import { type PushedFile, sha256 } from './client.ts'

/** A client of one hub; counts the shards that the hub has taken, the last step before a commit. */
export const makeXetClient = (hubUrl: string, accessToken: string) => {
  const as = { hubUrl, accessToken }
  let shards = 0
  const counting: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    if (pathname.endsWith('/shards') && answer.ok) shards += 1
    return answer
  }
  const inRepo = (name: string) => ({ repo: { type: 'model', name } as const, ...as })

  return {
    shards: (): number => shards,

    /** Uploads what is large, then commits everything; answers the commit once the hub has acknowledged it. */
    async push(repo: string, files: readonly PushedFile[]): Promise<string> {
      const operations = files.map(({ path, bytes }) => ({
        operation: 'addOrUpdate' as const,
        path,
        content: new Blob([new Uint8Array(bytes)]),
      }))
      const more = { title: 'push by Xet', operations, useXet: true, fetch: counting }
      const done = await commit({ ...inRepo(repo), ...more })
      return done?.commit.oid ?? ''
    },

    /** SHA-256 of a file as its chunks give it; nothing when the hub does not offer it as chunks. */
    async digest(repo: string, revision: string, path: string): Promise<string | undefined> {
      const where = { ...inRepo(repo), revision, path }
      const info = await fileDownloadInfo(where)
      if (info?.xet === undefined) return undefined
      const blob = await downloadFile({ ...where, downloadInfo: info })
      return blob === null ? undefined : sha256(new Uint8Array(await blob.arrayBuffer()))
    },
  }
}
