/** Passkeys, as browsers make and use them; the hub says what it wants and checks what comes. */
import { hub } from './api.ts'

type NewAnswer = Parameters<typeof hub.addPasskey>[0]['answer']
type Answer = NonNullable<Parameters<typeof hub.prove>[0]['passkey']>

/** Only over https and on the own machine, and only where the browser reads options as JSON. */
export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' &&
  typeof PublicKeyCredential.parseCreationOptionsFromJSON === 'function'

const needCredential = (found: Credential | null): PublicKeyCredential => {
  if (found instanceof PublicKeyCredential) return found
  throw new Error('The browser gave no passkey. Try again, or use another way.')
}

/** What a person stopped is no fault of the hub. */
const asked = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError') {
      throw new Error('No passkey was used: it was stopped, or it took too long.', { cause: error })
    }
    throw error
  }
}

export const makePasskey = (): Promise<NewAnswer> =>
  asked(async () => {
    const options = await hub.offerPasskey()
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
      // A cast because the contract leaves the browser's own form to the browser.
      options as PublicKeyCredentialCreationOptionsJSON,
    )
    const made = needCredential(await navigator.credentials.create({ publicKey }))
    return made.toJSON() as NewAnswer
  })

export const askOwnPasskey = (): Promise<Answer> =>
  asked(async () => {
    const options = await hub.askOwnPasskey()
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
      options as PublicKeyCredentialRequestOptionsJSON,
    )
    const found = needCredential(await navigator.credentials.get({ publicKey }))
    return found.toJSON() as Answer
  })
