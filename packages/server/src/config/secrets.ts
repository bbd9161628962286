/** Keys of this hub, in `secrets.json` of the data folder, readable by its user only. They refuse to be printed. */
import { link, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Chance } from '#core/kernel/time.ts'

export interface Secrets {
  /** Signs tickets. */
  readonly ticketKey: Buffer
}

const parse = (text: string, file: string): Secrets => {
  const value = JSON.parse(text) as { ticketKey?: unknown }
  if (typeof value.ticketKey !== 'string') throw new Error(`${file} has no "ticketKey"`)
  const secrets = { ticketKey: Buffer.from(value.ticketKey, 'base64url') }
  return Object.defineProperty(secrets, 'toJSON', {
    value: () => {
      throw new Error('secrets are not to be serialised')
    },
  })
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** Makes the file on first use. Two processes starting at once agree, since the file is linked into place whole. */
export const openSecrets = async (folder: string, chance: Chance): Promise<Secrets> => {
  const file = join(folder, 'secrets.json')
  try {
    return parse(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  const draft = `${file}.${chance.bytes(6).toString('hex')}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(JSON.stringify({ ticketKey: chance.bytes(32).toString('base64url') }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(draft, file).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  await rm(draft)
  return parse(await readFile(file, 'utf8'), file)
}
