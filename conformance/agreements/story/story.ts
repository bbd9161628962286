/** From a draft to the end: two organisations at a running hub, only stock clients on the consumer's side. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { commit, createRepo } from '@huggingface/hub'
import { parseEvidence } from '@weighhouse/formats/agreement/evidence.ts'
import { verifyEvidence } from '@weighhouse/formats/agreement/verify.ts'
import { createToken } from '@weighhouse/testkit/crash/admin.ts'
import { startHub } from '@weighhouse/testkit/crash/hub-process.ts'
import {
  amend,
  offer,
  settle,
  signByBoth,
  type Talk,
  untilState,
  valuesNow,
} from '@weighhouse/testkit/story/agreement.ts'
import { settleDuties } from '@weighhouse/testkit/story/closing.ts'
import { openLabAndClinic } from '@weighhouse/testkit/story/parties.ts'
import { hf, slowCurl } from './clients.ts'

const repo = 'north-lab/triage'
const bigBytes = 48 * 1024 * 1024

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

void test('two organisations, from a draft to the end of their agreement', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-story-'))
  const dataDir = join(folder, 'data')
  const hub = await startHub({ dataDir })
  try {
    const { url } = hub
    const { provider, consumer } = await openLabAndClinic({ url, dataDir })
    const ada = await createToken(dataDir, 'ada', 'write')
    const ben = await createToken(dataDir, 'ben', 'read')
    const big = randomBytes(bigBytes)
    const small = new TextEncoder().encode('{"model_type":"bag-of-words"}')
    const named = { type: 'model', name: repo } as const
    await createRepo({ repo: named, visibility: 'private', hubUrl: url, accessToken: ada })
    await commit({
      repo: named,
      title: 'First',
      hubUrl: url,
      accessToken: ada,
      useXet: true,
      operations: Object.entries({ 'config.json': small, 'model.bin': big }).map(
        ([path, bytes]) =>
          ({ operation: 'addOrUpdate', path, content: new Blob([bytes]) }) as const,
      ),
    })

    const download = (...more: readonly string[]) => hf(url, ben, 'download', repo, ...more)
    const refused = async (pattern: RegExp): Promise<void> => {
      const said = await download('config.json')
      assert.notEqual(said.code, 0)
      assert.match(said.text, pattern)
    }
    const pulled = async (path: string, bytes: Uint8Array): Promise<void> => {
      const into = await mkdtemp(join(folder, 'pulled-'))
      const said = await download(path, '--local-dir', into)
      assert.equal(said.code, 0, said.text)
      assert.equal(sha256(await readFile(join(into, path))), sha256(bytes))
    }

    await t.test('before: the model is not there', () => refused(/[Nn]ot [Ff]ound|404/))

    let talk: Talk
    await t.test('proposed, countered, agreed: still not there', async () => {
      const offered = await offer({ provider, consumer, repo })
      talk = await settle(offered, valuesNow({ users: 20 }))
      await refused(/[Nn]ot [Ff]ound|404/)
    })

    await t.test('signed by both: the clinic has not let its people use it', async () => {
      await signByBoth(talk)
      await untilState(talk, 'active')
      await refused(/Your organisation has this agreement, and has not let you use it/)
    })

    await t.test(
      'let in for a study: the bytes are the same, through Xet and through curl',
      async () => {
        await consumer.signer.client.grantAgreement({
          org: consumer.org,
          id: talk.id,
          project: 'Study',
          purposes: ['NonCommercialResearch'],
          to: { kind: 'user', name: 'ben' },
        })
        await pulled('config.json', small)
        await pulled('model.bin', big)
        const file = join(folder, 'curl.bin')
        const rate = { file, bytesPerSecond: 1_000_000_000 }
        const said = await slowCurl(`${url}/${repo}/resolve/main/model.bin`, ben, rate)
        assert.equal(said.code, 0, said.text)
        assert.equal(sha256(await readFile(file)), sha256(big))
      },
    )

    await t.test(
      'suspended: a running download ends within a minute, a new one is refused',
      async () => {
        const file = join(folder, 'cut.bin')
        const running = slowCurl(`${url}/${repo}/resolve/main/model.bin`, ben, {
          file,
          bytesPerSecond: 500_000,
        })
        const { promise: begun, resolve } = Promise.withResolvers<void>()
        const look = setInterval(() => {
          void stat(file).then(
            ({ size }) => size > 0 && resolve(),
            () => undefined,
          )
        }, 100)
        await begun
        clearInterval(look)
        const { client } = provider.signer
        const reason = 'A report has to be looked into.'
        await client.suspendAgreement({ org: provider.org, id: talk.id, reason })
        const suspendedAt = performance.now()
        const said = await running
        const seconds = (performance.now() - suspendedAt) / 1000
        assert.notEqual(said.code, 0, 'the download went on to its end')
        assert.ok(seconds <= 60, `the download ended after ${seconds} s`)
        assert.ok((await stat(file)).size < bigBytes)
        t.diagnostic(`a running download ended ${seconds.toFixed(1)} s after the suspension`)
        await refused(/The agreement is suspended/)
        await client.resumeAgreement({ org: provider.org, id: talk.id, reason: 'It was nothing.' })
        await pulled('config.json', small)
      },
    )

    await t.test(
      'amended to a narrower purpose: refused, with the clause and what was needed',
      async () => {
        talk = await amend(talk, valuesNow({ purposes: ['duo:0000042'] }))
        await signByBoth(talk)
        await refused(/clause use \(Purpose and use\).*the purpose.*duo:0000042/)
        await consumer.signer.client.grantAgreement({
          org: consumer.org,
          id: talk.id,
          project: 'General study',
          purposes: ['duo:0000042'],
          to: { kind: 'user', name: 'ben' },
        })
        await pulled('config.json', small)
      },
    )

    await t.test('notice is given: it stays in force until it is over', async () => {
      const { client } = provider.signer
      const reason = 'The study will be done.'
      await client.terminateAgreement({ org: provider.org, id: talk.id, reason })
      await pulled('config.json', small)
      await assert.rejects(
        client.terminateAgreement({ org: provider.org, id: talk.id, reason }),
        /notice was given already/,
      )
    })

    await t.test('ended for a cause: refused, deleted, certified, accepted, closed', async () => {
      const { client } = provider.signer
      const reason = 'The study is over before its time.'
      await client.terminateAgreement({ org: provider.org, id: talk.id, reason, cause: true })
      await refused(/The agreement was terminated/)
      const settled = await settleDuties(talk, 'certifyDestruction')
      assert.ok(settled.includes('certifyDestruction'), settled.join(', '))
      await untilState(talk, 'closed')
    })

    await t.test('the evidence says it all', async () => {
      const { publicKey } = await consumer.signer.client.getHubSeal()
      const path = `/weighhouse/v1/orgs/${consumer.org}/agreements/${talk.id}/evidence`
      const answer = await consumer.signer.get(path)
      const verdict = await verifyEvidence(parseEvidence(await answer.json()), publicKey)
      assert.deepEqual(
        verdict.checks.filter(({ ok }) => !ok),
        [],
      )
      assert.equal(verdict.signatures.length, 4)
    })
  } finally {
    await hub.stop()
    await rm(folder, { recursive: true, force: true })
  }
})
