import { createHash } from 'node:crypto'
import { createRepo } from '@huggingface/hub'

export const hubUrl = process.env.CONFORMANCE_URL
export const alice = process.env.CONFORMANCE_ALICE
export const aliceReading = process.env.CONFORMANCE_ALICE_READ
export const bob = process.env.CONFORMANCE_BOB

/** What every call of Alice carries. */
export const as = (accessToken) => ({ hubUrl, accessToken })

let count = 0

/** A repo of Alice that no other test uses. */
export const newRepo = async ({ type = 'model', owner = 'alice', ...more } = {}) => {
  count += 1
  const repo = { type, name: `${owner}/js-${count}` }
  await createRepo({ repo, ...more, ...as(alice) })
  return repo
}

/** The same bytes each time, unlike any text. */
export const noise = (size, seed = 1) => {
  const bytes = new Uint8Array(size)
  let state = seed
  for (let i = 0; i < size; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

export const file = (path, content) => ({ path, content: new Blob([content]) })

export const gather = async (items) => {
  const all = []
  for await (const item of items) all.push(item)
  return all
}

export const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer())
