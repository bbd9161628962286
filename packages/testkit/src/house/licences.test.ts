/** Licences and lineage through the doors: what is refused before a branch moves, what closes later, who decides. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { engineNames, type EngineName } from '../engines.ts'
import { commit, file, header } from './calls.ts'
import { clientOf, refusedWith } from './org-kit.ts'

const dayMs = 24 * 3600_000

const card = (keys: Readonly<Record<string, unknown>>): string =>
  `---\n${Object.entries(keys)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('')}---\n# A model\n`

/** ann administers lab, bea is anybody; `lab/base` is public and under the licence given. */
const open = async (engine: EngineName = 'sqlite', licence = 'cc-by-nd-4.0') => {
  const dev = await openDevHouse({ engine })
  const ann = await dev.user('ann')
  const bea = await dev.user('bea')
  await dev.org('lab', 'ann')
  const push = (repo: string, keys: Readonly<Record<string, unknown>>, token = ann) =>
    commit(dev, repo, [header(), file('README.md', card(keys))], { token })
  const make = async (
    path: string,
    keys: Readonly<Record<string, unknown>>,
    visibility: 'public' | 'private' = 'public',
  ) => {
    await dev.repo(path, { visibility })
    const answer = await push(path, keys)
    assert.equal(answer.status, 200, answer.text)
  }
  await make('lab/base', { license: licence })
  const headOf = async (repo: string): Promise<unknown> =>
    (await dev.ask('GET', `/api/models/${repo}`, { token: ann })).json()
  const reads = async (repo: string, token?: string): Promise<number> =>
    (await dev.ask('GET', `/${repo}/resolve/main/README.md`, token === undefined ? {} : { token }))
      .status
  const publish = (repo: string) =>
    dev.ask('PUT', `/api/models/${repo}/settings`, { token: ann, body: { private: false } })
  const at = (repo: string) => {
    const [ns = '', name = ''] = repo.split('/')
    return { type: 'model', ns, name }
  }
  return {
    dev,
    ann,
    bea,
    push,
    make,
    headOf,
    reads,
    publish,
    at,
    api: clientOf(dev, ann),
    other: clientOf(dev, bea),
  }
}

for (const engine of engineNames) {
  void test(`${engine}: what a licence forbids is refused before the branch moves, and stays possible in private`, async () => {
    const { dev, push, headOf, publish, reads, api, at, ann, bea } = await open(engine)
    await using _ = dev
    const derived = { license: 'cc-by-nd-4.0', base_model: 'lab/base' }
    await dev.repo('lab/child')
    const before = await headOf('lab/child')
    const refused = await push('lab/child', derived)
    assert.equal(refused.status, 400, refused.text)
    const said = decodeURIComponent(refused.headers['x-error-message'] ?? '')
    assert.match(
      said,
      /lab\/child cannot be shown to others \(R1\): lab\/base is under CC-BY-ND-4\.0/,
    )
    assert.deepEqual(await headOf('lab/child'), before, 'nothing has moved')

    await dev.repo('lab/own', { visibility: 'private' })
    assert.equal((await push('lab/own', derived)).status, 200)
    const view = await api.licence(at('lab/own'))
    assert.deepEqual(
      [view.verdict, view.findings[0]?.rule, view.findings[0]?.parent],
      ['block', 'R1', 'lab/base'],
    )
    const shown = await publish('lab/own')
    assert.equal(shown.status, 400, shown.text)
    assert.match(shown.text, /R1/)
    assert.equal(await reads('lab/own', bea), 404, 'it is still private')

    // Mended, it may be shown.
    assert.equal((await push('lab/own', { license: 'mit' })).status, 200)
    assert.equal((await publish('lab/own')).status, 200)
    assert.equal((await push('lab/own', derived)).status, 400, 'and not spoilt again')
    const listed = await dev.ask('GET', '/api/models/lab/own/commits/main', { token: ann })
    const bad = (listed.json() as { id: string }[])[1]?.id
    const back = await dev.ask('POST', '/api/models/lab/own/branch/main', {
      token: ann,
      body: { startingPoint: bad, overwrite: true },
    })
    assert.equal(back.status, 400, 'nor put back to what was never shown')
  })

  void test(`${engine}: what changes above closes what is below, and a steward decides`, async () => {
    const { dev, push, make, reads, bea, ann, api, other, at } = await open(engine, 'mit')
    await using _ = dev
    await make('lab/child', { license: 'mit', base_model: 'lab/base' })
    await make('lab/grandchild', { license: 'mit', base_model: 'lab/child' })
    await dev.house.settle()
    assert.equal(await reads('lab/grandchild', bea), 200)
    assert.equal((await push('lab/base', { license: 'cc-by-nd-4.0' })).status, 200)
    await dev.house.settle()
    for (const repo of ['lab/child', 'lab/grandchild']) {
      const found = await api.licence(at(repo))
      assert.equal(found.verdict, 'block', repo)
      const names = await other.licence(at(repo))
      assert.deepEqual([names.findings, names.verdict], [[], 'block'], 'others see what holds')
      const answer = await dev.ask('GET', `/${repo}/resolve/main/config.json`, { token: bea })
      assert.match(answer.text, /licence does not let it be shared/)
      assert.equal(await reads(repo, ann), 200, "its owner's people go on")
    }
    const [first] = (await api.licence(at('lab/child'))).findings
    const expiresAt = new Date(dev.clock.nowMs() + dayMs).toISOString()
    const wish = {
      ...at('lab/child'),
      covers: [first?.key ?? ''],
      reason: 'The author agreed.',
      expiresAt,
    }
    await refusedWith(
      other.decideLicence({ ...wish, counsel: 'Counsel' }),
      403,
      'permission_denied',
    )
    await refusedWith(api.decideLicence(wish), 400, 'invalid')
    await refusedWith(
      api.decideLicence({ ...wish, counsel: 'Counsel', covers: ['R9|x|y'] }),
      400,
      'invalid',
    )
    const made = await api.decideLicence({ ...wish, counsel: 'Counsel' })
    assert.equal(made.isInForce, true)
    const file404 = async (): Promise<string> =>
      (await dev.ask('GET', '/lab/child/resolve/main/config.json', { token: bea })).text
    assert.match(await file404(), /Entry not found/)
    dev.clock.advance(dayMs)
    assert.match(
      await file404(),
      /licence does not let it be shared/,
      'the decision has ended by itself',
    )
    const later = new Date(dev.clock.nowMs() + dayMs).toISOString()
    const again = await api.decideLicence({ ...wish, counsel: 'Counsel', expiresAt: later })
    assert.match(await file404(), /Entry not found/)
    await api.endLicenceDecision({ ...at('lab/child'), decision: again.id })
    await refusedWith(
      api.endLicenceDecision({ ...at('lab/child'), decision: again.id }),
      404,
      'entry_not_found',
    )
    assert.match(await file404(), /licence does not let it be shared/)
    assert.equal((await api.licenceDecisions(at('lab/child'))).items.length, 2)
  })
}

void test('the correct words are proposed before the push is visible', async () => {
  const { dev, api, at, make } = await open('sqlite', 'llama3.1')
  await using _ = dev
  await make('lab/Doc-8B', { license: 'mit' })
  const text = card({ license: 'apache-2.0', base_model: 'lab/base' })
  const said = await api.checkLicence({ ...at('lab/Doc-8B'), card: text })
  assert.equal(said.verdict, 'conflict')
  assert.deepEqual(
    said.findings.map(({ rule }) => rule),
    ['R5', 'R6'],
  )
  assert.deepEqual(said.proposal, {
    expression: 'Apache-2.0 AND LicenseRef-Llama-3.1',
    name: 'Llama-Doc-8B',
  })
  assert.ok(said.terms.sentences.includes('Commercial use is allowed below a threshold.'))
  assert.equal((await api.licence(at('lab/Doc-8B'))).verdict, 'ok', 'nothing was written')
})

void test('an unknown base is told to the owner, and stops nobody who finds it in the open', async () => {
  const { dev, push, publish, api, at } = await open()
  await using _ = dev
  await dev.repo('lab/m', { visibility: 'private' })
  for (const base of [
    { base_model: 'elsewhere/x' },
    { base_model: 'elsewhere/x', base_model_license: 'other' },
    { base_model: 'elsewhere/x', base_model_license: 'MIT AND (' },
  ]) {
    assert.equal((await push('lab/m', { license: 'mit', ...base })).status, 200)
    const { verdict, findings } = await api.licence(at('lab/m'))
    assert.equal(verdict, 'unknown')
    assert.ok(findings.some(({ rule }) => rule === 'R0'))
  }
  assert.equal((await publish('lab/m')).status, 200)
  const reader = await dev.user('reader')
  const shown = await dev.ask('GET', '/lab/m/resolve/main/README.md', { token: reader })
  assert.equal(shown.status, 200, shown.text)
  await dev.repo('lab/n')
  const stated = { license: 'mit', base_model: 'elsewhere/x', base_model_license: 'mit' }
  assert.equal((await push('lab/n', stated)).status, 200)
  assert.equal((await api.licence(at('lab/n'))).verdict, 'ok', 'what the card says of it counts')
  await dev.repo('lab/draft')
  assert.equal((await push('lab/draft', {})).status, 200, 'a draft without a licence may be shown')
})

void test('who names more bases than are followed shows it to nobody, until counsel has read them', async () => {
  const { dev, push, api, at, reads, publish } = await open('sqlite', 'mit')
  await using _ = dev
  const bases = Array.from({ length: 65 }, (_one, i) => `elsewhere/b${i}`)
  const keys = { license: 'mit', base_model: bases, base_model_license: 'mit' }
  await dev.repo('lab/many')
  const refused = await push('lab/many', keys)
  assert.equal(refused.status, 400)
  assert.match(refused.text, /LINEAGE_TOO_LARGE.*Name the nearest bases only/)
  await dev.repo('lab/kept', { visibility: 'private' })
  assert.equal((await push('lab/kept', keys)).status, 200, 'in private it is')
  assert.equal((await publish('lab/kept')).status, 400)
  const [finding] = (await api.licence(at('lab/kept'))).findings
  assert.equal(finding?.rule, 'LINEAGE_TOO_LARGE')
  const expiresAt = new Date(dev.clock.nowMs() + 30 * dayMs).toISOString()
  const wish = { ...at('lab/kept'), covers: [finding.key], reason: 'All are ours.', expiresAt }
  await refusedWith(api.decideLicence(wish), 400, 'invalid')
  await api.decideLicence({ ...wish, counsel: 'legal department' })
  assert.equal((await publish('lab/kept')).status, 200)
  assert.equal(await reads('lab/kept'), 200)
})

void test('a card that names a hidden repo learns nothing of it', async () => {
  const { dev, make, at, other, bea } = await open()
  await using _ = dev
  await make('lab/secret', { license: 'llama3.1' }, 'private')
  await dev.repo('bea/x', { visibility: 'private' })
  const check = async (base: string) => {
    const said = await other.checkLicence({
      ...at('bea/x'),
      card: card({ license: 'mit', base_model: base }),
    })
    return JSON.stringify(said).replaceAll(base, 'BASE')
  }
  assert.equal(await check('lab/secret'), await check('lab/nothing'))
  await commit(
    dev,
    'bea/x',
    [header(), file('README.md', card({ license: 'mit', base_model: 'lab/secret' }))],
    { token: bea },
  )
  const { ancestors } = await other.lineage(at('bea/x'))
  assert.deepEqual(ancestors, [
    { type: 'model', name: 'lab/secret', relation: 'finetune', depth: 1, isHere: false },
  ])
})

void test('lineage is shown as far as one sees, and what was deleted is remembered', async () => {
  const { dev, make, at, api, other, ann } = await open('sqlite', 'gemma')
  await using _ = dev
  await make('lab/child', { license: 'gemma', base_model: 'lab/base' })
  await make('lab/hidden', { license: 'gemma', base_model: 'lab/child' }, 'private')
  const mine = await api.lineage(at('lab/base'))
  assert.deepEqual(
    mine.descendants.map(({ name, depth }) => `${name} ${depth}`),
    ['lab/child 1', 'lab/hidden 2'],
  )
  const theirs = await other.lineage(at('lab/base'))
  assert.deepEqual(
    [theirs.descendants.map(({ name }) => name), theirs.hiddenDescendants],
    [['lab/child'], 1],
  )
  const up = await api.lineage(at('lab/hidden'))
  assert.deepEqual(
    up.ancestors.map(({ name, depth, isHere }) => `${name} ${depth} ${isHere}`),
    ['lab/child 1 true', 'lab/base 2 true'],
  )
  await dev.ask('DELETE', '/api/repos/delete', {
    token: ann,
    body: { type: 'model', name: 'base', organization: 'lab' },
  })
  await dev.house.settle()
  await make('lab/late', { license: 'gemma', base_model: 'lab/child' })
  const { terms } = await api.licence(at('lab/late'))
  assert.deepEqual(terms.licences, ['LicenseRef-Gemma'])
  assert.deepEqual(terms.unknown, [], 'the licence of the one that is gone is still known')
})

void test('a new table of licences judges again what the old one let through', async () => {
  const { dev, make, at, api, reads, bea } = await open('sqlite', 'mit')
  await using _ = dev
  await make('lab/child', { license: 'mit', base_model: 'lab/base' })
  await dev.house.settle()
  // As an older table would have left it.
  await dev.house.db.tx(async (q) => {
    const old = { table_version: 'old', stop: 'LICENSE_CONFLICT', verdict: 'block' } as const
    await q.updateTable('repo_licence').set(old).where('path', '=', 'lab/child').execute()
  })
  const closed = await dev.ask('GET', '/lab/child/resolve/main/x', { token: bea })
  assert.equal(closed.status, 403)
  const { signal } = new AbortController()
  assert.equal(await dev.hub.lineage.judgeOutdated(signal), 1)
  assert.equal(await reads('lab/child', bea), 200)
  const open404 = await dev.ask('GET', '/lab/child/resolve/main/x', { token: bea })
  assert.equal(open404.status, 404)
  assert.equal((await api.licence(at('lab/child'))).verdict, 'ok')
  assert.equal(await dev.hub.lineage.judgeOutdated(signal), 0)
})

void test('a card from before cards were read is read by the chore', async () => {
  const { dev, push, api, at, publish } = await open()
  await using _ = dev
  await dev.repo('lab/old', { visibility: 'private' })
  assert.equal((await push('lab/old', { license: 'mit', base_model: 'lab/base' })).status, 200)
  await dev.house.settle()
  // As the upgrade leaves it.
  await dev.house.db.tx(async (q) => {
    const found = await q
      .selectFrom('repo_licence')
      .select('repo_id')
      .where('path', '=', 'lab/old')
      .executeTakeFirstOrThrow()
    const fresh = {
      card_oid: null,
      stated: '{"keys":{},"isCut":false}',
      findings: '[]',
      verdict: 'ask',
      stop: null,
      table_version: '',
    } as const
    await q.updateTable('repo_licence').set(fresh).where('repo_id', '=', found.repo_id).execute()
    await q.deleteFrom('repo_lineage').where('child_id', '=', found.repo_id).execute()
  })
  assert.equal(await dev.hub.lineage.judgeOutdated(new AbortController().signal), 1)
  assert.equal((await api.licence(at('lab/old'))).verdict, 'block')
  assert.equal((await publish('lab/old')).status, 400)
})

void test('what may not be shown to others may be shown to fewer', async () => {
  const { dev, push, make, ann, api, at } = await open('sqlite', 'mit')
  await using _ = dev
  await make('lab/child', { license: 'mit', base_model: 'lab/base' })
  assert.equal((await push('lab/base', { license: 'cc-by-nd-4.0' })).status, 200)
  await dev.house.settle()
  assert.equal((await api.licence(at('lab/child'))).verdict, 'block')
  const show = async (visibility: string): Promise<number> => {
    const body = { visibility }
    return (await dev.ask('PUT', '/api/models/lab/child/settings', { token: ann, body })).status
  }
  assert.equal(await show('internal'), 200)
  assert.equal(await show('public'), 400, 'and not to more again')
  assert.equal(await show('private'), 200)
  assert.equal(await show('internal'), 400)
})

void test('a circle is told of, and judged again without end it is not', async () => {
  const { dev, push, make, at, api } = await open('sqlite', 'gemma')
  await using _ = dev
  await make('lab/a', { license: 'gemma', base_model: 'lab/base' })
  await make('lab/b', { license: 'gemma', base_model: 'lab/a' })
  assert.equal(
    (await push('lab/a', { license: 'gemma', base_model: ['lab/base', 'lab/b'] })).status,
    200,
  )
  await dev.house.settle()
  for (const repo of ['lab/a', 'lab/b']) {
    const found = await api.licence(at(repo))
    assert.ok(
      found.findings.some(({ rule }) => rule === 'LINEAGE_CYCLE'),
      repo,
    )
    assert.ok(found.terms.licences.includes('LicenseRef-Gemma'))
  }
  await make('lab/self', { license: 'mit', base_model: 'lab/self' })
  assert.equal((await api.licence(at('lab/self'))).findings[0]?.rule, 'LINEAGE_CYCLE')
})

void test('a copy carries what it was copied from, whatever its card says later', async () => {
  const { dev, push, api, at, ann } = await open('sqlite', 'gemma')
  await using _ = dev
  const made = await dev.ask('POST', '/api/models/lab/base/duplicate', {
    token: ann,
    body: { repository: 'lab/copy', private: true },
  })
  assert.equal(made.status, 200, made.text)
  assert.equal((await push('lab/copy', { license: 'mit' })).status, 200)
  const view = await api.licence(at('lab/copy'))
  assert.deepEqual([view.verdict, view.findings[0]?.rule], ['conflict', 'R5'])
  assert.equal(view.proposal.expression, 'MIT AND LicenseRef-Gemma')
})
