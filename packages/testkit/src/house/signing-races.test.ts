/** What ends while somebody signs. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type EngineName, engineNames } from '../engines.ts'
import { managing, openTwoParties, toAgreed } from './agreement-kit.ts'
import { beforeNextWrite } from './meanwhile.ts'

type Agreed = Awaited<ReturnType<typeof openAgreed>>

const openAgreed = async (engine: EngineName, more: Parameters<typeof toAgreed>[1] = {}) => {
  const two = await openTwoParties(engine)
  return { ...two, ...(await toAgreed(two, more)) }
}

/** Signs for the lab; its other administrator does `act` once all was looked at, and before the signature is written. */
const signDuring = async (
  t: TestContext,
  { dev, lab, id, what, forLab }: Agreed,
  act: () => Promise<unknown>,
  refusal: RegExp,
): Promise<void> => {
  const own = dev.hub.policy.requireOwnAccount(lab)
  const { seq } = (await dev.hub.agreements.agreement(forLab, id)).folder
  await dev.house.settle()
  const meanwhile = beforeNextWrite(t, dev, act)
  const signed = dev.hub.agreements.sign(lab, own, id, { ...what, orgName: 'lab' })
  await assert.rejects(signed, refusal)
  meanwhile.happened()
  assert.equal((await dev.hub.agreements.agreement(forLab, id)).folder.seq, seq)
}

for (const engine of engineNames) {
  void test(`${engine}: a seal that is revoked while somebody signs with it seals nothing`, async (t) => {
    const agreed = await openAgreed(engine)
    const { dev, lab2, forLab } = agreed
    await using _ = dev
    const keys = await dev.hub.signing.keys(forLab.namespace.id)
    const seal = keys.find(({ use }) => use === 'seal')
    assert.ok(seal)
    const forLab2 = await managing(dev, lab2, 'lab')
    const revoke = () => dev.hub.signing.revokeKey(lab2, forLab2, seal.id, { why: 'compromised' })
    await signDuring(t, agreed, revoke, /was revoked or replaced at this moment/)
  })

  for (const signing of ['simple', 'countersigned'] as const) {
    void test(`${engine}, ${signing}: an authority that ends while its holder signs signs nothing`, async (t) => {
      const agreed = await openAgreed(engine, signing === 'simple' ? {} : { signing })
      const { dev, lab2, forLab } = agreed
      await using _ = dev
      const page = { after: '', limit: 10 }
      const [authority] = await dev.hub.signing.signatories(forLab.namespace.id, page)
      assert.ok(authority)
      const forLab2 = await managing(dev, lab2, 'lab')
      const end = () => dev.hub.signing.endSignatory(lab2, forLab2, authority.id)
      await signDuring(t, agreed, end, /name you as signatory/)
    })
  }
}
