/** The thread: a grammar is loaded when a text first asks for it. */
import { parentPort } from 'node:worker_threads'
import { createOnigurumaEngine } from '@shikijs/engine-oniguruma'
import { codeToTokensBase, createShikiPrimitiveAsync } from '@shikijs/primitive'
import { assert } from '#core/kernel/errors.ts'
import type { CodeLanguage } from '@weighhouse/formats/code/languages.ts'
import type { Coloured } from '#core/ports/highlighter.ts'
import { kindOfColour, theme } from './theme.ts'

export interface Question {
  readonly language: CodeLanguage
  readonly texts: readonly string[]
}

export interface Answer {
  readonly found: readonly Coloured[] | undefined
}

/** A longer line is data, not code: it stays plain. */
const lineCharsMax = 2_000
/** Between two expressions of a line; the deadline of the whole is the driver's. */
const lineMs = 300

const shiki = createShikiPrimitiveAsync({
  engine: createOnigurumaEngine(import('@shikijs/engine-oniguruma/wasm-inlined')),
  langs: [],
  themes: [theme],
})

type Primitive = Awaited<typeof shiki>

const loaded = new Set<CodeLanguage>()

const colourOne = (primitive: Primitive, language: CodeLanguage, text: string): Coloured => {
  const lines = codeToTokensBase(primitive, text, {
    lang: language,
    theme: theme.name,
    tokenizeMaxLineLength: lineCharsMax,
    tokenizeTimeLimit: lineMs,
  })
  return lines.map((tokens) => {
    const parts: number[] = []
    for (const { content, color } of tokens) {
      const kind = kindOfColour(color)
      if (parts.at(-1) === kind) parts[parts.length - 2] = (parts.at(-2) ?? 0) + content.length
      else parts.push(content.length, kind)
    }
    if (parts.at(-1) === 0) parts.splice(-2)
    return parts
  })
}

const colour = async ({ language, texts }: Question): Promise<readonly Coloured[]> => {
  const primitive = await shiki
  if (!loaded.has(language)) {
    // A cast because the folder of grammars is typed by none of their names.
    const grammar = (await import(`@shikijs/langs/${language}`)) as { default: never }
    await primitive.loadLanguage(grammar.default)
    loaded.add(language)
  }
  return texts.map((text) => colourOne(primitive, language, text))
}

const port = parentPort
assert(port !== null, 'worker.ts runs on a thread of its own')
port.on('message', (question: Question) => {
  const answer = (found: Answer['found']): void => port.postMessage({ found }, [])
  colour(question).then(answer, () => answer(undefined))
})
