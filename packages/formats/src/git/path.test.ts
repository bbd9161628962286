import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathProblem } from './path.ts'

const good = (paths: readonly string[]): void => {
  for (const path of paths) assert.equal(pathProblem(path), undefined, JSON.stringify(path))
}
const bad = (paths: readonly string[]): void => {
  for (const path of paths) assert.notEqual(pathProblem(path), undefined, JSON.stringify(path))
}

void test('ordinary names are allowed, in any script', () => {
  good(['a', 'README.md', 'a/b/c.bin', 'ünï/模型.gguf', '\u{1f600}', 'a b', ' a', 'a ', "it's"])
  good(['...', '.a', 'a..b', 'a.', '-rf', '*', '?', '<a>', '"', '#', '%2e%2e', '~', 'con'])
})

void test('parts that leave the folder or are empty are refused', () => {
  bad(['', '/', '/a', 'a/', 'a//b', '.', '..', './a', '../a', 'a/..', 'a/./b', 'a/../../b'])
})

void test('the folder of git is refused, as every file system would spell it', () => {
  bad(['.git', '.git/config', 'a/.git/hooks/x', '.GIT', '.Git/config'])
  // Windows drops dots and spaces at the end, knows short names and streams.
  bad(['.git.', '.git ', '.git . .', 'git~1', 'GIT~1/config', '.git::$INDEX_ALLOCATION', '.git:x'])
  // macOS passes over these code points.
  bad(['.g\u200cit', '.git\u200d', '\ufeff.git', '.gi\u202et', '.\u206agit', 'a/.g\u200fit/config'])
})

void test('names that only look like the folder of git are allowed', () => {
  good(['.gitignore', '.gitattributes', '.gitmodules', 'git', '.github/x', 'x.git', '.git2'])
  good(['git~2', 'git~10', 'a.git/b', '. git', '.gıt'])
})

void test('control characters and backslashes are refused', () => {
  bad(['a\0b', 'a\nb', 'a\r', '\t', '\x1b[2J', 'a\x7f', 'a\\b', '..\\..\\x', '\\'])
})

void test('what is not Unicode is refused', () => {
  bad(['\ud800', 'a/\udc00b', 'a\ufffd'])
})

void test('length is bounded in bytes and depth in folders', () => {
  good(['x'.repeat(255), 'é'.repeat(127), Array.from({ length: 100 }, () => 'x').join('/')])
  bad(['x'.repeat(256), 'é'.repeat(128), `a/${'x'.repeat(256)}/b`])
  bad([Array.from({ length: 101 }, () => 'x').join('/')])
  const part = 'x'.repeat(255)
  const parts = Array.from({ length: 16 }, () => part).join('/')
  good([parts])
  bad([`${parts}/y`])
})
