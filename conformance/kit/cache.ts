import { createHash } from 'node:crypto'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../.cache/conformance/', import.meta.url))

const making = new Map<string, Promise<string>>()

/** A folder named by what it was made from: made once, kept until the recipe changes. */
export function cachedFolder(
  name: string,
  recipe: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const key = `${name}\n${recipe}`
  const underway = making.get(key) ?? makeFolder(name, recipe, make)
  making.set(key, underway)
  return underway
}

async function makeFolder(
  name: string,
  recipe: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 12)
  const folder = join(ROOT, `${name}-${hash}`)
  const mark = join(folder, '.complete')
  if (await exists(mark)) return folder
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await make(folder)
  await writeFile(mark, '')
  return folder
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
