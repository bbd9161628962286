import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cachedFolder } from './cache.ts'
import { mustRun } from './process.ts'

const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input']

/** The Python of a virtual environment holding exactly the pinned requirements. */
export async function pinnedVenv(name: string, requirements: string): Promise<string> {
  const recipe = `${await pythonVersion()}\n${await readFile(requirements, 'utf8')}`
  const folder = await cachedFolder(name, recipe, async (into) => {
    await mustRun('python3', ['-m', 'venv', into])
    await mustRun(pythonIn(into), [...PIP, '--no-deps', '--requirement', requirements])
  })
  return pythonIn(folder)
}

/** The same with whatever is newest today; made anew each time. */
export async function newestVenv(name: string, packages: readonly string[]): Promise<string> {
  const folder = await cachedFolder(name, `newest ${Date.now()}`, async (into) => {
    await mustRun('python3', ['-m', 'venv', into])
    await mustRun(pythonIn(into), [...PIP, ...packages])
  })
  return pythonIn(folder)
}

export async function packageVersion(python: string, name: string): Promise<string> {
  const script = `import importlib.metadata as m; print(m.version('${name}'))`
  return (await mustRun(python, ['-c', script])).trim()
}

async function pythonVersion(): Promise<string> {
  const said = await mustRun('python3', ['-c', 'import sys; print(*sys.version_info[:3], sep=".")'])
  const version = said.trim()
  const [major, minor] = version.split('.').map(Number)
  if (major !== 3 || (minor ?? 0) < 11) {
    throw new Error(`python3 is ${version}; the clients need 3.11 or newer`)
  }
  return version
}

function pythonIn(folder: string): string {
  return process.platform === 'win32'
    ? join(folder, 'Scripts', 'python.exe')
    : join(folder, 'bin', 'python')
}
