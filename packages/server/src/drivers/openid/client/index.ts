/**
 * OpenID Connect by `openid-client`, which goes out through the outbound port only. What the library leaves to its caller is done here: the
 * signature is verified although the token comes by TLS, and `at_hash`, `azp` and `iat` are looked at.
 */
import { createHash } from 'node:crypto'
import * as client from 'openid-client'
import { isLoopbackHost } from '#core/kernel/ip-ranges.ts'
import { limits } from '#core/kernel/limits.ts'
import type { Clock } from '#core/kernel/time.ts'
import {
  type OpenId,
  type OpenIdAttempt,
  type OpenIdClaims,
  OpenIdError,
  type OpenIdProvider,
} from '#core/ports/openid.ts'
import type { Outbound } from '#core/ports/outbound.ts'
import { toOpenIdError } from './problems.ts'

export interface OpenIdDeps {
  readonly outbound: Outbound
  readonly clock: Clock
}

const skewSeconds = 60

/** The library's requests, by our way out. */
const fetchBy =
  (outbound: Outbound, { mayBePrivate }: OpenIdProvider): client.CustomFetch =>
  async (url, { method, headers, body, signal }) => {
    const answer = await outbound.send({
      url: new URL(url),
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      // Nothing but forms is sent.
      ...(body instanceof URLSearchParams ? { body: body.toString() } : {}),
      bytesMax: limits.openIdAnswerBytesMax,
      mayBePrivate,
      ...(signal === undefined ? {} : { signal }),
    })
    const isEmpty = answer.status === 204 || answer.status === 205
    return new Response(isEmpty ? null : answer.body, {
      status: answer.status,
      headers: answer.headers,
    })
  }

/** Basic is what the standard takes where nothing is said; some providers take the other form only. */
const authOf = (
  secret: string | undefined,
  supported: readonly string[] | undefined,
): client.ClientAuth => {
  if (secret === undefined) return client.None()
  const takesPostOnly =
    supported?.includes('client_secret_post') === true && !supported.includes('client_secret_basic')
  return takesPostOnly ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret)
}

/** Where people's browsers are sent: with their passwords, so never over an open line. */
const refusePlain = (address: string | undefined): void => {
  const url = URL.parse(address ?? '')
  if (url?.protocol === 'https:') return
  if (url?.protocol === 'http:' && isLoopbackHost(url.hostname)) return
  const found = JSON.stringify(address)
  throw new OpenIdError('not_openid', `"authorization_endpoint" must be https, found ${found}.`)
}

interface TokenHead {
  readonly alg: string
  readonly azp: unknown
  readonly atHash: unknown
  readonly iat: number
}

/** Of a token whose signature and claims were found right. */
const headOf = (idToken: string, claims: client.IDToken): TokenHead => {
  const [head = ''] = idToken.split('.')
  // A cast because the library has parsed it before.
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string }
  return { alg, azp: claims.azp, atHash: claims['at_hash'], iat: claims.iat }
}

/** OpenID Connect Core 1.0 §3.1.3.6: the left half of a hash of the size that the signature uses. */
const halfHash = (alg: string, text: string): string => {
  const bits = /^(?:RS|PS|ES)(256|384|512)$/.exec(alg)?.[1] ?? '512'
  const whole = createHash(`sha${bits}`).update(text).digest()
  return whole.subarray(0, whole.length / 2).toString('base64url')
}

export const makeOpenId = ({ outbound, clock }: OpenIdDeps): OpenId => {
  const configure = async (provider: OpenIdProvider): Promise<client.Configuration> => {
    const { issuer, clientId, clientSecret } = provider
    const send = fetchBy(outbound, provider)
    // Plain http is refused by the way out, which knows about this machine.
    const execute = [client.allowInsecureRequests]
    const found = await client.discovery(new URL(issuer), clientId, undefined, undefined, {
      [client.customFetch]: send,
      execute,
      timeout: limits.outboundAnswerMs / 1000,
    })
    const server = found.serverMetadata()
    // The library knows exceptions for the many issuers of one company; here the one that was named is the one that counts.
    if (URL.parse(server.issuer)?.href !== new URL(issuer).href) {
      throw new OpenIdError('wrong_issuer', `${issuer} says that it is ${server.issuer}.`)
    }
    refusePlain(server.authorization_endpoint)
    const metadata = {
      [client.clockSkew]: Math.round((clock.nowMs() - Date.now()) / 1000),
      [client.clockTolerance]: skewSeconds,
    }
    const auth = authOf(clientSecret, server.token_endpoint_auth_methods_supported)
    const config = new client.Configuration(server, clientId, metadata, auth)
    config[client.customFetch] = send
    config.timeout = limits.outboundAnswerMs / 1000
    client.allowInsecureRequests(config)
    client.enableNonRepudiationChecks(config)
    return config
  }

  const checkHead = (idToken: string, claims: client.IDToken, accessToken: string, id: string) => {
    const { alg, azp, atHash, iat } = headOf(idToken, claims)
    if (azp !== undefined && azp !== id) {
      throw new OpenIdError('wrong_audience', `The token was given to another client ("azp").`)
    }
    if (iat > clock.nowMs() / 1000 + skewSeconds) {
      throw new OpenIdError('not_yet_valid', 'The token says that it is from the future ("iat").')
    }
    if (atHash !== undefined && atHash !== halfHash(alg, accessToken)) {
      throw new OpenIdError('wrong_access_token', '"at_hash" is not that of the access token.')
    }
  }

  const redeem = async (
    provider: OpenIdProvider,
    { redirectUri, state, nonce, verifier }: OpenIdAttempt,
    query: string,
  ): Promise<OpenIdClaims> => {
    const url = new URL(redirectUri)
    url.search = query
    const said = url.searchParams
    if (said.getAll('state').length !== 1 || said.get('state') !== state) {
      throw new OpenIdError('wrong_state', 'The answer belongs to another question ("state").')
    }
    const config = await configure(provider)
    // RFC 9207: whoever answers says who it is. The library asks for it where the provider promised it.
    const iss = said.get('iss')
    if (iss !== null && iss !== config.serverMetadata().issuer) {
      throw new OpenIdError('wrong_issuer', `The answer says that it is from ${iss.slice(0, 200)}.`)
    }
    const tokens = await client.authorizationCodeGrant(config, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (claims === undefined || tokens.id_token === undefined) {
      throw new OpenIdError('bad_answer', 'There is no ID token in the answer.')
    }
    checkHead(tokens.id_token, claims, tokens.access_token, provider.clientId)
    if (config.serverMetadata().userinfo_endpoint === undefined) return claims
    // Refused when it speaks of another person.
    const more = await client.fetchUserInfo(config, tokens.access_token, claims.sub)
    return { ...more, ...claims }
  }

  return {
    async describe(provider) {
      try {
        const server = (await configure(provider)).serverMetadata()
        const answer = await outbound.send({
          url: new URL(server.jwks_uri ?? ''),
          method: 'GET',
          bytesMax: limits.openIdAnswerBytesMax,
          mayBePrivate: provider.mayBePrivate,
        })
        // A cast because what is looked at is checked.
        const { keys } = JSON.parse(answer.body.toString()) as { keys?: unknown }
        return {
          issuer: server.issuer,
          authorizationEndpoint: server.authorization_endpoint ?? '',
          tokenEndpoint: server.token_endpoint ?? '',
          hasUserinfo: server.userinfo_endpoint !== undefined,
          keys: Array.isArray(keys) ? keys.length : 0,
          algorithms: server.id_token_signing_alg_values_supported ?? [],
          hasPkce: server.supportsPKCE(),
        }
      } catch (error) {
        throw toOpenIdError(error)
      }
    },

    async addressOf(provider, { redirectUri, state, nonce, verifier }, { scopes, asksAgain }) {
      try {
        const config = await configure(provider)
        return client.buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          scope: scopes,
          state,
          nonce,
          code_challenge: await client.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          ...(asksAgain ? { prompt: 'login' } : {}),
        }).href
      } catch (error) {
        throw toOpenIdError(error)
      }
    },

    async redeem(provider, attempt, query) {
      try {
        return await redeem(provider, attempt, query)
      } catch (error) {
        throw toOpenIdError(error)
      }
    },
  }
}
