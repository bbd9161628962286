/** Signs, hashes and addresses in the palette. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasWords, pathOfAddress, readJump } from './query.ts'

void test('a pasted address leads into this hub, however many slashes it has', () => {
  for (const address of ['https://other.test//evil.test/x', 'https://hub.test//evil.test/x'])
    assert.equal(pathOfAddress(address, 'https://hub.test'), '/evil.test/x')
})

void test('a sign says where to look; those of a repo mean nothing elsewhere', () => {
  const modeOf = (text: string, isInRepo = true) => {
    const { mode, words } = readJump(text, isInRepo)
    return `${mode} ${words}`
  }
  assert.equal(modeOf('> sign out'), 'acts sign out')
  assert.equal(modeOf('@ann'), 'people ann')
  assert.equal(modeOf(':v2'), 'revisions v2')
  assert.equal(modeOf('/config'), 'files config')
  assert.equal(modeOf(':v2', false), 'all :v2')
  assert.equal(modeOf('/config', false), 'all /config')
  assert.equal(modeOf(' lab/retina '), 'all lab/retina')
  assert.equal(modeOf('A'.repeat(64)), `content ${'a'.repeat(64)}`)
})

void test('digits that may be a commit are one where there is a repo', () => {
  assert.equal(readJump('0b1c2d3', true).isCommit, true)
  assert.equal(readJump('0b1c2d3', false).isCommit, false)
  assert.equal(readJump('0b1c2', true).isCommit, false)
  assert.equal(readJump('retina1', true).isCommit, false)
})

void test('an address of this hub or another one is a path here', () => {
  const here = 'https://ml.example.org/hub'
  const pathOf = (address: string) => pathOfAddress(address, here)
  assert.equal(pathOf('https://ml.example.org/hub/lab/retina'), '/lab/retina')
  assert.equal(pathOf('https://huggingface.co/lab/retina/tree/main'), '/lab/retina/tree/main')
  assert.equal(
    pathOf('https://huggingface.co/datasets/lab/scans/resolve/main/a/b.csv'),
    '/datasets/lab/scans/blob/main/a/b.csv',
  )
  assert.equal(pathOf('https://huggingface.co/lab/retina/raw/v1/x'), '/lab/retina/blob/v1/x')
  assert.equal(pathOf('https://huggingface.co/'), undefined)
  assert.equal(pathOf('https://huggingface.co'), undefined)
})

void test('words are found in any order and letter case', () => {
  assert.ok(hasWords('Go to Agreements', 'agree go'))
  assert.ok(hasWords('anything', ''))
  assert.ok(!hasWords('Go to Agreements', 'inbox'))
})
