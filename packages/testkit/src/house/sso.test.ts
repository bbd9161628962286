/** Single sign-on: who comes in as whom, what their groups give, and how it ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { manage, refused, refusedWith, clientOf } from './org-kit.ts'
import { directoryOf } from './scim-kit.ts'
import { login, own, password, userWithPassword } from './signin-kit.ts'
import {
  clientId,
  clientSecret,
  type LyingProvider,
  openBrowser,
  openLyingProvider,
  openSsoHouse,
} from './sso-kit.ts'

const hubPermit = (dev: DevHouse) => dev.hub.policy.requireHub(dev.system)

const addHubProvider = (dev: DevHouse, provider: LyingProvider, wish = {}) =>
  dev.hub.sso.addProvider(dev.system, hubPermit(dev), 'corp', {
    issuer: provider.issuer,
    clientId,
    secret: clientSecret,
    createsAccounts: true,
    ...wish,
  })

const addOrgProvider = async (dev: DevHouse, provider: LyingProvider, org: string, wish = {}) =>
  dev.hub.sso.addProvider(dev.system, await manage(dev, dev.system, org), 'acme-login', {
    issuer: provider.issuer,
    clientId,
    secret: clientSecret,
    ...wish,
  })

const roleOf = async (dev: DevHouse, org: string, user: string) => {
  const [one, other] = [await dev.hub.identity.find(org), await dev.hub.identity.find(user)]
  assert.ok(one !== undefined && other !== undefined)
  return dev.hub.identity.roleIn(one.id, other.id)
}

for (const engine of engineNames) {
  void test(`${engine}: a new person gets an account, and comes back as the same`, async () => {
    await using dev = await openSsoHouse({ engine })
    await using provider = await openLyingProvider(() => dev.clock.nowMs())
    await addHubProvider(dev, provider)
    const browser = openBrowser(dev)
    const page = await browser.get('/login?next=/device')
    assert.match(page.text, /href="\/login\/sso\/corp\?next=%2Fdevice">Sign in with corp</)
    const back = await browser.signIn('/login/sso/corp?next=/device')
    assert.equal(back.status, 303, back.text)
    assert.equal(back.headers['location'], '/device')
    assert.equal(await browser.name(), 'bob')
    // Names and addresses change; who they are does not.
    provider.words.person = { sub: 'bob-1', email: 'robert@corp.test', preferred_username: 'rob' }
    const other = openBrowser(dev)
    await other.signIn('/login/sso/corp')
    assert.equal(await other.name(), 'bob')
    const row = await dev.house.db.read
      .selectFrom('sso_identity')
      .selectAll()
      .executeTakeFirstOrThrow()
    assert.equal(row.email, 'robert@corp.test')
  })
}

for (const engine of engineNames) {
  void test(`${engine}: groups give roles and places in teams, change them and take them away`, async () => {
    await using dev = await openSsoHouse({ engine })
    await using provider = await openLyingProvider(() => dev.clock.nowMs())
    await dev.user('root')
    await dev.user('carl')
    await dev.org('acme', 'root')
    await dev.org('other', 'root')
    const acme = await manage(dev, dev.system, 'acme')
    await dev.hub.organisations.createTeam(dev.system, acme, 'Core')
    const rules = [
      { group: 'staff', org: 'acme', role: 'read' },
      { group: 'devs', org: 'acme', role: 'write' },
      { group: 'devs', org: 'acme', team: 'core' },
      { group: 'devs', org: 'acme', team: 'no such team' },
      { group: 'guests', org: 'other', team: 'nobody is a member' },
    ] as const
    await addHubProvider(dev, provider, { rules })
    const come = async (groups: unknown) => {
      provider.words.person = { sub: 'bob-1', preferred_username: 'bob', groups }
      const answer = await openBrowser(dev).signIn('/login/sso/corp')
      assert.equal(answer.status, 303, answer.text)
    }
    const team = async () =>
      (await dev.hub.organisations.teamMembers(acme, 'core', { after: '', limit: 9 })).map(
        ({ name }) => name,
      )
    await come(['staff', 'devs', 'guests'])
    assert.equal(await roleOf(dev, 'acme', 'bob'), 'write')
    assert.equal(await roleOf(dev, 'other', 'bob'), undefined)
    assert.deepEqual(await team(), ['bob'])
    await come('staff')
    assert.equal(await roleOf(dev, 'acme', 'bob'), 'read')
    assert.deepEqual(await team(), [])
    await come(undefined)
    assert.equal(await roleOf(dev, 'acme', 'bob'), undefined)

    // What somebody else gave stays when the groups end.
    await dev.hub.identity.addMember(dev.system, acme, 'bob', 'contributor')
    await dev.hub.organisations.addToTeam(dev.system, acme, 'core', 'bob')
    await come(['devs'])
    assert.equal(await roleOf(dev, 'acme', 'bob'), 'write')
    await come([])
    assert.equal(await roleOf(dev, 'acme', 'bob'), 'write')
    assert.deepEqual(await team(), ['bob'])
  })

  void test(`${engine}: the last administrator stays one`, async () => {
    await using dev = await openSsoHouse({ engine })
    await using provider = await openLyingProvider(() => dev.clock.nowMs())
    await dev.user('root')
    await dev.org('acme', 'root')
    const acme = await manage(dev, dev.system, 'acme')
    await addHubProvider(dev, provider, { rules: [{ group: 'boss', org: 'acme', role: 'admin' }] })
    const come = async (groups: string[]) => {
      provider.words.person = { sub: 'bob-1', preferred_username: 'bob', groups }
      const browser = openBrowser(dev)
      await browser.signIn('/login/sso/corp')
      assert.equal(await browser.name(), 'bob')
    }
    await come(['boss'])
    await dev.hub.identity.removeMember(dev.system, acme, 'root')
    await come([])
    assert.equal(await roleOf(dev, 'acme', 'bob'), 'admin')
    // When another one is there, it goes as it would have gone.
    await dev.hub.identity.addMember(dev.system, acme, 'root', 'admin')
    await come([])
    assert.equal(await roleOf(dev, 'acme', 'bob'), undefined)
  })
}

void test('a provider is found in any letter case, and sends people back to one place', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  const browser = openBrowser(dev)
  await browser.signIn('/login/sso/CORP')
  assert.equal(await browser.name(), 'bob')
})

void test('nobody is taken over by a name or an address', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await userWithPassword(dev, 'ann', true)
  await dev.hub.identity.createUser(dev.system, hubPermit(dev), { name: 'b0b' })
  await addHubProvider(dev, provider)
  provider.words.person = {
    sub: 'evil-1',
    email: 'ann@corp.test',
    email_verified: true,
    preferred_username: 'ann',
  }
  const browser = openBrowser(dev)
  await browser.signIn('/login/sso/corp')
  assert.equal(await browser.name(), 'ann-2')
  assert.equal((await dev.hub.identity.find('ann-2'))?.isAdmin, false)
  // Nor is a name taken that a reader would mistake.
  provider.words.person = { sub: 'evil-2', preferred_username: 'bob', email: 'robin@corp.test' }
  const other = openBrowser(dev)
  await other.signIn('/login/sso/corp')
  assert.equal(await other.name(), 'robin')
  // Names that no account may have lead to one that may be had.
  provider.words.person = { sub: 'evil-3', preferred_username: '../login' }
  const third = openBrowser(dev)
  await third.signIn('/login/sso/corp')
  assert.equal(await third.name(), 'login-2')
})

void test('two browsers of one new person at once are one account', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  const browsers = [openBrowser(dev), openBrowser(dev), openBrowser(dev)]
  await Promise.all(browsers.map((one) => one.signIn('/login/sso/corp')))
  assert.deepEqual(await Promise.all(browsers.map((one) => one.name())), ['bob', 'bob', 'bob'])
})

/** An organisation whose administrator runs a provider that says whatever suits her. */
const openEvilOrg = async () => {
  const dev = await openSsoHouse({ env: { WEIGHHOUSE_OUTBOUND_PRIVATE: 'true' } })
  const provider = await openLyingProvider(() => dev.clock.nowMs())
  await dev.user('eve')
  await userWithPassword(dev, 'ann')
  await userWithPassword(dev, 'chief', true)
  await dev.org('acme', 'eve')
  await dev.org('victim', 'ann')
  return {
    dev,
    provider,
    async [Symbol.asyncDispose]() {
      await provider[Symbol.asyncDispose]()
      await dev[Symbol.asyncDispose]()
    },
  }
}

const signedInAs = async (dev: DevHouse, name: string) => {
  const browser = openBrowser(dev)
  await browser.submit('/login', { name, password })
  assert.equal(await browser.name(), name)
  return browser
}

void test('an organisation’s provider signs in only whom it made, or who linked it', async () => {
  await using evil = await openEvilOrg()
  const { dev, provider } = evil
  await addOrgProvider(dev, provider, 'acme')
  provider.words.person = { sub: 'ann', email: 'ann@corp.test', preferred_username: 'ann' }
  const stranger = openBrowser(dev)
  const refusal = await stranger.signIn('/login/sso/acme-login')
  assert.equal(refusal.status, 401)
  assert.match(refusal.text, /No account here belongs to who you are at acme-login/)
  assert.equal(await stranger.name(), undefined)

  const ann = await signedInAs(dev, 'ann')
  const asked = await ann.get('/login/sso/acme-login?link=1')
  assert.match(asked.text, /signs in as <strong>ann<\/strong>/)
  // A page of another site cannot send the form.
  const cookie = [...ann.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const foreign = { ...own, origin: 'http://evil.test', cookie }
  const crossed = await dev.ask('POST', '/login/sso/acme-login', { headers: foreign, body: '' })
  assert.equal(crossed.status, 403)
  const linked = await ann.submit('/login/sso/acme-login')
  assert.match(linked.text, /You can sign in with acme-login from now on/)
  const again = openBrowser(dev)
  await again.signIn('/login/sso/acme-login')
  assert.equal(await again.name(), 'ann')

  // A second identity for the same account, and the same identity for a second account.
  provider.words.person = { sub: 'somebody else' }
  assert.equal((await ann.submit('/login/sso/acme-login')).status, 409)
  provider.words.person = { sub: 'ann' }
  await userWithPassword(dev, 'zoe')
  const zoe = await signedInAs(dev, 'zoe')
  assert.equal((await zoe.submit('/login/sso/acme-login')).status, 409)
})

void test('what was to be linked is not linked to who signed in meanwhile', async () => {
  await using evil = await openEvilOrg()
  const { dev, provider } = evil
  await addHubProvider(dev, provider)
  await userWithPassword(dev, 'zoe')
  const ann = await signedInAs(dev, 'ann')
  const zoe = await signedInAs(dev, 'zoe')
  const away = await dev.ask('POST', '/login/sso/corp', {
    headers: { ...own, cookie: `weighhouse=${ann.cookies.get('weighhouse')}` },
  })
  const attempt = /weighhouse-sso=([^;]+)/.exec(away.headers['set-cookie'] ?? '')?.[1] ?? ''
  const url = away.headers['refresh']?.replace(/^0; url=/, '') ?? ''
  const sent = await fetch(url, { redirect: 'manual' })
  const back = new URL(sent.headers.get('location') ?? '')
  zoe.cookies.set('weighhouse-sso', attempt)
  assert.equal((await zoe.get(back.pathname + back.search)).status, 401)
  const rows = await dev.house.db.read.selectFrom('sso_identity').selectAll().execute()
  assert.deepEqual(rows, [])
})

void test('an organisation’s own page offers its provider, until the organisation is closed', async () => {
  await using evil = await openEvilOrg()
  const { dev, provider } = evil
  await addOrgProvider(dev, provider, 'acme', { createsAccounts: true })
  const browser = openBrowser(dev)
  assert.doesNotMatch((await browser.get('/login')).text, /acme-login/)
  assert.match((await browser.get('/login?org=ACME')).text, /Sign in with acme-login<\/a> .* acme</)
  await dev.hub.organisations.deleteOrg(dev.system, await manage(dev, dev.system, 'acme'))
  assert.doesNotMatch((await browser.get('/login?org=acme')).text, /acme-login/)
  assert.equal((await browser.get('/login/sso/acme-login')).status, 404)
})

void test('an organisation’s provider never signs in an administrator of the hub', async () => {
  await using evil = await openEvilOrg()
  const { dev, provider } = evil
  await addOrgProvider(dev, provider, 'acme', { createsAccounts: true })
  const chief = await signedInAs(dev, 'chief')
  provider.words.person = { sub: 'chief' }
  const refusal = await chief.submit('/login/sso/acme-login')
  assert.equal(refusal.status, 401)
  assert.match(refusal.text, /could then act for the hub/)
  // Nor one who became it later.
  provider.words.person = { sub: 'bob-1', preferred_username: 'bob' }
  const bob = openBrowser(dev)
  await bob.signIn('/login/sso/acme-login')
  assert.equal(await bob.name(), 'bob')
  await dev.house.db.tx((q) =>
    q.updateTable('account').set({ is_admin: 1 }).where('name', '=', 'bob').execute(),
  )
  const later = openBrowser(dev)
  assert.equal((await later.signIn('/login/sso/acme-login')).status, 401)
  assert.equal(await later.name(), undefined)
})

void test('an organisation’s provider gives nothing in another organisation', async () => {
  await using evil = await openEvilOrg()
  const { dev, provider } = evil
  const rules = [{ group: 'x', org: 'victim', role: 'admin' }] as const
  await refused(addOrgProvider(dev, provider, 'acme', { rules }), 'invalid')
  await addOrgProvider(dev, provider, 'acme', { createsAccounts: true })
  // Even a rule that came into the row by other means.
  await dev.house.db.tx((q) =>
    q
      .updateTable('sso_provider')
      .set({ settings: JSON.stringify({ createsAccounts: true, rules }) })
      .execute(),
  )
  provider.words.person = { sub: 'bob-1', preferred_username: 'bob', groups: ['x'] }
  await openBrowser(dev).signIn('/login/sso/acme-login')
  assert.equal(await roleOf(dev, 'victim', 'bob'), undefined)
})

void test('an organisation’s provider is not looked for in private networks', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await dev.user('eve')
  await dev.org('acme', 'eve')
  await addOrgProvider(dev, provider, 'acme')
  const page = await openBrowser(dev).get('/login/sso/acme-login')
  assert.equal(page.status, 401)
  assert.match(page.text, /private network/)
})

void test('a provider that is disabled, removed or another one ends what came by it', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  const { sso } = dev.hub
  const come = async () => {
    const browser = openBrowser(dev)
    const answer = await browser.signIn('/login/sso/corp')
    assert.equal(answer.status, 303, answer.text)
    return browser
  }
  const first = await come()
  await sso.setProvider(dev.system, hubPermit(dev), 'CORP', { isDisabled: true })
  assert.equal(await first.name(), undefined)
  assert.equal((await first.get('/login/sso/corp')).status, 404)
  assert.doesNotMatch((await first.get('/login')).text, /corp/)
  await sso.setProvider(dev.system, hubPermit(dev), 'corp', { isDisabled: false })
  const second = await come()
  assert.equal(await second.name(), 'bob')
  // Another issuer knows other people, whatever it calls them.
  await using other = await openLyingProvider(() => dev.clock.nowMs())
  await sso.setProvider(dev.system, hubPermit(dev), 'corp', { issuer: other.issuer })
  assert.equal(await second.name(), undefined)
  const third = await come()
  assert.equal(await third.name(), 'bob-2')
  await sso.removeProvider(dev.system, hubPermit(dev), 'corp')
  assert.equal(await third.name(), undefined)
  assert.equal((await dev.hub.identity.find('bob-2'))?.isDisabled, false)
})

void test('a provider that is set while somebody is with it lets nobody in by its old word', async (t) => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await using other = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  const { sso } = dev.hub
  const set = (wish: object) => sso.setProvider(dev.system, hubPermit(dev), 'corp', wish)
  const during = async (work: () => Promise<unknown>) => {
    provider.words.idToken = async (claims) => {
      await work()
      return provider.sign(claims)
    }
    const browser = openBrowser(dev)
    const answer = await browser.signIn('/login/sso/corp')
    assert.equal(answer.status, 401, answer.text)
    assert.equal(await browser.name(), undefined)
  }
  await t.test('disabled, before anybody is known', () => during(() => set({ isDisabled: true })))
  await set({ isDisabled: false })
  provider.words.idToken = (claims) => provider.sign(claims)
  assert.equal((await openBrowser(dev).signIn('/login/sso/corp')).status, 303)
  await t.test('disabled', () => during(() => set({ isDisabled: true })))
  await set({ isDisabled: false })
  await t.test('another one', async () => {
    await during(() => set({ issuer: other.issuer }))
    const rows = await dev.house.db.read.selectFrom('sso_identity').selectAll().execute()
    assert.deepEqual(rows, [], 'a subject of the old one is nobody at the new one')
  })
  await set({ issuer: provider.issuer })
  await t.test('removed', () =>
    during(() => sso.removeProvider(dev.system, hubPermit(dev), 'corp')),
  )
})

void test('an address is believed for an account when the hub’s own provider has verified it', async () => {
  await using evil = await openEvilOrg()
  const { dev, provider } = evil
  await addHubProvider(dev, provider)
  await addOrgProvider(dev, provider, 'acme', { createsAccounts: true })
  provider.words.person = { sub: '1', preferred_username: 'one', email: 'ann@corp.test' }
  await openBrowser(dev).signIn('/login/sso/corp')
  provider.words.person = { ...provider.words.person, sub: '2', email_verified: true }
  await openBrowser(dev).signIn('/login/sso/corp')
  await openBrowser(dev).signIn('/login/sso/acme-login')
  const emails = await Promise.all(
    ['one', 'one-2', 'one-3'].map(async (name) => (await dev.hub.identity.find(name))?.email),
  )
  assert.deepEqual(emails, [undefined, 'ann@corp.test', undefined])
})

void test('a disabled account, and people from elsewhere, stay outside', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider, { mailDomains: ['Corp.Test'] })
  const come = async (person: object) => {
    provider.words.person = { sub: 'bob-1', preferred_username: 'bob', ...person }
    return (await openBrowser(dev).signIn('/login/sso/corp')).status
  }
  assert.equal(await come({ email: 'bob@corp.test', email_verified: true }), 303)
  assert.equal(await come({ email: 'bob@corp.test' }), 401)
  assert.equal(await come({ email: 'bob@corp.test.evil', email_verified: true }), 401)
  assert.equal(await come({ email: 'bob@corp.test@evil', email_verified: true }), 401)
  assert.equal(await come({}), 401)
  await dev.hub.identity.disableUser(dev.system, hubPermit(dev), 'bob')
  assert.equal(await come({ email: 'bob@corp.test', email_verified: true }), 401)
})

void test('groups that were left out are not taken for none', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  provider.words.person = { sub: 'bob-1', _claim_names: { groups: 'src1' } }
  const answer = await openBrowser(dev).signIn('/login/sso/corp')
  assert.equal(answer.status, 401)
  assert.match(answer.text, /too many groups/)
})

void test('administrators set providers by the API, each their own', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  const chief = clientOf(dev, await dev.user('chief', { admin: true }))
  const eve = clientOf(dev, await dev.user('eve'))
  await dev.org('acme', 'eve')
  const wish = { issuer: provider.issuer, clientId, secret: clientSecret }
  const made = await chief.addSsoProvider({ name: 'corp', ...wish })
  const { id: _id, createdAt: _at, ...said } = made
  assert.deepEqual(said, {
    name: 'corp',
    issuer: provider.issuer,
    clientId,
    hasSecret: true,
    isDisabled: false,
    scopes: 'openid profile email',
    groupsClaim: 'groups',
    rules: [],
    mailDomains: [],
    createsAccounts: false,
  })
  const told = await chief.testSsoProvider({ provider: 'corp' })
  assert.deepEqual([told.issuer, told.keys, told.hasPkce], [provider.issuer, 1, true])
  await refusedWith(eve.listSsoProviders({}), 403, 'permission_denied')
  await refusedWith(eve.addSsoProvider({ name: 'mine', ...wish }), 403, 'permission_denied')
  await refusedWith(eve.addOrgSsoProvider({ org: 'acme', name: 'Corp', ...wish }), 409, 'exists')
  await eve.addOrgSsoProvider({ org: 'acme', name: 'acme', ...wish })
  const rules = [{ group: 'a', org: 'acme', role: 'read' as const }]
  const changed = await eve.setOrgSsoProvider({ org: 'acme', provider: 'acme', rules })
  assert.deepEqual(changed.rules, rules)
  const listed = await eve.listOrgSsoProviders({ org: 'acme' })
  assert.deepEqual(
    listed.items.map(({ name }) => name),
    ['acme'],
  )
  // Neither reaches for the other's.
  const notThere = [404, 'entry_not_found'] as const
  await refusedWith(eve.setOrgSsoProvider({ org: 'acme', provider: 'corp', rules }), ...notThere)
  await refusedWith(chief.removeSsoProvider({ provider: 'acme' }), ...notThere)
  await refusedWith(eve.testOrgSsoProvider({ org: 'acme', provider: 'acme' }), 503, 'unavailable')
  await eve.removeOrgSsoProvider({ org: 'acme', provider: 'acme' })
  await chief.removeSsoProvider({ provider: 'corp' })
  assert.deepEqual((await chief.listSsoProviders({})).items, [])
})

void test('a person sees where she may come from, and ends it while another way is left', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  await userWithPassword(dev, 'ann')
  const ann = await signedInAs(dev, 'ann')
  await ann.submit('/login/sso/corp')
  const came = openBrowser(dev)
  await came.signIn('/login/sso/corp')
  const client = clientOf(dev, await dev.token('ann', 'write'))
  const { items } = await client.listMySsoIdentities({})
  assert.deepEqual(
    items.map((one) => [one.provider, one.email]),
    [['corp', 'bob@corp.test']],
  )
  await client.removeMySsoIdentity({ provider: 'CORP' })
  assert.equal(await came.name(), undefined)
  assert.equal(await ann.name(), 'ann', 'her own sign-in goes on')
  await refusedWith(client.removeMySsoIdentity({ provider: 'corp' }), 404, 'entry_not_found')
  // Whom the provider made has no other way in.
  provider.words.person = { sub: 'carl-1', preferred_username: 'carl' }
  await openBrowser(dev).signIn('/login/sso/corp')
  const carl = clientOf(dev, await dev.token('carl', 'write'))
  await refusedWith(carl.removeMySsoIdentity({ provider: 'corp' }), 409, 'conflict')
})

void test('a secret lies sealed, and is in no list, trail or event', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  await openBrowser(dev).signIn('/login/sso/corp')
  await dev.house.settle()
  const { read } = dev.house.db
  const rows = [
    await read.selectFrom('sso_provider').selectAll().execute(),
    await read.selectFrom('event').selectAll().execute(),
    await read.selectFrom('audit_entry').selectAll().execute(),
    await dev.hub.sso.providers(hubPermit(dev), { after: '', limit: 10 }),
  ]
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(clientSecret))
  const names = await read.selectFrom('event').select('name').execute()
  const acts = new Set(names.map(({ name }) => name))
  for (const act of ['sso_provider_changed', 'sso_identity_linked', 'signed_in']) {
    assert.ok(acts.has(act), act)
  }
  const session = await read.selectFrom('session').select('method').executeTakeFirstOrThrow()
  assert.equal(session.method, 'sso:corp')
})

void test('a password still works beside it', async () => {
  await using dev = await openSsoHouse()
  await using provider = await openLyingProvider(() => dev.clock.nowMs())
  await addHubProvider(dev, provider)
  await userWithPassword(dev, 'ann')
  const wrong = await login(dev, { name: 'ann', password: 'no' })
  assert.match(wrong.text, /Sign in with corp/)
  await signedInAs(dev, 'ann')
})

void test('people of an organisation’s directory sign in by its provider as who they are there', async () => {
  await using evil = await openEvilOrg()
  const { dev, provider } = evil
  await addOrgProvider(dev, provider, 'acme')
  const scim = await directoryOf(dev, 'acme')
  await scim.add('max@corp.test', { displayName: 'Max' })
  provider.words.person = { sub: 'm-1', preferred_username: 'MAX@corp.test' }
  const max = openBrowser(dev)
  await max.signIn('/login/sso/acme-login')
  assert.equal(await max.name(), 'max')

  // Another person who says the same name is not let into what is linked.
  provider.words.person = { sub: 'm-2', preferred_username: 'max@corp.test' }
  const other = openBrowser(dev)
  assert.equal((await other.signIn('/login/sso/acme-login')).status, 409)
  assert.equal(await other.name(), undefined)

  // A member whom the directory recognised has an account of her own, into which it lets nobody.
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'acme')
  await dev.hub.identity.addMember(dev.system, permit, 'ann', 'read')
  await scim.add('ann')
  provider.words.person = { sub: 'a-1', preferred_username: 'ann' }
  const eve = openBrowser(dev)
  assert.equal((await eve.signIn('/login/sso/acme-login')).status, 401)
  assert.equal(await eve.name(), undefined)

  // Nor does the directory of one organisation open anything to the provider of another.
  const theirs = await directoryOf(dev, 'victim')
  await theirs.add('kim@victim.test')
  provider.words.person = { sub: 'k-1', preferred_username: 'kim@victim.test' }
  assert.equal((await openBrowser(dev).signIn('/login/sso/acme-login')).status, 401)
})
