/** Single sign-on with a certified provider, over sockets: what its pages ask, and what comes of it here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { manage } from './org-kit.ts'
import { openRealProvider } from './real-provider.ts'

/** Follows redirects and fills in forms, with one jar of cookies for each host and path as a browser keeps them. */
const openWalker = () => {
  const jar = new Map<string, { value: string; path: string; host: string }>()
  const visit = async (url: URL, body?: URLSearchParams): Promise<{ url: URL; text: string }> => {
    const cookie = [...jar]
      .filter(([, { path, host }]) => host === url.host && url.pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split(' ')[1]}=${value}`)
      .join('; ')
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/'
      jar.set(`${url.host}${path} ${name}`, { value, path, host: url.host })
    }
    const onward = answer.headers.get('location')
    const text = await answer.text()
    return onward === null ? { url, text } : visit(new URL(onward, url))
  }
  return {
    visit,
    /** Sends the only form of a page. */
    submit(page: { url: URL; text: string }, fields: Record<string, string>) {
      const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1] ?? ''
      const hidden = [...page.text.matchAll(/type="hidden" name="([^"]+)" value="([^"]+)"/g)]
      const known = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
      return visit(new URL(action, page.url), new URLSearchParams({ ...known, ...fields }))
    },
  }
}

void test('a certified provider: in, with roles; and with others when the groups change', async () => {
  await using dev = await openDevHouse()
  dev.clock.advance(Date.now() - dev.clock.nowMs())
  const { port } = await dev.server.listen()
  const url = new URL(`http://localhost:${port}`)
  await using provider = await openRealProvider(`${url.origin}/login/sso/corp/callback`)
  await dev.user('root')
  await dev.org('acme', 'root')
  await dev.hub.sso.addProvider(dev.system, dev.hub.policy.requireHub(dev.system), 'corp', {
    issuer: provider.issuer,
    clientId: provider.clientId,
    secret: provider.clientSecret,
    scopes: 'openid profile email groups',
    createsAccounts: true,
    rules: [
      { group: 'developers', org: 'acme', role: 'write' },
      { group: 'everybody', org: 'acme', role: 'read' },
    ],
  })
  const come = async (groups: readonly string[]) => {
    provider.people.set('u-17', { preferred_username: 'carla', name: 'Carla', groups })
    const { visit, submit } = openWalker()
    const login = await visit(new URL('/login/sso/corp', url))
    assert.equal(login.url.origin, provider.issuer)
    const consent = await submit(login, { login: 'u-17', password: 'x' })
    const back = await submit(consent, {})
    assert.equal(back.url.href, `${url.origin}/`, back.text)
    const who = await visit(new URL('/api/whoami-v2', url))
    assert.match(who.text, /"name":"carla"/)
    const permit = await manage(dev, dev.system, 'acme')
    const members = await dev.hub.identity.members(permit, { after: '', limit: 10 })
    return members.find(({ name }) => name === 'carla')?.role
  }
  assert.equal(await come(['developers', 'everybody']), 'write')
  assert.equal(await come(['everybody']), 'read')
  assert.equal(await come([]), undefined)
})
