/** At a gate that opens by an agreement, and at a limit that is used up: what the stock client's own calls show. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { commit, createRepo } from '@huggingface/hub'
import type { AgreementWish } from '@weighhouse/contract/agreements.ts'
import { createToken, createUser } from '@weighhouse/testkit/crash/admin.ts'
import { startHub } from '@weighhouse/testkit/crash/hub-process.ts'
import { offer, signByBoth, type Talk, untilState } from '@weighhouse/testkit/story/agreement.ts'
import { openLabAndClinic } from '@weighhouse/testkit/story/parties.ts'
import { withRecorder } from '../../kit/recorder.ts'
import { library, type Made } from './clients.ts'

const waitMs = 30_000

/** Two organisations, a doctor of the clinic who asks, and a model of the lab with two files. */
const open = async (name: string, visibility: 'public' | 'private') => {
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-gate-'))
  const dataDir = join(folder, 'data')
  const hub = await startHub({ dataDir })
  const { url } = hub
  const { provider, consumer } = await openLabAndClinic({ url, dataDir })
  await createUser(dataDir, 'dora')
  await consumer.signer.client.setMember({ org: 'clinic', user: 'dora', role: 'read' })
  const owner = await createToken(dataDir, 'ada', 'write')
  const doctor = await createToken(dataDir, 'dora', 'write')
  const repo = `north-lab/${name}`
  const named = { type: 'model', name: repo } as const
  await createRepo({ repo: named, visibility, hubUrl: url, accessToken: owner })
  await commit({
    repo: named,
    title: 'First',
    hubUrl: url,
    accessToken: owner,
    operations: ['a.json', 'b.json'].map(
      (path) => ({ operation: 'addOrUpdate', path, content: new Blob([`"${path}"`]) }) as const,
    ),
  })
  const grant = ({ id }: Talk) =>
    consumer.signer.client.grantAgreement({
      org: 'clinic',
      id,
      project: 'Study',
      purposes: ['NonCommercialResearch'],
      to: { kind: 'user', name: 'dora' },
    })
  return {
    url,
    shared: { provider, consumer, repo },
    owner,
    doctor,
    repo,
    grant,
    async [Symbol.asyncDispose]() {
      await hub.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Signed by both, and the hub's clock has said that it is in force. */
const bind = async (talk: Talk): Promise<void> => {
  const { client } = talk.consumer.signer
  await client.agree({ org: 'clinic', id: talk.id, version: talk.version, sha256: talk.sha256 })
  await signByBoth(talk)
  await untilState(talk, 'active')
}

const refusedWith = (made: Made, error: string, status: number, words: RegExp): void => {
  const { message = 'no error' } = made
  assert.deepEqual([made.error, made.status], [error, status], message)
  assert.match(message, words)
}

void test('a request at a gate follows the agreement, and no one accepts it by hand', async (t) => {
  await using scene = await open('triage', 'public')
  const { url, shared, owner, doctor, repo, grant } = scene
  const { client } = shared.provider.signer
  const [ns = '', name = ''] = repo.split('/')
  await client.setGate({ type: 'model', ns, name, kind: 'manual', template: 'research' })
  const download = () => library(url, doctor, 'download', repo, 'a.json')
  /** As the owner's client lists them, once the hub has followed what was said. */
  const stands = async (state: 'pending' | 'accepted' | 'rejected'): Promise<void> => {
    const expected = { pending: [], accepted: [], rejected: [], [state]: ['dora'] }
    const endMs = Date.now() + waitMs
    for (;;) {
      const { answer } = await library(url, owner, 'requests', repo)
      if (JSON.stringify(answer) === JSON.stringify(expected)) return
      if (Date.now() > endMs) assert.deepEqual(answer, expected)
    }
  }

  await t.test('nobody has asked', async () => {
    refusedWith(await download(), 'GatedRepoError', 403, /not in the authorized list.*an agreement/)
  })

  await t.test('asked on the page: pending, and the owner cannot accept it', async () => {
    const asked = await fetch(`${url}/${repo}/ask-access`, {
      method: 'POST',
      headers: { authorization: `Bearer ${doctor}`, 'content-type': 'application/json' },
      body: '{}',
    })
    assert.equal(asked.status, 200)
    await stands('pending')
    const accepted = await library(url, owner, 'accept', repo, 'dora')
    refusedWith(accepted, 'HfHubHTTPError', 409, /opens by an agreement/)
    refusedWith(await download(), 'GatedRepoError', 403, /awaiting a review/)
  })

  let talk: Talk
  await t.test('signed by both, then let in: accepted, and the file comes', async () => {
    talk = await offer(shared)
    await bind(talk)
    await stands('pending')
    await grant(talk)
    await stands('accepted')
    assert.equal((await download()).answer, '"a.json"')
  })

  await t.test('ended: rejected', async () => {
    const ending = { org: shared.provider.org, id: talk.id, reason: 'It is over.', cause: true }
    await client.terminateAgreement(ending)
    await stands('rejected')
    refusedWith(await download(), 'GatedRepoError', 403, /rejected|terminated/)
  })
})

/** One download, and no more. */
const once = (text: Omit<AgreementWish, 'repos'>): Omit<AgreementWish, 'repos'> => ({
  ...text,
  terms: {
    ...text.terms,
    permissions: text.terms.permissions.map((rule) =>
      rule.action === 'download'
        ? {
            ...rule,
            constraints: [
              ...rule.constraints,
              { operand: 'downloadsTotal', operator: 'lteq', value: 1 },
            ],
          }
        : rule,
    ),
  },
})

void test('used up: refused with its sentence, without asking again and again', async () => {
  await using scene = await open('counted', 'private')
  const { url, shared, doctor, repo, grant } = scene
  const talk = await offer(shared, undefined, once)
  await bind(talk)
  await grant(talk)
  assert.equal((await library(url, doctor, 'download', repo, 'a.json')).answer, '"a.json"')
  await withRecorder(url, async (recorder) => {
    const refused = await library(recorder.url, doctor, 'download', repo, 'b.json')
    refusedWith(refused, 'GatedRepoError', 403, /What the agreement allows is used up/)
    const seen = (await (await fetch(`${recorder.control}/seen`)).json()) as {
      method: string
      status: number
    }[]
    const gets = seen.filter(({ method }) => method === 'GET')
    assert.ok(seen.length <= 3, JSON.stringify(seen))
    assert.deepEqual(
      gets.map(({ status }) => status),
      [403],
      'one try',
    )
    assert.ok(refused.seconds < 20, `the client gave up after ${refused.seconds} s`)
  })
  const again = await library(url, doctor, 'download', repo, 'a.json')
  assert.equal(again.answer, '"a.json"', 'what was counted today may be fetched again')
})
