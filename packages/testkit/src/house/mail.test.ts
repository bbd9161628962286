/** Letters by a real server of mail: invitations, recovery, and what happens while the server is away. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { clientOf, until } from './org-kit.ts'
import { login, password, signedIn, submit, userWithPassword } from './signin-kit.ts'

interface Received {
  readonly to: string
  readonly text: string
}

/** Takes every letter, until it is told to refuse. */
const openPostOffice = async () => {
  const letters: Received[] = []
  const state = { isRefusing: false }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (part: Buffer) => {
        text += part.toString()
      })
      stream.on('end', () => {
        if (state.isRefusing) return done(new Error('come back later'))
        letters.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), text })
        return done()
      })
    },
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  // A cast because a TCP listener's address is an object.
  const { port } = server.server.address() as AddressInfo
  return {
    letters,
    state,
    url: `smtp://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(resolve)
      })
    },
  }
}

const openWithMail = (url: string): Promise<DevHouse> =>
  openDevHouse({
    env: {
      WEIGHHOUSE_PUBLIC_URL: 'http://localhost',
      WEIGHHOUSE_SMTP_URL: url,
      WEIGHHOUSE_MAIL_FROM: 'Hub <hub@hub.example>',
    },
  })

/** The link in the newest letter, as a mail program shows it. */
const linkIn = ({ text }: Received, path: string): string => {
  const plain = text.replaceAll('=\r\n', '').replaceAll('=3D', '=')
  const found = new RegExp(`http://localhost(/${path}/[A-Za-z0-9_-]+)`).exec(plain)?.[1]
  assert.ok(found, plain)
  return found
}

const setEmail = (dev: DevHouse, name: string, email: string): Promise<unknown> =>
  dev.house.db.tx((q) => q.updateTable('account').set({ email }).where('name', '=', name).execute())

void test('an invitation comes by mail, and its link makes a member of who has the address', async () => {
  await using office = await openPostOffice()
  await using dev = await openWithMail(office.url)
  const ann = await dev.user('ann')
  await userWithPassword(dev, 'bob')
  await userWithPassword(dev, 'eve')
  await setEmail(dev, 'bob', 'bob@clinic.example')
  await dev.org('acme', 'ann')
  await clientOf(dev, ann).createInvitation({
    org: 'acme',
    role: 'read',
    email: 'bob@clinic.example',
  })
  await dev.house.settle()
  const [letter] = office.letters
  assert.ok(letter)
  assert.equal(letter.to, 'bob@clinic.example')
  assert.match(letter.text, /acme invites you/)
  const link = linkIn(letter, 'join')
  const waiting = await dev.house.db.read.selectFrom('event').selectAll().execute()
  assert.ok(!JSON.stringify(waiting).includes(link.split('/')[2] ?? link), 'no link in the trail')

  assert.equal((await dev.ask('GET', link)).status, 303)
  const eve = await signedIn(dev, 'eve')
  assert.equal((await submit(dev, link, {}, { cookie: eve })).status, 403)
  const bob = await signedIn(dev, 'bob')
  assert.match((await dev.ask('GET', link, { headers: { cookie: bob } })).text, /signed in as/)
  const foreign = await dev.ask('POST', link, {
    headers: { cookie: bob, origin: 'http://evil.test' },
  })
  assert.equal(foreign.status, 403)
  assert.match((await submit(dev, link, {}, { cookie: bob })).text, /Welcome to acme/)
  assert.equal((await submit(dev, link, {}, { cookie: bob })).status, 403)
})

void test('a forgotten password: the same answer for everybody, a letter for who has an address', async () => {
  await using office = await openPostOffice()
  await using dev = await openWithMail(office.url)
  await userWithPassword(dev, 'bob')
  await userWithPassword(dev, 'ann')
  await setEmail(dev, 'bob', 'bob@clinic.example')
  const answers = await Promise.all(
    ['bob', 'ann', 'nobody'].map((name) => submit(dev, '/recover', { name })),
  )
  assert.equal(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  await dev.house.settle()
  assert.equal(office.letters.length, 1)
  const [letter] = office.letters
  assert.ok(letter)
  const link = linkIn(letter, 'recover')
  const byAdmin = await dev.hub.signin.offerRecovery(
    dev.system,
    dev.hub.policy.requireHub(dev.system),
    {
      name: 'ann',
      dropsSecondFactor: false,
    },
  )
  await submit(dev, '/recover', { name: 'ann' })
  await setEmail(dev, 'ann', 'ann@clinic.example')
  await submit(dev, '/recover', { name: 'ann' })
  assert.equal(
    (await dev.ask('GET', `/recover/${byAdmin}`)).status,
    200,
    'an administrator’s link stays',
  )
  const next = 'eight quiet barges'
  assert.equal((await submit(dev, link, { password: next })).status, 200)
  assert.equal((await login(dev, { name: 'bob', password })).status, 401)
  assert.equal((await login(dev, { name: 'bob', password: next })).status, 303)
  assert.equal((await submit(dev, link, { password: next })).status, 403)

  // Nobody fills the mailbox of somebody else.
  const statuses: number[] = []
  for (let i = 0; i < 7; i += 1)
    statuses.push((await submit(dev, '/recover', { name: 'bob' })).status)
  assert.equal(statuses.at(-1), 429)
  await dev.house.settle()
  assert.ok(office.letters.length < 7)
  const crossed = await submit(dev, '/recover', { name: 'bob' }, { origin: 'http://evil.test' })
  assert.equal(crossed.status, 403)
})

void test('a letter waits while the server of mail is away, sealed', async () => {
  await using office = await openPostOffice()
  await using dev = await openWithMail(office.url)
  await userWithPassword(dev, 'bob')
  await setEmail(dev, 'bob', 'bob@clinic.example')
  office.state.isRefusing = true
  await submit(dev, '/recover', { name: 'bob' })
  await dev.house.settle()
  assert.equal(office.letters.length, 0)
  const [job] = await dev.house.db.read
    .selectFrom('job')
    .selectAll()
    .where('kind', '=', 'mail')
    .execute()
  assert.ok(job)
  assert.doesNotMatch(job.payload, /recover|bob/)
  office.state.isRefusing = false
  dev.clock.advance(3600_000)
  await until(async () => {
    await dev.house.settle()
    return office.letters.length === 1
  })
})

void test('without a server of mail the page says whom to ask', async () => {
  await using dev = await openDevHouse({ env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost' } })
  const answer = await submit(dev, '/recover', { name: 'bob' })
  assert.match(answer.text, /Ask its administrator/)
  for (const env of [
    { WEIGHHOUSE_SMTP_URL: 'http://mail.example' },
    { WEIGHHOUSE_SMTP_URL: 'smtp://mail.example', WEIGHHOUSE_PUBLIC_URL: 'http://localhost' },
    { WEIGHHOUSE_SMTP_URL: 'smtp://mail.example', WEIGHHOUSE_MAIL_FROM: 'hub@hub.example' },
  ]) {
    await assert.rejects(openDevHouse({ env }), /WEIGHHOUSE_(SMTP_URL|MAIL_FROM|PUBLIC_URL)/)
  }
})
