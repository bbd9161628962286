import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOrg, createToken, createUser, passwordOf } from '@weighhouse/testkit/crash/admin.ts'
import { startHub } from '@weighhouse/testkit/crash/hub-process.ts'

/** Above this size the hub of a cell hands out multipart uploads. */
export const MULTIPART_BYTES = 16 * 1024 * 1024

export interface TestHub {
  readonly url: string
  readonly folder: string
  /** What a client needs to know, as environment variables. */
  readonly env: Readonly<Record<string, string>>
  readonly output: () => string
}

/** A hub with alice, bob and the organisation acme (of alice), for as long as `use` runs. */
export async function withHub<T>(use: (hub: TestHub) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-conformance-'))
  const data = join(folder, 'data')
  try {
    const hub = await startHub({
      dataDir: data,
      env: { WEIGHHOUSE_LFS_MULTIPART_BYTES: String(MULTIPART_BYTES) },
    })
    try {
      const people = await populate(data)
      const env = { ...people, ...whereIs(hub.url) }
      return await use({ url: hub.url, folder, env, output: hub.output })
    } finally {
      await hub.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The address of the hub, for the client and for the tests. */
export function whereIs(url: string): Record<string, string> {
  return { HF_ENDPOINT: url, CONFORMANCE_URL: url }
}

async function populate(data: string): Promise<Record<string, string>> {
  await createUser(data, 'alice')
  await createUser(data, 'bob')
  await createOrg(data, 'acme', 'alice')
  return {
    CONFORMANCE_ALICE: await createToken(data, 'alice', 'write'),
    CONFORMANCE_ALICE_PASSWORD: passwordOf('alice'),
    CONFORMANCE_ALICE_READ: await createToken(data, 'alice', 'read'),
    CONFORMANCE_BOB: await createToken(data, 'bob', 'write'),
  }
}
