/** Code coloured through the door: what a page may read it may colour, and no text takes the hub with it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { signedIn } from './org-kit.ts'
import { userWithPassword } from './signin-kit.ts'

const at = (path: string): string => `at=${encodeURIComponent(`main/${path}`)}`

void test(
  'lines of a file, cells of a notebook, and blocks of a card',
  { timeout: 60_000 },
  async () => {
    await using dev = await openDevHouse()
    await userWithPassword(dev, 'ann')
    await dev.org('lab', 'ann')
    await dev.repo('lab/tools')
    const ctx = await signedIn(dev, 'ann')
    const permit = await dev.hub.policy.require(ctx, 'repo.write', {
      type: 'model',
      path: 'lab/tools',
    })
    const files = {
      'run.py': 'import os\n',
      'big.py': `# ${'x'.repeat(300_000)}`,
      'notes.txt': 'import os\n',
      'look.ipynb': JSON.stringify({
        cells: [
          { cell_type: 'markdown', source: 'import os' },
          { cell_type: 'code', source: ['import os\n', 'x = 1'], outputs: [] },
          { cell_type: 'code', source: '', outputs: [] },
        ],
        metadata: { kernelspec: { language: 'python' } },
      }),
      'broken.ipynb': '{"cells": [',
      'README.md': '# Tools\n\n```python\nimport os  # <b>\n```\n\n```nothing\nimport os\n```\n',
    }
    await dev.hub.commits.commit(ctx, permit, {
      ref: 'refs/heads/main',
      parent: undefined,
      message: 'Files',
      operations: (async function* () {
        for (const [path, text] of Object.entries(files)) {
          yield { kind: 'file' as const, path, bytes: Buffer.from(text) }
        }
      })(),
    })
    const repo = '/weighhouse/v1/repos/model/lab/tools'
    const ask = async (call: string) => {
      const answer = await dev.ask('GET', `${repo}/${call}`)
      assert.equal(answer.status, 200, answer.text)
      // A cast: the calls of this test answer these.
      return answer.json() as {
        lines?: unknown
        cells?: unknown
        language?: unknown
        html: string
      }
    }
    assert.deepEqual((await ask(`colours?${at('run.py')}`)).lines, [[6, 4], []])
    assert.equal((await ask(`file?${at('run.py')}`)).language, 'python')
    for (const path of ['big.py', 'notes.txt']) {
      assert.equal((await ask(`file?${at(path)}`)).language, null, path)
      assert.equal((await ask(`colours?${at(path)}`)).lines, null, path)
    }
    const notebook = await ask(`colours?${at('look.ipynb')}`)
    assert.equal(notebook.lines, null)
    assert.deepEqual(notebook.cells, [
      null,
      [
        [6, 4],
        [4, 0, 1, 3],
      ],
      [[]],
    ])
    assert.deepEqual((await ask(`colours?${at('broken.ipynb')}`)).cells, [])
    const plain = await ask('card?at=main')
    assert.doesNotMatch(plain.html, /code-keyword/)
    const coloured = await ask('card?at=main&withColours=true')
    assert.match(
      coloured.html,
      /<code class="language-python"><span class="code-keyword">import<\/span> os  <span class="code-comment"># &lt;b&gt;<\/span>/,
    )
    assert.match(coloured.html, /<code class="language-nothing">import os/)
    // Nothing but colours differs.
    const bare = (html: string): string => html.replaceAll(/<\/?span[^>]*>/g, '')
    assert.equal(bare(coloured.html), bare(plain.html))
  },
)

void test('what is hidden is not coloured', async () => {
  await using dev = await openDevHouse()
  await userWithPassword(dev, 'ann')
  await dev.org('lab', 'ann')
  await dev.repo('lab/hidden', { visibility: 'private' })
  const answer = await dev.ask('GET', `/weighhouse/v1/repos/model/lab/hidden/colours?${at('a.py')}`)
  assert.equal(answer.status, 404)
})
