/** Browsers without one: pages and forms as a browser sends them. */
import assert from 'node:assert/strict'
import { type Answer, type DevHouse, openDevHouse } from '../dev-house.ts'
import type { EngineName } from '../engines.ts'

export const password = 'seven quiet barges'

/** What a browser says of a form that was sent from a page of ours. */
export const own = {
  host: 'localhost',
  origin: 'http://localhost',
  'content-type': 'application/x-www-form-urlencoded',
}

export const form = (fields: Record<string, string>): string =>
  new URLSearchParams(fields).toString()

/** A house at `http://localhost`, where `ann` can sign in. */
export const openWithAnn = async (engine: EngineName = 'sqlite'): Promise<DevHouse> => {
  const dev = await openDevHouse({ engine, env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost' } })
  await userWithPassword(dev, 'ann')
  return dev
}

export const userWithPassword = async (
  dev: DevHouse,
  name: string,
  isAdmin = false,
): Promise<void> => {
  const permit = dev.hub.policy.requireHub(dev.system)
  await dev.hub.identity.createUser(dev.system, permit, { name, password, isAdmin })
}

/** Sends a form of a page. */
export const submit = (
  dev: DevHouse,
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> => dev.ask('POST', url, { headers: { ...own, ...headers }, body: form(fields) })

export const login = (
  dev: DevHouse,
  fields: Record<string, string>,
  headers: Record<string, string> = own,
): Promise<Answer> => dev.ask('POST', '/login', { headers, body: form(fields) })

export const cookieIn = (answer: Answer): string =>
  (answer.headers['set-cookie'] ?? '').split(';')[0] ?? ''

/** The cookie of a new session. */
export const signedIn = async (dev: DevHouse, name = 'ann'): Promise<string> => {
  const answer = await login(dev, { name, password })
  assert.equal(answer.status, 303, answer.text)
  return cookieIn(answer)
}
