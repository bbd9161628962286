import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { cachedFolder } from './cache.ts'
import { mustRun } from './process.ts'

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
}

/** A copy of a client folder (own package.json and lock) with its packages installed. */
export async function pinnedClient(name: string, folder: string): Promise<string> {
  const recipe = await readFile(join(folder, 'package-lock.json'), 'utf8')
  const into = await cachedFolder(name, recipe, async (made) => {
    await copyClient(folder, made)
    await mustRun(npm, ['ci', ...QUIET], { cwd: made })
  })
  await copyClient(folder, into)
  return into
}

/** The same folder with the newest version of each client instead of the pinned one. */
export async function newestClient(name: string, folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  const wanted = Object.keys(manifest.dependencies).map((dependency) => `${dependency}@latest`)
  return cachedFolder(name, `newest ${Date.now()}`, async (made) => {
    await cp(folder, made, { recursive: true, filter: isUnlocked })
    await writeFile(join(made, 'package.json'), '{ "private": true, "type": "module" }\n')
    await mustRun(npm, ['install', '--no-package-lock', ...QUIET, ...wanted], { cwd: made })
  })
}

/** A copy of another folder that finds the packages of an installed client, and the client's own files under `client/`. */
export async function besideClient(name: string, client: string, folder: string): Promise<string> {
  const into = await cachedFolder(name, client, async (made) => {
    await symlink(join(client, 'node_modules'), join(made, 'node_modules'), 'junction')
    await symlink(client, join(made, 'client'), 'junction')
  })
  await copyClient(folder, into)
  return into
}

export async function clientVersion(folder: string, dependency: string): Promise<string> {
  const manifest = join(folder, 'node_modules', dependency, 'package.json')
  return (JSON.parse(await readFile(manifest, 'utf8')) as { version: string }).version
}

const copies = new Map<string, Promise<void>>()

/** Once a run: cells that share a client run at the same time. */
function copyClient(from: string, to: string): Promise<void> {
  const underway =
    copies.get(to) ?? cp(from, to, { recursive: true, force: true, filter: isSource })
  copies.set(to, underway)
  return underway
}

function isSource(path: string): boolean {
  return basename(path) !== 'node_modules'
}

function isUnlocked(path: string): boolean {
  return isSource(path) && basename(path) !== 'package-lock.json'
}
