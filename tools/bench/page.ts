/** What was measured, and the page that tells it. */
import { machine } from './measure.ts'

export interface Finding {
  readonly what: string
  readonly found: string
  /** The other server's number in the same run. */
  readonly reference: string
  readonly bar: string
  readonly isMet: boolean
  /** What binds, or why a bar is missed. */
  readonly note: string
}

export const renderRow = ({ what, found, reference, bar, isMet, note }: Finding): string =>
  `| ${what} | ${found} | ${reference} | ${bar} | ${isMet ? 'yes' : '**no**'} | ${note} |`

export const perSecond = (bytes: number, seconds: number): string =>
  `${Math.round(bytes / seconds / 1e6)} MB/s`

export const ratio = (value: number): string => `${value.toFixed(2)}×`

const columns = `| what | Weighhouse | reference | bar | met | what binds |
| --- | --- | --- | --- | --- | --- |`

/** What is not here now has measured the sections that stay: its version stays as well. */
const versionIn = (before: string, name: string): string =>
  new RegExp(`^- ${name}: (.*)$`, 'm').exec(before)?.[1] ?? 'not installed'

const head = (before: string): string => `# Benchmarks

Written by \`npm run bench\`; with names, by \`npm run bench -- pushes pulls\`, those sections alone are measured again. Ratios compare
servers in the same run on the same machine and disk, with the same client (curl, ab, hf_xet); rounds alternate, medians count. Absolute
numbers are this machine's and promise nothing.

${machine()
  .map(([name, value]) => `- ${name}: ${value ?? versionIn(before, name)}`)
  .join('\n')}
`

const sectionForm = /^## (\w+)\n\n([\s\S]*?)(?=\n## |$(?![\s\S]))/gm

/** The page with these sections measured anew, in the order given by `names`; others stay as they are in `before`. */
export const renderPage = (
  before: string,
  names: readonly string[],
  measured: ReadonlyMap<string, readonly Finding[]>,
): string => {
  const kept = new Map<string, string>()
  for (const [, name = '', body = ''] of before.matchAll(sectionForm)) kept.set(name, body.trim())
  const sections = names.flatMap((name) => {
    const findings = measured.get(name)
    const body =
      findings === undefined ? kept.get(name) : [columns, ...findings.map(renderRow)].join('\n')
    return body === undefined ? [] : [`## ${name}\n\n${body}\n`]
  })
  return [head(before), ...sections].join('\n')
}
