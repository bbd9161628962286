/** Runs one of our TypeScript programs: `node tools/run.mjs SCRIPT.ts [arguments]`. */
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runOnNode26 } from '../packages/cli/bin/node-26.mjs'

const script = process.argv[2]
if (script === undefined) {
  process.stderr.write('usage: node tools/run.mjs SCRIPT.ts [arguments]\n')
  process.exit(2)
}
// Test files, hubs and commands are processes that read most of the hub: what one has compiled, the next need not.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(
  new URL('../node_modules/.cache/compile', import.meta.url),
)
const isHere = Number(process.versions.node.split('.')[0]) >= 26
if (isHere) process.argv.splice(1, 2, resolve(script))
await runOnNode26(pathToFileURL(resolve(script)).href)
