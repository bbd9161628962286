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

export const renderPage = (findings: readonly Finding[]): string => `# Benchmarks

Written by \`npm run bench\`. Ratios compare servers in the same run on the same machine and disk, with the same client (curl, ab); rounds
alternate, medians count. Absolute numbers are this machine's and promise nothing.

${machine()
  .map(([name, value]) => `- ${name}: ${value}`)
  .join('\n')}

| what | Weighhouse | reference | bar | met | what binds |
| --- | --- | --- | --- | --- | --- |
${findings.map(renderRow).join('\n')}
`
