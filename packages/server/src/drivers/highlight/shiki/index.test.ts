/** What parts of code are; and that a text can take neither the process nor its time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeKinds } from '@weighhouse/formats/code/kinds.ts'
import { type CodeLanguage, codeLanguages } from '@weighhouse/formats/code/languages.ts'
import { limits } from '#core/kernel/limits.ts'
import { openShiki } from './index.ts'

/** `word:kind` of each part that is not plain. */
const partsOf = async (
  shiki: ReturnType<typeof openShiki>,
  language: CodeLanguage,
  text: string,
): Promise<string[]> => {
  const [lines] = (await shiki.colour(language, [text])) ?? []
  assert.ok(lines, language)
  return text.split('\n').flatMap((line, at) => {
    const found: string[] = []
    const parts = lines[at] ?? []
    let from = 0
    for (let index = 0; index < parts.length; index += 2) {
      const to = from + (parts[index] ?? 0)
      const kind = codeKinds[parts[index + 1] ?? 0]
      if (kind !== 'plain') found.push(`${line.slice(from, to).trim()}:${kind}`)
      from = to
    }
    assert.ok(from <= line.length)
    return found
  })
}

void test(
  'parts are told apart, by each grammar that is offered',
  { timeout: 120_000 },
  async () => {
    await using shiki = openShiki({ deadlineMs: 60_000 })
    const python = await partsOf(shiki, 'python', '# note\ndef run(n: int):\n    return "a" + 1')
    assert.deepEqual(
      python.filter((one) => !one.startsWith('n:')),
      [
        '# note:comment',
        'def:keyword',
        'run:function',
        'int:type',
        'return:keyword',
        '"a":string',
        '1:number',
      ],
    )
    const json = await partsOf(shiki, 'json', '{ "layers": 12, "name": "x", "tied": true }')
    assert.deepEqual(json, [
      '"layers":tag',
      '12:number',
      '"name":tag',
      '"x":string',
      '"tied":tag',
      'true:constant',
    ])
    const yaml = await partsOf(shiki, 'yaml', 'license: mit # x')
    assert.deepEqual(yaml, ['license:tag', 'mit:string', '# x:comment'])
    for (const language of codeLanguages) {
      assert.ok(await shiki.colour(language, ['x = 1\n<a b="c">\n']), language)
    }
  },
)

void test(
  'a text that takes too long is plain, and the next one is not',
  { timeout: 60_000 },
  async () => {
    await using shiki = openShiki({ deadlineMs: 1 })
    assert.equal(await shiki.colour('python', ['x = 1']), undefined)
    await using patient = openShiki({ deadlineMs: 30_000 })
    const [, second] = await Promise.all([
      patient.colour('python', ['x = 1']),
      patient.colour('json', ['{"a": 1}']),
    ])
    assert.deepEqual(second, [[[1, 0, 3, 8, 2, 0, 1, 3]]])
    const half = 'x'.repeat(limits.codeCharsMax / 2)
    assert.equal(await patient.colour('python', [half, `${half}x`]), undefined)
    // What one text leaves open is closed where the next one begins.
    const [open, next] = (await patient.colour('python', ['"""one', 'x = 1'])) ?? []
    assert.deepEqual(open, [[6, 2]])
    assert.deepEqual(next, [[4, 0, 1, 3]])
  },
)
