/** Events of a stream, however the bytes of it are cut. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatNews, type LiveNews, readNews } from './live.ts'

const sent: LiveNews[] = [
  { kind: 'beat', place: 'v1.a', changes: [] },
  { kind: 'changes', place: 'v1.b', changes: [{ topic: 'repo', id: 'model/lab/ré:tina' }] },
  { kind: 'reload', place: 'v1.c', changes: [] },
]

const streamOf = (bytes: Uint8Array, size: number): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })

const read = async (text: string, size: number): Promise<LiveNews[]> => {
  const found: LiveNews[] = []
  for await (const one of readNews(streamOf(new TextEncoder().encode(text), size))) found.push(one)
  return found
}

void test('news are what was sent, in pieces of any size', async () => {
  const text = sent.map(formatNews).join('')
  for (const size of [1, 2, 3, 7, 1_000]) assert.deepEqual(await read(text, size), sent)
})

void test('a proxy may change the ends of lines; comments and events of others are passed over', async () => {
  const text = [': a comment', '', 'event: other', 'id: x', 'data: 1', '', ''].join('\r\n')
  const own = formatNews({ kind: 'beat', place: 'p', changes: [] }).replaceAll('\n', '\r\n')
  assert.deepEqual(await read(text + own, 1_000), [{ kind: 'beat', place: 'p', changes: [] }])
})

void test('an event without an end is given up', async () => {
  await assert.rejects(read('x'.repeat(2 * 1024 * 1024), 65_536), /no end/)
})
