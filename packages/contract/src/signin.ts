/** How a person signs in and stays in: sessions, password, second factor, passkeys. What answers a session sets its cookie. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, listOf, name, oneOf, textOrNull } from './parts.ts'

const secret = Type.String({ maxLength: 1_024 })
const code = Type.String({ maxLength: 64 })
const credentialId = Type.String({ maxLength: 2_048 })
const encoded = Type.String({ maxLength: 65_536 })
const results = Type.Unsafe<object>({ type: 'object', additionalProperties: true })

/** For `PublicKeyCredential.parseCreationOptionsFromJSON` and its sibling. */
const options = Type.Unsafe<object>({ type: 'object', additionalProperties: true })

/** An answer of a passkey, as its `toJSON()` says it. */
const passkeyAnswer = Type.Object({
  id: credentialId,
  rawId: credentialId,
  type: Type.Literal('public-key'),
  response: Type.Object({
    clientDataJSON: encoded,
    authenticatorData: encoded,
    signature: encoded,
    userHandle: Type.Optional(Type.String({ maxLength: 256 })),
  }),
  clientExtensionResults: results,
})

const newPasskey = Type.Object({
  label: name,
  answer: Type.Object({
    id: credentialId,
    rawId: credentialId,
    type: Type.Literal('public-key'),
    response: Type.Object({
      clientDataJSON: encoded,
      attestationObject: encoded,
      transports: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 })),
    }),
    clientExtensionResults: results,
  }),
})

const session = Type.Object({
  id,
  /** Such as `password`, `password+totp`, `passkey`. */
  method: Type.String(),
  createdAt: date,
  usedAt: date,
  ip: textOrNull,
  agent: textOrNull,
  isThis: Type.Boolean(),
})

const passkey = Type.Object({
  id: credentialId,
  label: Type.String(),
  createdAt: date,
  usedAt: dateOrNull,
})

const recoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) })

const signInCalls = {
  /** A session, or a challenge that goes back with a code within five minutes. */
  signIn: call({
    method: 'POST',
    path: '/sign-in',
    body: Type.Object({ name, password: secret }),
    answer: Type.Object({ state: oneOf(['signed_in', 'second_factor']), challenge: textOrNull }),
  }),
  /** A code of the authenticator app, or a recovery code. */
  signInByCode: call({
    method: 'POST',
    path: '/sign-in/code',
    body: Type.Object({ challenge: secret, code }),
  }),
  askPasskey: call({ method: 'POST', path: '/sign-in/passkey/options', answer: options }),
  signInByPasskey: call({
    method: 'POST',
    path: '/sign-in/passkey',
    body: Type.Object({ answer: passkeyAnswer }),
  }),
} as const

const factorCalls = {
  getSecondFactor: call({
    method: 'GET',
    path: '/me/second-factor',
    answer: Type.Object({ isOn: Type.Boolean(), recoveryCodesLeft: Type.Integer() }),
  }),
  /** A secret for an authenticator app, as text and as the link of a QR code. */
  beginSecondFactor: call({
    method: 'POST',
    path: '/me/second-factor',
    answer: Type.Object({ secret: Type.String(), uri: Type.String() }),
  }),
  /** Turns it on; the recovery codes are shown once. */
  confirmSecondFactor: call({
    method: 'POST',
    path: '/me/second-factor/confirm',
    body: Type.Object({ code }),
    answer: recoveryCodes,
  }),
  renewRecoveryCodes: call({
    method: 'POST',
    path: '/me/second-factor/recovery-codes',
    answer: recoveryCodes,
  }),
  removeSecondFactor: call({ method: 'DELETE', path: '/me/second-factor' }),
} as const

const passkeyCalls = {
  listPasskeys: call({ method: 'GET', path: '/me/passkeys', answer: listOf(passkey) }),
  offerPasskey: call({ method: 'POST', path: '/me/passkeys/options', answer: options }),
  addPasskey: call({ method: 'POST', path: '/me/passkeys', body: newPasskey, answer: passkey }),
  renamePasskey: call({
    method: 'PATCH',
    path: '/me/passkeys/:id',
    body: Type.Object({ label: name }),
  }),
  removePasskey: call({ method: 'DELETE', path: '/me/passkeys/:id' }),
} as const

export const signinCalls = {
  ...signInCalls,
  ...factorCalls,
  ...passkeyCalls,
  listSessions: call({ method: 'GET', path: '/me/sessions', answer: listOf(session) }),
  endSession: call({ method: 'DELETE', path: '/me/sessions/:id' }),
  /** All but the one that asks. */
  endOtherSessions: call({ method: 'DELETE', path: '/me/sessions' }),
  /** Ends every session and begins a new one. `old` where there is a password. */
  changePassword: call({
    method: 'PUT',
    path: '/me/password',
    body: Type.Object({ old: Type.Optional(secret), next: secret }),
  }),
  /** Exactly one of the three: what was refused with `proof_needed` may be done for five minutes. */
  prove: call({
    method: 'POST',
    path: '/me/proof',
    body: Type.Object({
      password: Type.Optional(secret),
      code: Type.Optional(code),
      passkey: Type.Optional(passkeyAnswer),
    }),
  }),
  askOwnPasskey: call({ method: 'POST', path: '/me/proof/options', answer: options }),
} as const
