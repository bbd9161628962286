import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageNamed, languageOf } from './languages.ts'

void test('a language is known by the name of its file, or by the word of a fence', () => {
  const files = {
    'a/run.PY': 'python',
    Dockerfile: 'docker',
    'x/Makefile': 'make',
    'c.yml': 'yaml',
  }
  for (const [path, language] of Object.entries(files)) assert.equal(languageOf(path), language)
  for (const path of ['notes.txt', 'a.py/b', '', 'LICENSE', '.constructor', 'x.toString']) {
    assert.equal(languageOf(path), undefined, path)
  }
  const words = { py: 'python', Python: 'python', 'c++': 'cpp', shell: 'bash', nothing: undefined }
  for (const [word, language] of Object.entries(words)) assert.equal(languageNamed(word), language)
  assert.equal(languageNamed('constructor'), undefined)
})
