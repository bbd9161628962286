/** Somebody signed in to a running hub as with a browser, and the calls that follow. */
import { type Client, makeClient } from '@weighhouse/contract/client.ts'
import { passwordOf } from '../crash/admin.ts'

export interface Browser {
  readonly client: Client
  /** A page or document of the hub, with the session. */
  get(path: string): Promise<Response>
}

/** Signs in by the form of the sign-in page. The proof is fresh, so what asks for one can be done. */
export const openBrowser = async (hubUrl: string, name: string): Promise<Browser> => {
  const answer = await fetch(`${hubUrl}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: hubUrl, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ name, password: passwordOf(name) }).toString(),
  })
  const [cookie] = answer.headers.getSetCookie()
  if (answer.status !== 303 || cookie === undefined) {
    throw new Error(`${name} could not sign in: ${answer.status}`)
  }
  const [session = ''] = cookie.split(';')
  const withSession: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('cookie', session)
    headers.set('origin', hubUrl)
    return fetch(input, { ...init, headers })
  }
  return {
    client: makeClient({ url: hubUrl, fetch: withSession }),
    get: (path) => withSession(`${hubUrl}${path}`),
  }
}
