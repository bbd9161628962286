/** A file of the repository as the rules see it. */
import { readFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { dirname, posix } from 'node:path'

export interface Import {
  /** As written: `#core/…`, `./x.ts`, `node:fs`, a package. */
  readonly specifier: string
  /** Path from the root of the repository, where the target is one of our files. */
  readonly target: string | undefined
  readonly isTypeOnly: boolean
  readonly isDynamic: boolean
  readonly line: number
}

export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
  readonly imports: readonly Import[]
}

export interface Finding {
  readonly path: string
  readonly line: number
  /** What is wrong, why it matters, what to do. */
  readonly message: string
}

export type Rule = (sources: readonly Source[]) => Finding[]

const server = 'packages/server/src/'

/** Ours by name: workspace packages and the server's own short names. */
const aliases: readonly [prefix: string, folder: string][] = [
  ['#config/', `${server}config/`],
  ['#core/', `${server}core/`],
  ['#db/', `${server}db/`],
  ['#doors/', `${server}doors/`],
  ['#drivers/', `${server}drivers/`],
  ['@weighhouse/server/', server],
  ['@weighhouse/formats/', 'packages/formats/src/'],
  ['@weighhouse/contract/', 'packages/contract/src/'],
  ['@weighhouse/testkit/', 'packages/testkit/src/'],
]

const resolve = (from: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return posix.normalize(posix.join(dirname(from), specifier))
  const alias = aliases.find(([prefix]) => specifier.startsWith(prefix))
  return alias === undefined ? undefined : alias[1] + specifier.slice(alias[0].length)
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

const statements = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\s+from\s+)?'([^']+)'/gm
const dynamics = /\bimport\('([^']+)'\)/g

const findImports = (path: string, text: string): Import[] => {
  const found: Import[] = []
  for (const match of text.matchAll(statements)) {
    const [, type, specifier = ''] = match
    const target = resolve(path, specifier)
    const line = lineAt(text, match.index)
    found.push({ specifier, target, isTypeOnly: type !== undefined, isDynamic: false, line })
  }
  for (const match of text.matchAll(dynamics)) {
    const [, specifier = ''] = match
    const target = resolve(path, specifier)
    const line = lineAt(text, match.index)
    found.push({ specifier, target, isTypeOnly: false, isDynamic: true, line })
  }
  return found
}

/** Makes a source of a text: for the rules' own tests too. */
export const makeSource = (path: string, text: string): Source => ({
  path,
  text,
  lines: text.split('\n'),
  imports: findImports(path, text),
})

const isText = (path: string): boolean =>
  /\.(?:tsx?|mjs|json|md|ya?ml|py|txt|css|html|sh)$/.test(path) || path.startsWith('.ci/')

/** Every text file that git knows or would take. */
export const readSources = async (root: string): Promise<Source[]> => {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard']
  const listed = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (listed.status !== 0) throw new Error(`git ls-files failed: ${listed.stderr}`)
  const paths = [...new Set(listed.stdout.split('\n'))].filter((path) => isText(path)).toSorted()
  const sources: Source[] = []
  for (const path of paths) {
    const text = await readFile(`${root}/${path}`, 'utf8').catch(() => undefined)
    if (text !== undefined) sources.push(makeSource(path, text))
  }
  return sources
}

export const isCode = ({ path }: Source): boolean => /\.(?:tsx?|mjs)$/.test(path)
export const isTest = ({ path }: Source): boolean => path.endsWith('.test.ts')
/** Code that ships: no tests, no tools. */
export const isProduct = (source: Source): boolean =>
  isCode(source) && !isTest(source) && /^packages\/(?:formats|server|cli)\//.test(source.path)
