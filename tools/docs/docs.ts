/** `npm run docs`: writes the pages that are made from the code. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { pages } from './pages.ts'

const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url))
await mkdir(folder, { recursive: true })
for (const [name, make] of Object.entries(pages)) {
  await writeFile(`${folder}${name}`, make())
  console.log(`docs/reference/${name}`)
}
