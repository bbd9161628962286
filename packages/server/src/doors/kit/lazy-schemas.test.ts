import assert from 'node:assert/strict'
import { test } from 'node:test'
import makeValidators from '@fastify/ajv-compiler'
import makeSerializers from '@fastify/fast-json-stringify-compiler'
import type { Call } from '@weighhouse/contract/call.ts'
import { calls } from '@weighhouse/contract/client.ts'
import Fastify from 'fastify'
import { lazySchemas } from './lazy-schemas.ts'

void test('every schema of the contract compiles, since nobody would see it before the first request', () => {
  const validators = makeValidators()({}, { customOptions: {} })
  const serializers = makeSerializers()({}, {})
  const all: readonly Call[] = Object.values(calls)
  for (const { method, path: url, body, query, answer } of all) {
    for (const schema of [body, query]) if (schema !== undefined) validators({ schema })
    if (answer !== undefined) serializers({ method, url, httpStatus: '200', schema: answer })
  }
})

void test('what is wrong with a request is told as ever, by two servers that share a schema', async () => {
  const body = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
  const response = { 200: { type: 'object', properties: { n: { type: 'integer' } } } }
  for (const _ of [1, 2]) {
    const app = Fastify({ schemaController: { compilersFactory: lazySchemas } })
    app.post('/', { schema: { body, response } }, (request) =>
      Promise.resolve({ ...(request.body as object), secret: 1 }),
    )
    const ask = (payload: object) => app.inject({ method: 'POST', url: '/', payload })
    assert.match((await ask({})).body, /must have required property 'n'/)
    assert.equal((await ask({ n: '7' })).body, '{"n":7}', 'made a number, and cut')
    assert.match((await ask({ n: 'x' })).body, /must be integer/)
    await app.close()
  }
})
