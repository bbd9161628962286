/** A provider of identities that says what a test has it say, and a browser that goes to it and comes back. */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { openOutbound } from '@weighhouse/server/drivers/outbound/http/index.ts'
import { type Answer, type DevHouse, type DevHouseOptions, openDevHouse } from '../dev-house.ts'

type Json = Record<string, unknown>

/** What the next sign-in is told. Each may be replaced by a lie. */
export interface Words {
  /** Claims of the person. */
  person: JWTPayload
  /** The ID token, made of honest claims. */
  idToken: (claims: JWTPayload) => Promise<string>
  discovery: (honest: Json) => Json | string
  jwks: (honest: Json) => Json | string
  userinfo: (person: JWTPayload) => Json
  /** `iss` beside the code (RFC 9207); undefined for none. */
  iss: string | undefined
  state: (honest: string) => string
  accessToken: string
  /** Paths that never answer, and those that answer with a redirect to themselves. */
  hangs: ReadonlySet<string>
  circles: ReadonlySet<string>
}

export interface LyingProvider extends AsyncDisposable {
  readonly issuer: string
  readonly words: Words
  /** An honest signature. */
  sign(claims: JWTPayload, head?: { kid?: string; alg?: string }): Promise<string>
  readonly publicKey: JWK
}

export const clientId = 'weighhouse'
export const clientSecret = 'a secret between the two of them'

const send = (reply: ServerResponse, body: Json | string): void => {
  reply.setHeader('content-type', 'application/json')
  reply.end(typeof body === 'string' ? body : JSON.stringify(body))
}

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return new URLSearchParams(text)
}

/** Times of its tokens are by `nowMs`. */
export const openLyingProvider = async (nowMs: () => number): Promise<LyingProvider> => {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' }
  const codes = new Map<string, { nonce: string; challenge: string }>()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A cast because a TCP listener's address is an object.
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`

  const sign: LyingProvider['sign'] = (claims, head = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ kid: 'one', ...head, alg: head.alg ?? 'RS256' })
      .sign(privateKey)

  const words: Words = {
    person: { sub: 'bob-1', email: 'bob@corp.test', preferred_username: 'bob' },
    idToken: (claims) => sign(claims),
    discovery: (honest) => honest,
    jwks: (honest) => honest,
    userinfo: ({ sub = '' }) => ({ sub }),
    iss: issuer,
    state: (honest) => honest,
    accessToken: 'an access token',
    hangs: new Set(),
    circles: new Set(),
  }

  const authorize = (url: URL, reply: ServerResponse): void => {
    const asked = url.searchParams
    const code = createHash('sha256').update(url.search).digest('hex')
    codes.set(code, {
      nonce: asked.get('nonce') ?? '',
      challenge: asked.get('code_challenge') ?? '',
    })
    const back = new URL(asked.get('redirect_uri') ?? '')
    // As providers compare it: letter by letter.
    if (!/\/login\/sso\/[a-z-]+\/callback$/.test(back.href)) {
      reply.writeHead(400).end('this redirect_uri is not registered')
      return
    }
    back.searchParams.set('code', code)
    back.searchParams.set('state', words.state(asked.get('state') ?? ''))
    if (words.iss !== undefined) back.searchParams.set('iss', words.iss)
    reply.writeHead(302, { location: back.href }).end()
  }

  const token = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const form = await bodyOf(request)
    const known = codes.get(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const basic = Buffer.from(
      `${clientId}:${encodeURIComponent(clientSecret).replaceAll('%20', '+')}`,
    )
    const isKnown = request.headers.authorization === `Basic ${basic.toString('base64')}`
    if (known === undefined || challenge !== known.challenge || !isKnown) {
      reply.statusCode = 400
      return send(reply, { error: isKnown ? 'invalid_grant' : 'invalid_client' })
    }
    const now = Math.floor(nowMs() / 1000)
    const half = createHash('sha256').update('an access token').digest().subarray(0, 16)
    const claims = {
      iss: issuer,
      aud: clientId,
      iat: now,
      exp: now + 300,
      nonce: known.nonce,
      at_hash: half.toString('base64url'),
      ...words.person,
    }
    const answer = { access_token: words.accessToken, token_type: 'Bearer', expires_in: 300 }
    send(reply, { ...answer, id_token: await words.idToken(claims) })
  }

  server.on('request', (request, reply) => {
    const url = new URL(request.url ?? '/', issuer)
    if (words.hangs.has(url.pathname)) return
    if (words.circles.has(url.pathname)) {
      reply.writeHead(302, { location: request.url }).end()
      return
    }
    const honest = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      userinfo_endpoint: `${issuer}/userinfo`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    }
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return send(reply, words.discovery(honest))
      case '/jwks':
        return send(reply, words.jwks({ keys: [jwk] }))
      case '/authorize':
        return authorize(url, reply)
      case '/userinfo':
        return send(reply, words.userinfo(words.person))
      default:
        void token(request, reply)
    }
  })

  return {
    issuer,
    words,
    sign,
    publicKey: jwk,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As in the days when a shared secret was thought to be enough. */
export const signWithSecret = (claims: JWTPayload, secret: string, kid = 'one'): string => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg: 'HS256', kid })}.${encode(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

export const unsigned = (claims: JWTPayload): string => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'none' })}.${encode(claims)}.`
}

/** Keeps cookies, and goes where it is sent. */
export interface Browser {
  readonly cookies: Map<string, string>
  get(path: string): Promise<Answer>
  submit(path: string, fields?: Record<string, string>): Promise<Answer>
  /** Begins, visits the provider, and answers the path it is sent back to. */
  away(path: string): Promise<string>
  /** All of it. */
  signIn(path: string): Promise<Answer>
  /** Who the hub takes it for; undefined for nobody. */
  name(): Promise<string | undefined>
}

export const openBrowser = (dev: DevHouse): Browser => {
  const cookies = new Map<string, string>()
  const ask = async (method: string, path: string, body?: string): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await dev.ask(method, path, {
      headers: {
        cookie,
        ...(body === undefined
          ? {}
          : {
              origin: 'http://localhost',
              'content-type': 'application/x-www-form-urlencoded',
            }),
      },
      ...(body === undefined ? {} : { body }),
    })
    for (const one of (answer.headers['set-cookie'] ?? '').split(',')) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(one) ?? []
      if (name === undefined || value === undefined) continue
      if (one.includes('Max-Age=0')) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  const visit = async (url: string): Promise<string> => {
    const answer = await fetch(url, { redirect: 'manual' })
    const back = new URL(answer.headers.get('location') ?? '')
    return back.pathname + back.search
  }
  const away = async (path: string): Promise<string> => {
    const answer = await ask('GET', path)
    if (answer.status !== 303) throw new Error(`not sent away: ${answer.text}`)
    return visit(answer.headers['location'] ?? '')
  }
  return {
    cookies,
    get: (path) => ask('GET', path),
    async submit(path, fields = {}) {
      const answer = await ask('POST', path, new URLSearchParams(fields).toString())
      const onward = answer.headers['refresh']?.replace(/^0; url=/, '')
      return onward === undefined ? answer : ask('GET', await visit(onward))
    },
    away,
    signIn: async (path) => ask('GET', await away(path)),
    async name() {
      const answer = await ask('GET', '/api/whoami-v2')
      // A cast because this is what the call answers.
      return answer.status === 200 ? (answer.json() as { name: string }).name : undefined
    },
  }
}

/** A house whose clock shows the time that a real provider's tokens are made by, and whose patience is short. */
export const openSsoHouse = async (options: DevHouseOptions = {}): Promise<DevHouse> => {
  const dev = await openDevHouse({
    outbound: openOutbound({ stallMs: 500, answerMs: 5_000 }),
    ...options,
    env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost', ...options.env },
  })
  dev.clock.advance(Date.now() - dev.clock.nowMs())
  return dev
}
