/** Sizes with a bound, docstrings where they are due, doors that are complete. */
import { type Finding, isCode, isProduct, isTest, type Rule, type Source } from './source.ts'

export const fileLinesMax = 300
export const lineCharsMax = 140

/** Tables and queries: long without being deep. */
const isExempt = (path: string): boolean =>
  path.endsWith('.sql.ts') || path.includes('/migrations/') || path.endsWith('/table-data.ts')

/** Tests may be long lists of cases. */
const isCase = (source: Source): boolean => isTest(source) || /\.test\.\w+$/.test(source.path)

const lengthOf = (source: Source): number => source.lines.length - 1

export const lengths: Rule = (sources) => {
  const findings: Finding[] = []
  for (const source of sources) {
    if (!isCode(source) || isCase(source) || isExempt(source.path)) continue
    const length = lengthOf(source)
    if (length > fileLinesMax) {
      const message = `has ${length} lines, at most ${fileLinesMax} allowed: split it where a second reason to change appears`
      findings.push({ path: source.path, line: length, message })
    }
    source.lines.forEach((text, index) => {
      if (text.length <= lineCharsMax || text.includes('http')) return
      if (/['"`]/.test(text)) return // a sentence for people is not broken
      const message = `this line has ${text.length} characters, at most ${lineCharsMax} allowed`
      findings.push({ path: source.path, line: index + 1, message })
    })
  }
  return findings
}

const needsDocs = (path: string): boolean =>
  /^packages\/server\/src\/core\/(?:kernel|ports)\//.test(path) ||
  /^packages\/server\/src\/(?:core\/\w+|drivers\/\w+\/\w+)\/index\.ts$/.test(path) ||
  path === 'packages/server/src/house.ts'

/** Rooms, drivers and ports open with what they are for. */
export const headers: Rule = (sources) =>
  sources
    .filter((source) => isProduct(source) && needsDocs(source.path))
    .filter((source) => !source.text.startsWith('/**'))
    .map(({ path }) => ({
      path,
      line: 1,
      message: 'opens without a header: say what it is for, what it must never do, its invariants',
    }))

const exported = /^export (?:const|function|async function|class) (\w+)/

/** Every function and value the formats offer says what it takes and gives. */
export const docstrings: Rule = (sources) =>
  sources
    .filter((one) => one.path.startsWith('packages/formats/src/') && isProduct(one))
    .flatMap((source) =>
      source.lines.flatMap((text, index): Finding[] => {
        const name = exported.exec(text)?.[1]
        if (name === undefined || /^is[A-Z]|Max$/.test(name)) return []
        const before = source.lines[index - 1] ?? ''
        if (before.trimEnd().endsWith('*/') || before.startsWith('// ')) return []
        const message = `${name} is exported without a docstring: purpose, shapes, units, errors, source`
        return [{ path: source.path, line: index + 1, message }]
      }),
    )

const doorFiles = ['index.ts', 'errors.ts', 'README.md']

/** A door has its routes, its error table and its page. */
export const doors: Rule = (sources) => {
  const names = new Set<string>()
  for (const { path } of sources) {
    const door = /^packages\/server\/src\/doors\/(\w+)\//.exec(path)?.[1]
    if (door !== undefined && door !== 'kit') names.add(door)
  }
  const has = (path: string): boolean => sources.some((source) => source.path === path)
  return [...names].flatMap((name) =>
    doorFiles
      .map((file) => `packages/server/src/doors/${name}/${file}`)
      .filter((path) => !has(path))
      .map((path) => ({ path, line: 1, message: 'is missing: every door has its three files' })),
  )
}
