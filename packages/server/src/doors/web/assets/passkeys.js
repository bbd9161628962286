/**
 * What pages cannot do without a script: asking the browser for a passkey. Buttons say what they are for by `data-passkey`, and stay hidden
 * where the browser has no passkeys.
 */
const api = new URL('../weighhouse/v1', import.meta.url).pathname

const ask = async (path, body = {}) => {
  const response = await fetch(api + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = response.status === 204 ? {} : await response.json()
  if (response.ok) return answer
  const { code, message } = answer.error ?? {}
  throw Object.assign(new Error(message ?? 'The hub did not answer.'), { code })
}

const answerOf = async (options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const credential = await navigator.credentials.get({ publicKey })
  return credential.toJSON()
}

const acts = {
  'sign-in': async () => {
    const answer = await answerOf(await ask('/sign-in/passkey/options'))
    await ask('/sign-in/passkey', { answer })
  },
  prove: async () => {
    const passkey = await answerOf(await ask('/me/proof/options'))
    await ask('/me/proof', { passkey })
  },
  add: async () => {
    const options = await ask('/me/passkeys/options')
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    const credential = await navigator.credentials.create({ publicKey })
    const label = document.querySelector('#passkey-label')?.value.trim() || 'Passkey'
    await ask('/me/passkeys', { label, answer: credential.toJSON() })
  },
}

/** Words for what the browser says when a person turns away, or has none. */
const told = (error) => {
  if (error.name === 'NotAllowedError') return 'No passkey was used.'
  if (error.name === 'InvalidStateError') return 'This device has a passkey of this account.'
  return error.message
}

const run = async (button, problem) => {
  const { passkey, next, proof } = button.dataset
  button.disabled = true
  problem.hidden = true
  try {
    await acts[passkey]()
    window.location.assign(next)
  } catch (error) {
    if (error.code === 'proof_needed' && proof !== undefined) {
      window.location.assign(proof)
      return
    }
    problem.textContent = told(error)
    problem.hidden = false
    button.disabled = false
  }
}

if (typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function') {
  const problem = document.querySelector('#passkey-problem')
  for (const part of document.querySelectorAll('[data-passkey-part]')) part.hidden = false
  for (const button of document.querySelectorAll('[data-passkey]')) {
    button.hidden = false
    button.addEventListener('click', () => void run(button, problem))
  }
}
