/** Files out of what was dropped or chosen, with their folders. */
import type { SentFile } from '@weighhouse/contract/upload.ts'

export const filesMax = 20_000

/** What people do not mean to send. */
const isLeftOut = (path: string): boolean =>
  /(^|\/)(\.git|\.DS_Store|\.cache|__pycache__|Thumbs\.db)(\/|$)/.test(path)

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => {
    entry.file(resolve, reject)
  })

/** A folder tells its entries a hundred at a time. */
const entriesOf = async (folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (some.length === 0) return all
    all.push(...some)
  }
}

const walk = async (entry: FileSystemEntry, folder: string, into: SentFile[]): Promise<void> => {
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`
  if (isLeftOut(path) || into.length >= filesMax) return
  // Casts because the two flags say which of the two it is.
  if (entry.isFile) into.push({ path, blob: await fileOf(entry as FileSystemFileEntry) })
  if (!entry.isDirectory) return
  for (const child of await entriesOf(entry as FileSystemDirectoryEntry))
    await walk(child, path, into)
}

/** A single folder is opened: what is in it goes to the place, not the folder itself. */
const withoutTop = (files: readonly SentFile[]): readonly SentFile[] => {
  const tops = new Set(files.map(({ path }) => path.split('/')[0]))
  const [top = ''] = tops
  const isFolder = tops.size === 1 && files.every(({ path }) => path.startsWith(`${top}/`))
  return isFolder
    ? files.map(({ path, blob }) => ({ path: path.slice(top.length + 1), blob }))
    : files
}

export const filesIn = async ({ items }: DataTransfer): Promise<readonly SentFile[]> => {
  const found: SentFile[] = []
  // All at once: the list is empty after the first wait.
  const entries = [...items].map((item) => item.webkitGetAsEntry())
  for (const entry of entries) if (entry !== null) await walk(entry, '', found)
  return withoutTop(found)
}

export const filesChosen = (list: FileList): readonly SentFile[] =>
  withoutTop(
    [...list]
      .map((file) => ({
        path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
        blob: file,
      }))
      .filter(({ path }) => !isLeftOut(path))
      .slice(0, filesMax),
  )
