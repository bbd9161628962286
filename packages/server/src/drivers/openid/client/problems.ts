/** From what the library throws to the port's reasons. */
import { AuthorizationResponseError, ResponseBodyError } from 'openid-client'
import { OpenIdError, type OpenIdReason } from '#core/ports/openid.ts'
import { OutboundError } from '#core/ports/outbound.ts'

const depthMax = 8

/** The error and what caused it, outermost first; the innermost may be plain facts. */
const chainOf = (error: unknown): object[] => {
  const chain: object[] = []
  let next = error
  while (typeof next === 'object' && next !== null && chain.length < depthMax) {
    chain.push(next)
    next = 'cause' in next ? next.cause : undefined
  }
  return chain
}

const textIn = (chain: readonly object[], name: string): string | undefined => {
  // A cast because what is looked for is asked of each member.
  const values = chain.map((one) => (one as Record<string, unknown>)[name])
  return values.find((value): value is string => typeof value === 'string')
}

const reasonOfClaim: Readonly<Record<string, OpenIdReason>> = {
  iss: 'wrong_issuer',
  aud: 'wrong_audience',
  azp: 'wrong_audience',
  nonce: 'wrong_nonce',
  exp: 'expired',
  nbf: 'not_yet_valid',
}

const reasonOfCode: Readonly<Record<string, OpenIdReason>> = {
  OAUTH_KEY_SELECTION_FAILED: 'unknown_key',
  OAUTH_UNSUPPORTED_OPERATION: 'bad_algorithm',
  OAUTH_TIMEOUT: 'stalled',
  OAUTH_RESPONSE_IS_NOT_CONFORM: 'bad_answer',
  OAUTH_RESPONSE_IS_NOT_JSON: 'bad_answer',
  OAUTH_MISSING_SERVER_METADATA: 'not_openid',
  OAUTH_INVALID_SERVER_METADATA: 'not_openid',
}

const reasonOfAttribute: Readonly<Record<string, OpenIdReason>> = {
  issuer: 'wrong_issuer',
  sub: 'wrong_person',
}

const reasonOf = (chain: readonly object[], said: string): OpenIdReason => {
  const claim = textIn(chain, 'claim')
  if (claim !== undefined) return reasonOfClaim[claim] ?? 'bad_answer'
  const attribute = textIn(chain, 'attribute')
  if (attribute !== undefined) return reasonOfAttribute[attribute] ?? 'not_openid'
  const known = chain
    .map((one) => ('code' in one && typeof one.code === 'string' ? reasonOfCode[one.code] : null))
    .find((reason) => reason != null)
  if (known != null) return known
  // The library has one code for all that is malformed; these two are worth their own word in the trail.
  if (said.includes('"alg"')) return 'bad_algorithm'
  return said.includes('signature') ? 'bad_signature' : 'bad_answer'
}

export const toOpenIdError = (error: unknown): OpenIdError => {
  if (error instanceof OpenIdError) return error
  const chain = chainOf(error)
  const outbound = chain.find((one) => one instanceof OutboundError)
  if (outbound !== undefined) return new OpenIdError(outbound.problem, outbound.message, error)
  const refused = chain.find(
    (one) => one instanceof AuthorizationResponseError || one instanceof ResponseBodyError,
  )
  if (refused !== undefined) {
    const said = `${refused.error}: ${refused.error_description ?? 'no reason given'}`
    const message = `The provider refused: ${said.slice(0, 300)}.`
    return new OpenIdError('refused_by_provider', message, error)
  }
  const said = chain.flatMap((one) => (one instanceof Error ? [one.message] : [])).join(': ')
  return new OpenIdError(reasonOf(chain, said), said.slice(0, 500), error)
}
