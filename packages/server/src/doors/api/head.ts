/** The beginning of a file as text, and how a page may show it. */
import type { FileEntry, Hub, ReadPermit } from '#core/hub.ts'

/** A page shows no more than this; the rest is a download away. */
const headBytesMax = 1024 * 1024

const views = {
  markdown: 'md markdown mdown',
  table: 'csv tsv',
  notebook: 'ipynb',
  image: 'png jpg jpeg gif webp avif',
  audio: 'mp3 wav flac',
  video: 'mp4 webm',
  tensors: 'safetensors gguf',
  parquet: 'parquet',
} as const

export type View = keyof typeof views | 'text' | 'binary'

const byExtension = new Map<string, View>(
  Object.entries(views).flatMap(([view, extensions]) =>
    // A cast because Object.entries forgets the names of the keys.
    extensions.split(' ').map((one): [string, View] => [one, view as keyof typeof views]),
  ),
)

const textViews: ReadonlySet<View> = new Set(['markdown', 'table', 'notebook'])

const viewOf = (path: string): View | undefined =>
  byExtension.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase())

export const isNotebook = (path: string): boolean => viewOf(path) === 'notebook'

/** At most `most` bytes, as text; undefined for bytes that are none. */
const textIn = async (
  hub: Hub,
  permit: ReadPermit,
  file: FileEntry,
  most: number,
): Promise<string | undefined> => {
  const end = Math.min(most, file.sizeBytes)
  if (end === 0) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  try {
    for await (const chunk of await hub.refs.open(permit, file, { start: 0, end })) {
      text += decoder.decode(chunk, { stream: true })
    }
    // A character that the cut went through is left out; at the end of the file it is an error.
    if (end === file.sizeBytes) text += decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
  return text.includes('\0') ? undefined : text
}

/** What is shown as something else than text is not read. */
export const readHead = async (hub: Hub, permit: ReadPermit, file: FileEntry) => {
  const view = viewOf(file.path)
  const isWhole = file.sizeBytes <= headBytesMax
  if (view !== undefined && !textViews.has(view)) return { view, text: null, isWhole }
  // Most large files are no text: their first bytes say so at less cost.
  const first = isWhole ? '' : await textIn(hub, permit, file, 4096)
  const text = first === undefined ? undefined : await textIn(hub, permit, file, headBytesMax)
  if (text === undefined) return { view: 'binary' as const, text: null, isWhole: false }
  return { view: view ?? ('text' as const), text, isWhole }
}
