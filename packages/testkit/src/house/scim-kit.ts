/** An organisation with a directory: a service account whose token speaks SCIM. */
import assert from 'node:assert/strict'
import { type Answer, type DevHouse, openDevHouse } from '../dev-house.ts'
import type { EngineName } from '../engines.ts'
import { manage } from './org-kit.ts'

type Json = Record<string, unknown>

export interface Scim {
  readonly token: string
  /** One call below `/scim/v2/lab`; its body is sent as SCIM. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** The same, expecting this status, and answering the body. */
  must(status: number, method: string, path: string, body?: unknown): Promise<Json>
  /** Makes a person, and answers the id. */
  add(userName: string, more?: object): Promise<string>
}

export const jsonOf = (answer: Answer): Json => (answer.text === '' ? {} : (answer.json() as Json))

export const scimAs = (dev: DevHouse, token: string, org = 'lab'): Scim => {
  const call: Scim['call'] = (method, path, body, headers = {}) =>
    dev.ask(method, `/scim/v2/${org}${path}`, {
      token,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const must: Scim['must'] = async (status, method, path, body) => {
    const answer = await call(method, path, body)
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`)
    return jsonOf(answer)
  }
  return {
    token,
    call,
    must,
    async add(userName, more = {}) {
      return String((await must(201, 'POST', '/Users', { userName, ...more }))['id'])
    },
  }
}

/** A service account that administers the organisation, and a token of its own that may do that and no more. */
export const directoryOf = async (dev: DevHouse, org: string): Promise<Scim> => {
  const { identity } = dev.hub
  const permit = await manage(dev, dev.system, org)
  await identity.createService(dev.system, permit, `${org}-directory`)
  await identity.addMember(dev.system, permit, `${org}-directory`, 'admin')
  const desk = await identity.serviceTokens(permit, `${org}-directory`)
  const { secret } = await desk.create(dev.system, {
    label: 'directory',
    role: 'fineGrained',
    scope: {
      readsGated: false,
      entries: [{ target: { kind: 'account', name: org }, permissions: ['org.write'] }],
    },
  })
  return scimAs(dev, secret, org)
}

/** `lab` of `ann`, with a directory. */
export const openWithDirectory = async (
  engine: EngineName = 'sqlite',
): Promise<{ dev: DevHouse; scim: Scim; ann: string } & AsyncDisposable> => {
  const dev = await openDevHouse({ engine, env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost' } })
  const ann = await dev.user('ann')
  await dev.org('lab', 'ann')
  const scim = await directoryOf(dev, 'lab')
  return { dev, scim, ann, [Symbol.asyncDispose]: () => dev[Symbol.asyncDispose]() }
}
