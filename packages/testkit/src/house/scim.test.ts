/** A directory's people and groups, by what directories send. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { manage } from './org-kit.ts'
import { directoryOf, jsonOf, openWithDirectory, type Scim, scimAs } from './scim-kit.ts'
import * as sent from './scim-payloads.ts'

for (const engine of engineNames) {
  void test(`${engine}: the examples of the RFC`, async () => {
    await using opened = await openWithDirectory(engine)
    const { scim, dev } = opened
    const made = await scim.call('POST', '/Users', sent.rfcCreate)
    assert.equal(made.status, 201, made.text)
    assert.match(made.headers['content-type'] ?? '', /^application\/scim\+json/)
    const user = jsonOf(made)
    const id = String(user['id'])
    const where = `http://localhost/scim/v2/lab/Users/${id}`
    assert.equal(made.headers['location'], where)
    assert.equal(user['userName'], 'bjensen')
    assert.equal(user['active'], true)
    assert.deepEqual(user['name'], sent.rfcCreate.name)
    const meta = user['meta'] as Record<string, string>
    assert.equal(meta['location'], where)
    assert.equal(meta['version'], made.headers['etag'])
    const again = await scim.must(409, 'POST', '/Users', { ...sent.rfcCreate, userName: 'BJensen' })
    assert.equal(again['scimType'], 'uniqueness')
    assert.equal(again['status'], '409')
    assert.deepEqual(again['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error'])

    const account = await dev.hub.identity.find('bjensen')
    assert.equal(account?.id, id)
    assert.equal(account?.fullName, 'Ms. Barbara J Jensen III')
    const lab = await dev.hub.identity.find('lab')
    assert.ok(lab && account)
    assert.equal(await dev.hub.identity.roleIn(lab.id, account.id), 'read')

    const put = await scim.must(200, 'PUT', `/Users/${id}`, sent.rfcReplace)
    assert.deepEqual(put['emails'], sent.rfcReplace.emails)
    assert.equal((put['name'] as Record<string, unknown>)['middleName'], 'Jane')
    assert.equal((await dev.hub.identity.find('bjensen'))?.email, 'bjensen@example.com')
    const added = await scim.must(200, 'PATCH', `/Users/${id}`, sent.rfcAdd)
    assert.equal(added['nickName'], 'Babs', 'names are in any letter case')
    assert.deepEqual(added['emails'], [
      ...sent.rfcReplace.emails,
      { value: 'babs@jensen.org', type: 'home' },
    ])

    const james = await scim.add('james')
    const group = await scim.must(201, 'POST', '/Groups', { displayName: 'Tour Guides' })
    const at = `/Groups/${String(group['id'])}`
    const members = async (): Promise<unknown> => {
      const list = (await scim.must(200, 'GET', at))['members'] as { value: string }[] | undefined
      return list?.map(({ value }) => value)
    }
    await scim.must(200, 'PATCH', at, sent.rfcAddMember(id))
    assert.deepEqual(await members(), [id])
    const inside = (await scim.must(200, 'GET', `/Users/${id}`))['groups']
    assert.deepEqual(inside, [
      {
        value: group['id'],
        $ref: `http://localhost/scim/v2/lab${at}`,
        display: 'Tour Guides',
        type: 'direct',
      },
    ])
    await scim.must(200, 'PATCH', at, sent.rfcSwapMembers(id, james))
    assert.deepEqual(await members(), [james])
    await scim.must(200, 'PATCH', at, sent.rfcRemoveAllMembers)
    assert.equal(await members(), undefined)
    const permit = await manage(dev, dev.system, 'lab')
    const page = { after: '', limit: 10 }
    const teams = await dev.hub.organisations.teams(permit, page)
    assert.deepEqual(
      teams.map(({ name }) => name),
      ['Tour Guides'],
    )
    await scim.must(204, 'DELETE', at)
    assert.deepEqual(await dev.hub.organisations.teams(permit, page), [])
    await scim.must(404, 'GET', at)
  })

  void test(`${engine}: what Entra sends`, async () => {
    await using opened = await openWithDirectory(engine)
    const { scim, dev } = opened
    const user = await scim.must(201, 'POST', '/Users', sent.entraCreate)
    const at = `/Users/${String(user['id'])}`
    assert.equal('roles' in user, false)
    const asked = (filter: string, more = '') =>
      scim.must(200, 'GET', `/Users?filter=${encodeURIComponent(filter)}${more}`)
    const found = await asked(`userName eq "${sent.entraCreate.userName.toUpperCase()}"`)
    assert.equal(found['totalResults'], 1)
    assert.equal((found['Resources'] as { id: string }[])[0]?.id, user['id'])
    assert.equal((await asked(`externalId eq "${sent.entraCreate.externalId}"`))['totalResults'], 1)
    const nobody = await asked('userName eq "non-existent user"')
    assert.equal(nobody['totalResults'], 0)
    assert.deepEqual(nobody['Resources'], [])
    await scim.must(404, 'GET', '/Users/5171a35d82074e068ce2')

    const multi = await scim.must(200, 'PATCH', at, sent.entraUpdateMulti)
    assert.deepEqual(multi['emails'], [
      { type: 'work', primary: true, value: 'updatedEmail@microsoft.com' },
    ])
    assert.equal((multi['name'] as Record<string, string>)['familyName'], 'updatedFamilyName')
    const single = await scim.must(200, 'PATCH', at, sent.entraUpdateSingle)
    assert.equal(single['userName'], sent.entraUpdateSingle.Operations[0]?.value)
    const named = await scim.must(200, 'PATCH', at, sent.entraNamedPaths)
    assert.equal(named['displayName'], 'Bjfe')
    assert.deepEqual(named[sent.enterprise], { department: 'Research' })
    assert.ok((named['schemas'] as string[]).includes(sent.enterprise))
    assert.equal((await asked(`${sent.enterprise}:department eq "research"`))['totalResults'], 1)

    const group = await scim.must(201, 'POST', '/Groups', sent.entraGroup)
    const id = String(group['id'])
    await scim.must(200, 'PATCH', `/Groups/${id}`, sent.entraAddMember(String(user['id'])))
    const isIn = async (): Promise<unknown> => {
      const filter = encodeURIComponent(`id eq "${id}" and members eq "${String(user['id'])}"`)
      const path = `/Groups?excludedAttributes=members&filter=${filter}`
      return (await scim.must(200, 'GET', path))['totalResults']
    }
    assert.equal(await isIn(), 1)
    const named2 = await scim.must(
      200,
      'GET',
      `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "displayName"')}`,
    )
    assert.equal('members' in ((named2['Resources'] as object[])[0] ?? {}), false)
    const renamed = await scim.must(200, 'PATCH', `/Groups/${id}`, sent.entraRenameGroup)
    assert.equal(renamed['displayName'], sent.entraRenameGroup.Operations[0]?.value)
    await scim.must(200, 'PATCH', `/Groups/${id}`, sent.entraRemoveMember(String(user['id'])))
    assert.equal(await isIn(), 0)

    const off = await scim.must(200, 'PATCH', at, sent.entraDisable)
    assert.equal(off['active'], false)
    assert.equal((await dev.hub.identity.get(user['id'] as never))?.isDisabled, true)
    await scim.must(204, 'DELETE', at)
    await scim.must(404, 'GET', at)
    await scim.must(404, 'DELETE', at)
  })

  void test(`${engine}: what Okta sends`, async () => {
    await using opened = await openWithDirectory(engine)
    const { scim, dev } = opened
    const user = await scim.must(201, 'POST', '/Users', sent.oktaCreate)
    const id = String(user['id'])
    assert.equal('password' in user, false)
    const account = await dev.hub.identity.find('test.user')
    assert.equal(account?.id, id)
    assert.equal(account?.email, 'test.user@okta.local')
    const other = await scim.add('other@okta.local')
    const group = await scim.must(201, 'POST', '/Groups', {
      displayName: 'Test SCIMv2',
      members: [{ value: other, display: 'other@okta.local' }],
    })
    const at = `/Groups/${String(group['id'])}`
    const renamed = await scim.must(200, 'PATCH', at, sent.oktaRenameGroup(String(group['id'])))
    assert.equal(renamed['displayName'], 'Test SCIMv2 renamed')
    const swapped = await scim.must(200, 'PATCH', at, sent.oktaMembers(other, id))
    assert.deepEqual(
      (swapped['members'] as { value: string }[]).map(({ value }) => value),
      [id],
    )
    const list = await scim.must(200, 'GET', '/Users?startIndex=1&count=100')
    assert.equal(list['totalResults'], 2)
    const off = await scim.must(200, 'PATCH', `/Users/${id}`, sent.oktaDeactivate)
    assert.equal(off['active'], false)
    const permit = await manage(dev, dev.system, 'lab')
    const inTeam = async (): Promise<number> =>
      (
        await dev.hub.organisations.teamMembers(permit, 'Test SCIMv2 renamed', {
          after: '',
          limit: 10,
        })
      ).length
    assert.equal(await inTeam(), 0)
    const kept = await scim.must(200, 'GET', at)
    assert.equal((kept['members'] as object[]).length, 1, 'the directory still knows')
    const on = await scim.must(200, 'PUT', `/Users/${id}`, { ...sent.oktaCreate, id })
    assert.equal(on['active'], true)
    assert.equal(await inTeam(), 1)
    assert.equal(((await scim.must(200, 'GET', at))['members'] as object[]).length, 1)
  })

  void test(`${engine}: lists in pages, what is left out, and what a filter lets through`, async () => {
    await using opened = await openWithDirectory(engine)
    const { scim } = opened
    for (let number = 1; number <= 7; number += 1) {
      await scim.add(`p${number}@lab.test`, { title: number % 2 === 0 ? 'even' : 'odd' })
    }
    const names = async (query: string): Promise<unknown> => {
      const list = await scim.must(200, 'GET', `/Users?${query}`)
      assert.equal(list['itemsPerPage'], (list['Resources'] as object[]).length)
      return (list['Resources'] as { userName: string }[]).map(({ userName }) => userName[1])
    }
    const pages = [
      await names('startIndex=1&count=3'),
      await names('startIndex=4&count=3'),
      await names('startIndex=7&count=3'),
    ].flat()
    assert.deepEqual(new Set(pages), new Set(['1', '2', '3', '4', '5', '6', '7']))
    assert.equal(pages.length, 7)
    assert.deepEqual(await names('count=0'), [])
    assert.deepEqual(await names('count=-1'), [])
    assert.equal(((await names('startIndex=-5')) as string[]).length, 7)
    assert.deepEqual(await names('startIndex=999999999999'), [])
    assert.deepEqual(
      ((await names(`filter=${encodeURIComponent('title eq "even"')}`)) as string[]).toSorted(),
      ['2', '4', '6'],
    )
    const second = await scim.must(
      200,
      'GET',
      `/Users?startIndex=3&count=1&filter=${encodeURIComponent('title eq "even"')}`,
    )
    assert.equal(second['totalResults'], 3)
    assert.equal(second['itemsPerPage'], 1)
    const [first] = (await scim.must(200, 'GET', '/Users?attributes=userName'))[
      'Resources'
    ] as object[]
    assert.deepEqual(Object.keys(first ?? {}).toSorted(), ['id', 'schemas', 'userName'])
    const [less] = (await scim.must(200, 'GET', '/Users?excludedAttributes=userName,meta,id'))[
      'Resources'
    ] as object[]
    assert.deepEqual(Object.keys(less ?? {}).toSorted(), ['active', 'id', 'schemas', 'title'])
    const searched = await scim.must(200, 'POST', '/Users/.search', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
      filter: 'title eq "odd"',
      attributes: ['title'],
      count: 2,
    })
    assert.equal(searched['totalResults'], 4)
    assert.equal((searched['Resources'] as object[]).length, 2)
    const wrong = await scim.must(400, 'GET', '/Users?filter=userName+is+x')
    assert.equal(wrong['scimType'], 'invalidFilter')
  })

  void test(`${engine}: versions: what has changed in between is not written over`, async () => {
    await using opened = await openWithDirectory(engine)
    const { scim, dev } = opened
    const at = `/Users/${await scim.add('ida')}`
    const old = (await scim.call('GET', at)).headers['etag'] ?? ''
    assert.equal((await scim.call('GET', at, undefined, { 'if-none-match': old })).status, 304)
    const title = (value: string) => ({
      Operations: [{ op: 'replace', path: 'title', value }],
    })
    const first = await scim.call('PATCH', at, title('one'), { 'if-match': old })
    assert.equal(first.status, 200, first.text)
    const late = await scim.call('PATCH', at, title('two'), { 'if-match': old })
    assert.equal(late.status, 412, late.text)
    const put = { userName: 'ida', title: 'three' }
    assert.equal((await scim.call('PUT', at, put, { 'if-match': old })).status, 412)
    assert.equal((await scim.call('DELETE', at, undefined, { 'if-match': old })).status, 412)
    const now = (await scim.call('GET', at)).headers['etag'] ?? ''
    assert.equal((await scim.call('PUT', at, put, { 'if-match': now })).status, 200)
    assert.equal((await scim.call('PUT', at, put, { 'if-match': '*' })).status, 200)

    const group = await scim.must(201, 'POST', '/Groups', { displayName: 'Red' })
    const where = `/Groups/${String(group['id'])}`
    const seen = (await scim.call('GET', where)).headers['etag'] ?? ''
    const permit = await manage(dev, dev.system, 'lab')
    await dev.hub.organisations.addToTeam(dev.system, permit, 'Red', 'ida')
    const stale = await scim.call('DELETE', where, undefined, { 'if-match': seen })
    assert.equal(stale.status, 412, 'what people change counts too')
    // Two at once, without a version: neither is lost.
    const more = [await scim.add('jan'), await scim.add('kim')]
    const both = await Promise.all(
      more.map((id) => scim.call('PATCH', where, sent.rfcAddMember(id))),
    )
    assert.deepEqual(
      both.map(({ status }) => status),
      [200, 200],
    )
    assert.equal(((await scim.must(200, 'GET', where))['members'] as object[]).length, 3)
  })
}

const paths = ['/Users', '/Groups', '/Users/.search', '/Groups/.search', '/Bulk'] as const

void test('who may: a token that manages the organisation, and nobody’s else', async () => {
  await using opened = await openWithDirectory()
  const { dev, scim, ann } = opened
  const bob = await dev.user('bob')
  const id = await scim.add('ida')
  const cases: [who: Scim, status: number][] = [
    [scimAs(dev, bob), 403],
    [scimAs(dev, await dev.token('ann', 'read')), 403],
    [scimAs(dev, 'hf_nonsense'), 401],
    [scimAs(dev, ann), 200],
    [scimAs(dev, ann, 'bob'), 403],
    [scimAs(dev, ann, 'nowhere'), 404],
  ]
  for (const [who, status] of cases) {
    const answer = await who.call('GET', '/Users')
    assert.equal(answer.status, status, answer.text)
    if (status !== 200) {
      assert.equal((jsonOf(answer)['schemas'] as string[])[0]?.endsWith(':Error'), true)
      assert.equal(jsonOf(answer)['status'], String(status))
    }
  }
  const anonymous = await dev.ask('GET', '/scim/v2/lab/Users')
  assert.equal(anonymous.status, 401)
  assert.match(anonymous.headers['www-authenticate'] ?? '', /^Bearer/)

  // Another organisation's directory sees nobody of this one, whatever it names.
  await dev.user('zoe')
  await dev.org('other', 'zoe')
  const stranger = await directoryOf(dev, 'other')
  assert.equal((await stranger.must(200, 'GET', '/Users'))['totalResults'], 0)
  const body = { userName: 'ida' }
  await stranger.must(404, 'GET', `/Users/${id}`)
  await stranger.must(404, 'PUT', `/Users/${id}`, body)
  await stranger.must(404, 'PATCH', `/Users/${id}`, sent.entraDisable)
  await stranger.must(404, 'DELETE', `/Users/${id}`)
  const foreign = await stranger.call('POST', '/Groups', {
    displayName: 'x',
    members: [{ value: id }],
  })
  assert.equal(foreign.status, 400, foreign.text)
  assert.equal(jsonOf(foreign)['scimType'], 'invalidValue')
  await scimAs(dev, stranger.token, 'lab').must(403, 'GET', '/Users')
})

void test('what is published, and what is not offered', async () => {
  await using opened = await openWithDirectory()
  const { dev, scim } = opened
  for (const prefix of ['/scim/v2/lab', '/api/organizations/lab/scim/v2']) {
    const config = await dev.ask('GET', `${prefix}/ServiceProviderConfig`)
    assert.equal(config.status, 200, config.text)
    const { bulk, patch } = config.json() as { bulk: object; patch: { supported: boolean } }
    assert.equal(patch.supported, true)
    assert.equal((bulk as { supported: boolean }).supported, false)
    for (const kind of ['ResourceTypes', 'Schemas']) {
      const list = jsonOf(await dev.ask('GET', `${prefix}/${kind}`))
      for (const one of list['Resources'] as { id: string; meta: { location: string } }[]) {
        const location = new URL(one.meta.location)
        assert.equal(location.pathname, `${prefix}/${kind}/${one.id}`)
        assert.deepEqual(jsonOf(await dev.ask('GET', location.pathname)), one)
      }
    }
  }
  const id = await scim.add('ida')
  const there = await dev.ask('GET', `/api/organizations/lab/scim/v2/Users/${id}`, {
    token: scim.token,
  })
  assert.equal(
    (jsonOf(there)['meta'] as { location: string }).location,
    `http://localhost/api/organizations/lab/scim/v2/Users/${id}`,
  )
  await scim.must(501, 'POST', '/Bulk', { Operations: [] })
  await scim.must(404, 'GET', '/Me')
  await scim.must(404, 'GET', '/Schemas/urn:nothing')
  await scim.must(403, 'GET', '/Schemas?filter=id+pr')
  for (const path of paths) {
    const answer = await dev.ask('POST', `/scim/v2/lab${path}`, { body: {} })
    assert.ok(answer.status === 401 || path === '/Bulk', `${path} ${answer.status}`)
  }
})
