/** An organisation as a party, by hand: domains, seals, signatories; a proof before each that is grave, and two people for a signatory. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { password, userWithPassword } from '@weighhouse/testkit/house/signin-kit.ts'
import { heading, bySession } from '@weighhouse/testkit/house/agreement-kit.ts'
import { fillParties, pageOf } from './kit/parties.ts'
import { openSite, shoot, type Site } from './kit/site.ts'

const toParty = async (page: Page, { url }: Site): Promise<void> => {
  await page.goto(`${url}/organizations/lab/settings/party`)
  await page.getByRole('heading', { name: 'lab as a party of agreements' }).waitFor()
}

const prove = async (page: Page, button: string): Promise<void> => {
  const proof = page.getByRole('form', { name: 'Prove who you are' })
  await proof.getByLabel('Your password').fill(password)
  await proof.getByRole('button', { name: button }).click()
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

void test('a domain is named, not found to be proved, proved, and removed', async () => {
  using web = await openWebSite()
  // Nobody answers at that port.
  const env = { WEIGHHOUSE_OUTBOUND_PRIVATE: 'true', WEIGHHOUSE_DNS_SERVERS: '127.0.0.1:9' }
  await using site = await openSite({ env })
  await fillParties(site)
  const page = await pageOf(site, 'ann')
  await toParty(page, site)
  await page.getByLabel('Another domain').fill(web.domain)
  await page.keyboard.press('Enter')
  await page.getByText('Not proved yet').waitFor()
  assert.equal(await page.getByLabel('Another domain').inputValue(), '')
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByRole('alert').waitFor()
  await shoot(page, 'party-domain')
  web.told.text = await page
    .getByText(/^weighhouse-/)
    .first()
    .innerText()
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText(`${web.domain} is proved.`).waitFor()
  await page.getByText('Proved', { exact: true }).waitFor()
  await page.getByRole('button', { name: `Remove ${web.domain}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click()
  await page.getByText('Proved', { exact: true }).waitFor()
  await page.getByRole('button', { name: `Remove ${web.domain}` }).click()
  await page.getByRole('button', { name: 'Remove the domain' }).click()
  await page.getByText('A proved domain shows partners').waitFor()
})

void test('a seal is made after a proof, and the old one is revoked', async () => {
  await using site = await openSite()
  await fillParties(site)
  const page = await pageOf(site, 'ann')
  await toParty(page, site)
  const revoke = page.getByRole('button', { name: /^Revoke/ })
  assert.equal(await revoke.count(), 1)
  // Later than five minutes after she signed in.
  site.dev.clock.advance(10 * 60_000)
  await page.getByRole('button', { name: 'Make another seal' }).click()
  await prove(page, 'Make the key')
  await revoke.nth(1).waitFor()
  await revoke.first().click()
  await page.getByRole('dialog').getByLabel('Why').selectOption('It was lost')
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).click()
  await page.getByText(/, revoked/).waitFor()
  assert.equal(await revoke.count(), 1)
})

void test('a signatory is named by one, confirmed by another, and ended', async () => {
  await using site = await openSite()
  await fillParties(site)
  const { dev } = site
  await userWithPassword(dev, 'eva')
  const ann = await bySession(dev, 'ann')
  await dev.hub.identity.addMember(ann, await heading(dev, ann, 'lab'), 'eva', 'admin')
  const page = await pageOf(site, 'ann')
  await toParty(page, site)
  dev.clock.advance(10 * 60_000)
  await page.getByLabel('User name').fill('eva')
  await page.getByLabel('Title').fill('Head of Imaging')
  await page.getByLabel('Signs').selectOption('When it gives')
  const until = new Date(dev.clock.nowMs() + 90 * 86_400_000).toISOString().slice(0, 10)
  await page.getByLabel('Until').fill(until)
  await page.getByRole('button', { name: 'Name the signatory' }).click()
  await page.getByRole('button', { name: 'Close' }).click()
  assert.equal(await page.getByLabel('User name').inputValue(), 'eva', 'what was typed stays')
  await page.getByRole('button', { name: 'Name the signatory' }).click()
  await prove(page, 'Name the signatory')
  await page.getByText('Waits for a second administrator').waitFor()
  await page.getByRole('button', { name: 'Confirm eva' }).click()
  await page.getByRole('alert').first().waitFor()

  const second = await pageOf(site, 'ada')
  await toParty(second, site)
  await second.getByRole('button', { name: 'Confirm eva' }).click()
  await second.getByText('eva may sign for lab').waitFor()
  await shoot(second, 'party-signatories')
  await second.getByRole('button', { name: 'End the authority of eva' }).click()
  await second.getByRole('dialog').getByRole('button', { name: 'End the authority' }).click()
  await second.getByText('eva may no longer sign').waitFor()
  await second.getByText('Over', { exact: true }).waitFor()
})

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

void test('keys of its own are brought by files, and a lost seal is replaced by the recovery key', async () => {
  await using site = await openSite()
  await fillParties(site)
  const page = await pageOf(site, 'ann')
  await toParty(page, site)
  const dialog = page.getByRole('dialog')
  const open = async (as: string): Promise<void> => {
    await page.getByRole('button', { name: 'Bring a key' }).click()
    await dialog.getByLabel('As', { exact: true }).selectOption(as)
  }
  const bring = dialog.getByRole('button', { name: 'Bring the key' })

  const recovery = keyFiles()
  await open('recovery')
  await dialog.getByLabel('Public key').setInputFiles(recovery.privateFile)
  await dialog.getByText('This file holds a private key: it stays with you.').waitFor()
  await dialog.getByLabel('Public key').setInputFiles(recovery.publicFile)
  await dialog.getByLabel('Signature').setInputFiles(recovery.publicFile)
  await dialog.getByText('An Ed25519 signature has 64 bytes').waitFor()
  assert.equal(await bring.getAttribute('aria-disabled'), 'true')
  // Of another key: the hub finds out.
  await dialog.getByLabel('Signature').setInputFiles(await signShown(page, keyFiles().privateKey))
  await bring.click()
  await dialog.getByText('The proof is no signature').waitFor()
  await dialog.getByLabel('Signature').setInputFiles(await signShown(page, recovery.privateKey))
  await shoot(page, 'party-bring-key')
  await bring.click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByTitle(recovery.shown).waitFor()

  const seal = keyFiles()
  await open('instead')
  await dialog.getByLabel('Public key').setInputFiles(seal.publicFile)
  await dialog.getByText('with the recovery key').waitFor()
  await dialog.getByLabel('Signature').setInputFiles(await signShown(page, recovery.privateKey))
  await bring.click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByTitle(seal.shown).waitFor()
  await page.getByText(/, revoked/).waitFor()
})
