/** `npm run docs`: writes the pages that are made from the code. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { folders } from './folders.ts'

for (const [folder, pages] of Object.entries(folders)) {
  const path = fileURLToPath(new URL(`../../docs/${folder}/`, import.meta.url))
  await mkdir(path, { recursive: true })
  for (const [name, make] of Object.entries(pages)) {
    await writeFile(`${path}${name}`, make())
    console.log(`docs/${folder}/${name}`)
  }
}
