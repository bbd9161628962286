/** Files nobody imports, and exports nobody uses: dead code reads like living code. */
import { type Finding, isCode, isTest, type Rule, type Source } from './source.ts'

/** Where programs begin, and what other programs import by name. */
const isEntry = (path: string): boolean =>
  /^(?:tools|conformance)\//.test(path) ||
  path.startsWith('packages/cli/bin/') ||
  path === 'packages/cli/src/main.ts' ||
  path === 'packages/contract/src/client.ts' ||
  path === 'packages/web/vite.config.ts' ||
  path === 'packages/web/src/app/main.tsx' ||
  // Types of a package that brings none.
  path.endsWith('.d.ts') ||
  /^packages\/testkit\/src\/(?:crash|contract|seed)\//.test(path)

export const unreached: Rule = (sources) => {
  const imported = new Set(
    sources.flatMap((source) => source.imports.map((one) => one.target ?? one.specifier)),
  )
  return sources
    .filter((one) => isCode(one) && !isTest(one) && !isEntry(one.path) && !imported.has(one.path))
    .map(({ path }) => ({
      path,
      line: 1,
      message: 'nobody imports this file: wire it in or delete it',
    }))
}

/** What pages are made of is a set that is whole, whichever of it the pages of today use. */
const parts = 'packages/web/src/parts/'

/** Types are named in the signatures that use them, so only values count. */
const exported = /^export (?:const|function|async function|class) (\w+)/

const wordsOf = (source: Source): Set<string> => new Set(source.text.match(/\w+/g))

export const unusedExports: Rule = (sources) => {
  const code = sources.filter(isCode)
  const words = new Map(code.map((source) => [source.path, wordsOf(source)]))
  return code
    .filter((one) => one.path.startsWith('packages/') && !isTest(one) && !isEntry(one.path))
    .filter(({ path }) => !path.startsWith(parts))
    .flatMap((source) =>
      source.lines.flatMap((text, index): Finding[] => {
        const name = exported.exec(text)?.[1]
        if (name === undefined) return []
        const isUsed = code.some(
          (one) => one.path !== source.path && words.get(one.path)?.has(name),
        )
        if (isUsed) return []
        const message = `${name} is exported and nobody else uses it: drop the export, or the code`
        return [{ path: source.path, line: index + 1, message }]
      }),
    )
}
