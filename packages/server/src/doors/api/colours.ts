/** Code as a page colours it: which language a file is in, and the parts of its lines, or of the cells of a notebook. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { type CodeLanguage, languageNamed, languageOf } from '@weighhouse/formats/code/languages.ts'
import { readNotebook } from '@weighhouse/formats/notebook/notebook.ts'
import type { Coloured, FileEntry, Hub, ReadPermit } from '#core/hub.ts'
import { limits } from '#core/kernel/limits.ts'
import { makeLru } from '#core/kernel/lru.ts'
import { isNotebook, readHead } from './head.ts'

/** Of a file that a page shows as text; undefined where it stays plain. */
export const languageShown = (file: FileEntry): CodeLanguage | undefined =>
  file.sizeBytes > limits.codeCharsMax ? undefined : languageOf(file.path)

export interface FileColours {
  /** Undefined where the file stays as it is. */
  readonly lines: Coloured | undefined
  /** By the place of the cell; undefined for those that are no code. */
  readonly cells: readonly (Coloured | undefined)[]
}

const plain: FileColours = { lines: undefined, cells: [] }

/** Numbers that are kept, of all files together. */
const keptMax = 4_000_000

const weightOf = (lines: Coloured | undefined): number =>
  lines?.reduce((sum, line) => sum + line.length + 4, 0) ?? 1

/** Reads a file and keeps how it is coloured: the same bytes in the same language look the same. */
export const makeColourReader = (hub: Hub) => {
  const kept = makeLru<string, FileColours>(keptMax)

  const ofCells = async (permit: ReadPermit, file: FileEntry): Promise<FileColours | undefined> => {
    const { text, isWhole } = await readHead(hub, permit, file)
    const notebook = isWhole && text !== null ? readNotebook(text) : undefined
    const language = languageNamed(notebook?.language ?? '')
    if (notebook === undefined || language === undefined) return undefined
    const code = notebook.cells.filter(({ kind }) => kind === 'code')
    const sources = code.map(({ source }) => source)
    const found = await hub.highlighter.colour(language, sources)
    if (found === undefined) return undefined
    return { lines: undefined, cells: notebook.cells.map((cell) => found[code.indexOf(cell)]) }
  }

  const ofLines = async (
    permit: ReadPermit,
    commit: GitOid,
    file: FileEntry,
  ): Promise<FileColours | undefined> => {
    const language = languageShown(file)
    if (language === undefined) return undefined
    const bytes = await hub.refs.read(permit, commit, file.path, limits.codeCharsMax)
    if (bytes === undefined) return undefined
    const [lines] = (await hub.highlighter.colour(language, [bytes.toString()])) ?? []
    return lines && { lines, cells: [] }
  }

  return async (permit: ReadPermit, commit: GitOid, file: FileEntry): Promise<FileColours> => {
    const isOfCells = isNotebook(file.path)
    const key = `${file.oid}:${isOfCells ? 'cells' : languageShown(file)}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const found = await (isOfCells ? ofCells(permit, file) : ofLines(permit, commit, file))
    if (found === undefined) return plain
    const weight = [found.lines, ...found.cells].reduce((sum, one) => sum + weightOf(one), 0)
    kept.set(key, found, weight)
    return found
  }
}
