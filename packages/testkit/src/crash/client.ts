/** The upload plane as a client walks it, with bare fetch: preupload, batch, PUT, verify, commit. Every step may fail at any moment. */
import { createHash } from 'node:crypto'

export interface PushedFile {
  readonly path: string
  readonly bytes: Uint8Array
}

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

const must = async (answer: Response): Promise<Response> => {
  if (answer.ok) return answer
  throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`)
}

interface Action {
  readonly href: string
}

interface BatchAnswer {
  readonly objects: readonly {
    readonly oid: string
    readonly actions?: { readonly upload: Action; readonly verify: Action }
    readonly error?: { readonly message: string }
  }[]
}

/** A client of one hub. The URL may change between calls, as a restarted server takes another port. */
export const makeClient = (url: string, token: string) => {
  const authorization = `Bearer ${token}`
  const send = async (path: string, body: unknown, type: string): Promise<Response> =>
    must(
      await fetch(path.startsWith('http') ? path : url + path, {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    )

  const upload = async (repo: string, file: PushedFile): Promise<void> => {
    const object = { oid: sha256(file.bytes), size: file.bytes.length }
    const batch = { operation: 'upload', transfers: ['basic'], objects: [object] }
    const type = 'application/vnd.git-lfs+json'
    const answer = await send(`/${repo}.git/info/lfs/objects/batch`, batch, type)
    // A cast because the answer's form is the protocol's.
    const [found] = ((await answer.json()) as BatchAnswer).objects
    if (found?.error !== undefined) throw new Error(found.error.message)
    if (found?.actions === undefined) return
    const { upload: to, verify } = found.actions
    await must(await fetch(to.href, { method: 'PUT', body: new Uint8Array(file.bytes) }))
    await send(verify.href, object, type)
  }

  return {
    async createRepo(repo: string): Promise<void> {
      const [organization, name] = repo.split('/')
      await send('/api/repos/create', { organization, name, type: 'model' }, 'application/json')
    },

    /** Uploads what is large, then commits everything; answers the commit once the hub has acknowledged it. */
    async push(repo: string, files: readonly PushedFile[], largeBytes: number): Promise<string> {
      const lines: object[] = [{ key: 'header', value: { summary: 'push' } }]
      for (const file of files) {
        if (file.bytes.length < largeBytes) {
          const content = Buffer.from(file.bytes).toString('base64')
          lines.push({ key: 'file', value: { path: file.path, content, encoding: 'base64' } })
          continue
        }
        await upload(repo, file)
        const value = {
          path: file.path,
          algo: 'sha256',
          oid: sha256(file.bytes),
          size: file.bytes.length,
        }
        lines.push({ key: 'lfsFile', value })
      }
      const body = lines.map((line) => JSON.stringify(line)).join('\n')
      const answer = await send(`/api/models/${repo}/commit/main`, body, 'application/x-ndjson')
      // A cast because the answer's form is the protocol's.
      return ((await answer.json()) as { commitOid: string }).commitOid
    },

    /** SHA-256 of a file as the hub serves it. */
    async digest(repo: string, revision: string, path: string): Promise<string> {
      const from = `${url}/${repo}/resolve/${revision}/${path}`
      const answer = await must(await fetch(from, { headers: { authorization } }))
      return sha256(new Uint8Array(await answer.arrayBuffer()))
    },

    /** Commits of the default branch, newest first. */
    async history(repo: string): Promise<string[]> {
      const ids: string[] = []
      let next: string | undefined = `${url}/api/models/${repo}/commits/main?limit=1000`
      while (next !== undefined) {
        const answer: Response = await must(await fetch(next, { headers: { authorization } }))
        // A cast because the answer's form is the protocol's.
        for (const { id } of (await answer.json()) as { id: string }[]) ids.push(id)
        next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
      }
      return ids
    },
  }
}
