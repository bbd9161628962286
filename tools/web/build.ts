/**
 * Builds the web app when its sources are newer than what was built: before the hub starts, before tests, and by `npm run build`.
 * A hash of everything that goes in says whether anything changed.
 */
import { createHash } from 'node:crypto'
import { glob, readFile, readdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = fileURLToPath(new URL('../../', import.meta.url))
const web = `${root}packages/web`
const stamp = `${web}/dist/.stamp`

const inputs = [
  'packages/web/{index.html,package.json,vite.config.ts}',
  'packages/web/{src,public}/**/*.*',
  'packages/{contract,formats}/src/**/*.ts',
  'package-lock.json',
  'tools/web/build.ts',
]

const hashInputs = async (): Promise<string> => {
  const paths: string[] = []
  for await (const path of glob(inputs, { cwd: root })) paths.push(path)
  const hash = createHash('sha256')
  for (const path of paths.filter((one) => !one.endsWith('.test.ts')).toSorted()) {
    hash.update(`${path}\0`).update(await readFile(`${root}${path}`))
  }
  return hash.digest('hex')
}

const compressedMin = 1024
const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

/** Beside each text of the build, what a server sends of it: made once, so that no request waits for it. */
const compress = async (): Promise<void> => {
  const folder = `${web}/dist/assets`
  for (const name of await readdir(folder)) {
    if (!/\.(?:js|css)$/.test(name)) continue
    const bytes = await readFile(`${folder}/${name}`)
    if (bytes.length < compressedMin) continue
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
    await writeFile(`${folder}/${name}.br`, await toBrotli(bytes, { params }))
    await writeFile(`${folder}/${name}.gz`, await toGzip(bytes, { level: 9 }))
  }
}

/** Answers whether it had to build. */
export const buildWeb = async (): Promise<boolean> => {
  const wanted = await hashInputs()
  const found = await readFile(stamp, 'utf8').catch(() => '')
  if (found === wanted) return false
  const { build } = await import('vite')
  await build({ root: web, logLevel: 'warn' })
  await compress()
  await writeFile(stamp, wanted)
  return true
}
