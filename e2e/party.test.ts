/** An organisation as a party, by hand: domains, seals, signatories; a proof before each that is grave, and two people for a signatory. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { bySession, dayMs, heading } from '@weighhouse/testkit/house/agreement-kit.ts'
import { bothHands, button, type Hands } from './kit/hands.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const partyOf = async (site: Site, name: string): Promise<Page> => {
  const page = await pageOf(site, name, '/organizations/lab/settings/party')
  await page.getByRole('heading', { name: 'As a party' }).waitFor()
  return page
}

const prove = async (page: Page, hands: Hands, act: string): Promise<void> => {
  const proof = page.getByRole('form', { name: 'Prove who you are' })
  await hands.type(proof.getByLabel('Your password'), password)
  await hands.press(button(proof, act))
  await proof.waitFor({ state: 'detached' })
}

/** A web site of this machine, with the proof in it from when it is told so. */
const openWebSite = async () => {
  const told = { text: '' }
  const web = createServer((_request, answer) => answer.end(told.text)).listen(0, '127.0.0.1')
  await once(web, 'listening')
  // A cast because it listens on a port.
  const { port } = web.address() as AddressInfo
  return { told, domain: `localhost:${port}`, [Symbol.dispose]: () => void web.close() }
}

const domain = async (hands: Hands): Promise<void> => {
  using web = await openWebSite()
  // Nobody answers at that port.
  const env = { WEIGHHOUSE_OUTBOUND_PRIVATE: 'true', WEIGHHOUSE_DNS_SERVERS: '127.0.0.1:9' }
  await using site = await openSite({ env })
  await fillParties(site)
  const page = await partyOf(site, 'ann')
  await hands.type(page.getByLabel('Another domain'), web.domain)
  await page.keyboard.press('Enter')
  await page.getByText('Not proved yet').waitFor()
  assert.equal(await page.getByLabel('Another domain').inputValue(), '')
  await hands.press(button(page, 'Check now'))
  await page.getByRole('alert').waitFor()
  await shoot(page, 'party-domain')
  web.told.text = await page
    .getByText(/^weighhouse-/)
    .first()
    .innerText()
  await hands.press(button(page, 'Check now'))
  await page.getByText(`${web.domain} is proved.`).waitFor()
  await page.getByText('Proved', { exact: true }).waitFor()
  await hands.press(button(page, `Remove ${web.domain}`))
  await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Keep it' }))
  await page.getByText('Proved', { exact: true }).waitFor()
  await hands.press(button(page, `Remove ${web.domain}`))
  await hands.press(button(page, 'Remove the domain'))
  await page.getByText('A proved domain shows partners').waitFor()
}

const reseal = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillParties(site)
  const page = await partyOf(site, 'ann')
  const revoke = button(page, /^Revoke/)
  await revoke.first().waitFor()
  assert.equal(await revoke.count(), 1)
  // Later than five minutes after she signed in.
  site.dev.clock.advance(10 * 60_000)
  await hands.press(button(page, 'Make another seal'))
  await prove(page, hands, 'Make the key')
  await revoke.nth(1).waitFor()
  await hands.press(revoke.first())
  await hands.choose(page.getByRole('dialog').getByLabel('Why'), 'It was lost')
  await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }))
  await page.getByText(/, revoked/).waitFor()
  assert.equal(await revoke.count(), 1)
}

const signatory = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillParties(site)
  const { dev } = site
  await userWithPassword(dev, 'eva')
  const ann = await bySession(dev, 'ann')
  await dev.hub.identity.addMember(ann, await heading(dev, ann, 'lab'), 'eva', 'admin')
  const page = await partyOf(site, 'ann')
  dev.clock.advance(10 * 60_000)
  await hands.type(page.getByLabel('User name'), 'eva')
  await hands.type(page.getByLabel('Title'), 'Head of Imaging')
  await hands.choose(page.getByLabel('Signs'), 'When it gives')
  await hands.day(page.getByLabel('Until'), dev.clock.nowMs() + 90 * dayMs)
  await hands.press(button(page, 'Name the signatory'))
  await hands.press(button(page, 'Close'))
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  // Free again, since nothing was done.
  await page.getByRole('button', { name: 'Name the signatory', disabled: false }).waitFor()
  assert.equal(await page.getByLabel('User name').inputValue(), 'eva', 'what was typed stays')
  await hands.press(button(page, 'Name the signatory'))
  await prove(page, hands, 'Name the signatory')
  await page.getByText('Waits for a second administrator').waitFor()
  await hands.press(button(page, 'Confirm eva'))
  await page.getByRole('alert').first().waitFor()

  const second = await partyOf(site, 'ada')
  await hands.press(button(second, 'Confirm eva'))
  await second.getByText('eva may sign for lab').waitFor()
  await shoot(second, 'party-signatories')
  await hands.press(button(second, 'End the authority of eva'))
  await hands.press(second.getByRole('dialog').getByRole('button', { name: 'End the authority' }))
  await second.getByText('eva may no longer sign').waitFor()
  await second.getByText('Over', { exact: true }).waitFor()
}

/** The files that a tool writes, and what is shown to be signed. */
const keyFiles = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicFile: {
      name: 'public.pem',
      mimeType: 'application/x-pem-file',
      buffer: Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })),
    },
    privateFile: {
      name: 'private.pem',
      mimeType: 'application/x-pem-file',
      buffer: Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    },
    privateKey,
    shown: publicKey.export({ format: 'jwk' }).x ?? '',
  }
}

/** As the commands say that are shown. */
const signShown = async (page: Page, privateKey: KeyObject) => {
  const commands = await page.getByRole('region', { name: 'the commands' }).innerText()
  const text = /^printf '([^']+)'/.exec(commands)?.[1]?.replaceAll(String.raw`\n`, '\n')
  assert.ok(text, commands)
  const buffer = sign(null, Buffer.from(text), privateKey)
  return { name: 'key.sig', mimeType: 'application/octet-stream', buffer }
}

const keys = async (hands: Hands): Promise<void> => {
  await using site = await openSite()
  await fillParties(site)
  const page = await partyOf(site, 'ann')
  const dialog = page.getByRole('dialog')
  const open = async (as: string): Promise<void> => {
    await hands.press(button(page, 'Bring a key'))
    await hands.choose(dialog.getByLabel('As', { exact: true }), as)
  }
  const bring = button(dialog, 'Bring the key')

  const recovery = keyFiles()
  await open('A recovery key: it replaces a seal that was lost')
  await hands.attach(dialog.getByLabel('Public key'), recovery.privateFile)
  await dialog.getByText('This file holds a private key: it stays with you.').waitFor()
  await hands.attach(dialog.getByLabel('Public key'), recovery.publicFile)
  await hands.attach(dialog.getByLabel('Signature'), recovery.publicFile)
  await dialog.getByText('An Ed25519 signature has 64 bytes').waitFor()
  assert.equal(await bring.getAttribute('aria-disabled'), 'true')
  // Of another key: the hub finds out.
  await dialog.getByLabel('Signature').setInputFiles(await signShown(page, keyFiles().privateKey))
  await hands.press(bring)
  await dialog.getByText('The proof is no signature').waitFor()
  await hands.attach(dialog.getByLabel('Signature'), await signShown(page, recovery.privateKey))
  await shoot(page, 'party-bring-key')
  await hands.press(bring)
  await dialog.waitFor({ state: 'detached' })
  await page.getByTitle(recovery.shown).waitFor()

  const seal = keyFiles()
  await open('A seal in place of one that was lost')
  await hands.attach(dialog.getByLabel('Public key'), seal.publicFile)
  await dialog.getByText('with the recovery key').waitFor()
  await hands.attach(dialog.getByLabel('Signature'), await signShown(page, recovery.privateKey))
  await hands.press(bring)
  await dialog.waitFor({ state: 'detached' })
  await page.getByTitle(seal.shown).waitFor()
  await page.getByText(/, revoked/).waitFor()
}

for (const hands of bothHands) {
  void test(`a domain is named, not found to be proved, proved, and removed, ${hands.name}`, () =>
    domain(hands))
  void test(`a seal is made after a proof, and the old one is revoked, ${hands.name}`, () =>
    reseal(hands))
  void test(`a signatory is named by one, confirmed by another, and ended, ${hands.name}`, () =>
    signatory(hands))
  void test(`keys of its own are brought by files, and a lost seal is replaced by the recovery key, ${hands.name}`, () =>
    keys(hands))
}
