/** A mail server that keeps what it is given, and people with addresses. */
import type { Letter } from '@weighhouse/server/core/ports/mailer.ts'
import type { DevHouse } from '../dev-house.ts'

/** `letters` grows; who has read them takes them out. */
export const keepLetters = () => {
  const letters: Letter[] = []
  const mailer = {
    send: (letter: Letter) => {
      letters.push(letter)
      return Promise.resolve()
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  return { letters, mailer }
}

/** As a directory says it: nobody looks whether it is one. */
export const setAddress = async (dev: DevHouse, name: string, email: string): Promise<void> => {
  await dev.house.db.tx((q) =>
    q.updateTable('account').set({ email }).where('name', '=', name).execute(),
  )
}

/** `ann@mail.example` for ann. */
export const giveAddresses = async (dev: DevHouse, names: readonly string[]): Promise<void> => {
  for (const name of names) await setAddress(dev, name, `${name}@mail.example`)
}
