/** Code as a page colours it: which language a file is in, and the parts of its lines. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { type CodeLanguage, languageOf } from '@weighhouse/formats/code/languages.ts'
import type { Coloured, FileEntry, Hub, ReadPermit } from '#core/hub.ts'
import { limits } from '#core/kernel/limits.ts'
import { makeLru } from '#core/kernel/lru.ts'

/** Of a file that a page shows as text; undefined where it stays plain. */
export const languageShown = (file: FileEntry): CodeLanguage | undefined =>
  file.sizeBytes > limits.codeCharsMax ? undefined : languageOf(file.path)

/** Numbers that are kept, of all files together. */
const keptMax = 4_000_000

/** Reads a file and keeps how it is coloured: the same bytes in the same language look the same. */
export const makeColourReader = (hub: Hub) => {
  const kept = makeLru<string, Coloured>(keptMax)
  return async (
    permit: ReadPermit,
    commit: GitOid,
    file: FileEntry,
  ): Promise<Coloured | undefined> => {
    const language = languageShown(file)
    if (language === undefined) return undefined
    const key = `${file.oid}:${language}`
    const found = kept.get(key)
    if (found !== undefined) return found
    const bytes = await hub.refs.read(permit, commit, file.path, limits.codeCharsMax)
    if (bytes === undefined) return undefined
    const lines = await hub.highlighter.colour(language, bytes.toString())
    if (lines === undefined) return undefined
    const weight = lines.reduce((sum, line) => sum + line.length + 4, 0)
    kept.set(key, lines, weight)
    return lines
  }
}
