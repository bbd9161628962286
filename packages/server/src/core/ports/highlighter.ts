/**
 * Code told apart by what its parts are, off the main thread: grammars are programs of expressions, and a hostile text can keep one
 * busy for ever. Driver: `highlight/shiki`.
 */
import type { ColouredLine } from '@weighhouse/formats/code/kinds.ts'
import type { CodeLanguage } from '@weighhouse/formats/code/languages.ts'

export type Coloured = readonly ColouredLine[]

export interface Highlighter extends AsyncDisposable {
  /** Undefined for a text that is too long, or takes too long. */
  colour(language: CodeLanguage, text: string): Promise<Coloured | undefined>
}
