/** An app that sends people to the hub's page: its side of the flow, and the person's. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { NewApp } from '@weighhouse/server/core/hub.ts'
import type { AppWish } from '@weighhouse/server/core/oauth/index.ts'
import type { Answer, DevHouse } from '../dev-house.ts'
import { form, own } from './signin-kit.ts'

export const verifier = 'a-verifier-of-more-than-forty-three-characters-0123'
export const challenge = createHash('sha256').update(verifier).digest('base64url')
export const callback = 'https://app.example/callback'

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token?: string
  readonly scope: string
  readonly expires_in: number
}

/** Registers an app as the hub. */
export const newApp = (dev: DevHouse, wish: Partial<AppWish> = {}): Promise<NewApp> =>
  dev.hub.oauth.allApps(dev.hub.policy.requireHub(dev.system)).create(dev.system, {
    name: 'Scales',
    redirectUris: [callback],
    isConfidential: false,
    ...wish,
  })

/** What an app asks for; a member that is undefined is left out. */
export const asking = (
  clientId: string,
  more: Record<string, string | undefined> = {},
): Record<string, string> => {
  const asked = {
    client_id: clientId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid profile',
    state: 'st',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  }
  const given: Record<string, string> = {}
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) given[name] = value
  return given
}

/** The person's browser comes from the app. */
export const visit = (
  dev: DevHouse,
  cookie: string | undefined,
  asked: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  dev.ask('GET', `/oauth/authorize?${form(asked)}`, {
    headers: { ...(cookie === undefined ? {} : { cookie }), ...headers },
  })

/** The person presses a button. */
export const press = (
  dev: DevHouse,
  cookie: string,
  asked: Record<string, string>,
  decision = 'allow',
): Promise<Answer> =>
  dev.ask('POST', '/oauth/authorize', {
    headers: { ...own, cookie },
    body: form({ ...asked, decision }),
  })

/** The parameters with which the browser goes back to the app. */
export const goneBack = (answer: Answer, to = callback): Record<string, string> => {
  assert.equal(answer.status, 303, answer.text)
  const location = answer.headers['location'] ?? ''
  assert.ok(location.startsWith(to), location)
  return Object.fromEntries(new URL(location).searchParams)
}

/** Errors when there is no code. */
export const codeIn = (answer: Answer, to = callback): string => {
  const back = goneBack(answer, to)
  assert.match(back['code'] ?? '', /^[A-Za-z0-9_-]{43}$/, answer.headers['location'] ?? '')
  return back['code'] ?? ''
}

export const askToken = (
  dev: DevHouse,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  dev.ask('POST', '/oauth/token', { headers: { ...own, ...headers }, body: form(fields) })

/** Code for token, as the stock JavaScript client does it: without a client id. */
export const redeem = (
  dev: DevHouse,
  code: string,
  more: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer> =>
  askToken(
    dev,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
      ...more,
    },
    headers,
  )

export const tokensIn = (answer: Answer): Tokens => {
  assert.equal(answer.status, 200, answer.text)
  return answer.json() as Tokens
}

/** The whole way. */
export const getTokens = async (
  dev: DevHouse,
  cookie: string,
  clientId: string,
  scope = 'openid profile',
): Promise<Tokens> => {
  const answer = await press(dev, cookie, asking(clientId, { scope }))
  return tokensIn(await redeem(dev, codeIn(answer)))
}

export const problemIn = (answer: Answer, status = 400): string => {
  assert.equal(answer.status, status, answer.text)
  return (answer.json() as { error: string }).error
}

export const statusOf = async (dev: DevHouse, token: string): Promise<number> =>
  (await dev.ask('GET', '/api/whoami-v2', { token })).status
