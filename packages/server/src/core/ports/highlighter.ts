/**
 * Code told apart by what its parts are, off the main thread: grammars are programs of expressions, and a hostile text can keep one
 * busy for ever. Driver: `highlight/shiki`.
 */
import type { ColouredLine } from '@weighhouse/formats/code/kinds.ts'
import type { CodeLanguage } from '@weighhouse/formats/code/languages.ts'

export type Coloured = readonly ColouredLine[]

export interface Highlighter extends AsyncDisposable {
  /** Each text by itself, in their order. Undefined where they are too long, or take too long, all together. */
  colour(language: CodeLanguage, texts: readonly string[]): Promise<readonly Coloured[] | undefined>
}
