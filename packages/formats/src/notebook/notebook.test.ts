/** Notebooks: what is shown, and what is left out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNotebook } from './notebook.ts'

const notebook = (outputs: unknown[]) =>
  readNotebook(
    JSON.stringify({
      cells: [{ cell_type: 'code', execution_count: 3, source: ['a\n', 'b'], outputs }],
      metadata: { kernelspec: { language: 'python' } },
    }),
  )

void test('texts and pictures are shown', () => {
  const found = notebook([
    { output_type: 'stream', name: 'stdout', text: ['x\n', '\u001b[31my\u001b[0m'] },
    { output_type: 'execute_result', data: { 'image/png': 'aGk=', 'text/plain': 'picture' } },
    { output_type: 'error', ename: 'E', evalue: 'no', traceback: ['t'] },
  ])
  assert.deepEqual(found?.cells[0], {
    kind: 'code',
    count: 3,
    source: 'a\nb',
    outputs: [
      { kind: 'text', text: 'x\ny', isError: false },
      { kind: 'picture', url: 'data:image/png;base64,aGk=' },
      { kind: 'text', text: 't', isError: true },
    ],
  })
})

void test('its language is said by its kernel, or beside it', () => {
  const languageOf = (metadata: unknown) =>
    readNotebook(JSON.stringify({ cells: [], metadata }))?.language
  assert.equal(languageOf({ kernelspec: { language: 'julia' } }), 'julia')
  assert.equal(languageOf({ kernelspec: { name: 'x' }, language_info: { name: 'R' } }), 'R')
  assert.equal(languageOf({ language_info: { name: 7 } }), '')
})

void test('HTML, SVG, scripts and pictures that are none are left out', () => {
  const found = notebook([
    {
      output_type: 'display_data',
      data: { 'text/html': '<script>alert(1)</script>', 'text/plain': 'plain' },
    },
    { output_type: 'display_data', data: { 'image/svg+xml': '<svg onload=alert(1)>' } },
    { output_type: 'display_data', data: { 'image/png': '"><script>alert(1)</script>' } },
  ])
  assert.deepEqual(found?.cells[0]?.outputs, [
    { kind: 'text', text: 'plain', isError: false },
    { kind: 'left-out', type: 'text/html' },
    { kind: 'left-out', type: 'image/svg+xml' },
    { kind: 'left-out', type: 'image/png' },
  ])
})

void test('what is no notebook is none', () => {
  for (const text of ['', '[]', '{"cells":1}', 'null', '{'])
    assert.equal(readNotebook(text), undefined)
  assert.deepEqual(readNotebook('{"cells":[1,null,{}]}')?.cells.length, 1)
})
