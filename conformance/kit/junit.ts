import { readFile } from 'node:fs/promises'

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** One line per test that did not pass. */
  readonly failures: readonly string[]
  readonly skips: readonly string[]
}

/** Reads the JUnit report that pytest and node:test both write. */
export async function readReport(path: string): Promise<Tally | undefined> {
  const xml = await readFile(path, 'utf8').catch(() => undefined)
  if (xml === undefined) return undefined
  const failures: string[] = []
  const skips: string[] = []
  let passed = 0
  // What a client said may be megabytes, too many for one pattern over all of a case.
  for (const found of xml.split(/<testcase\b/u).slice(1)) {
    const headEnd = found.indexOf('>')
    const name = attribute(found.slice(0, headEnd), 'name')
    const outcome = /<(failure|error|skipped)\b([^>]*)/u.exec(found.slice(headEnd))
    if (outcome === null) passed += 1
    else if (outcome[1] === 'skipped') skips.push(`${name}: ${said(outcome[2])}`)
    else failures.push(`${name}: ${said(outcome[2])}`)
  }
  return { passed, failed: failures.length, skipped: skips.length, failures, skips }
}

function said(attributes = ''): string {
  return attribute(attributes, 'message').split('\n')[0] ?? ''
}

function attribute(attributes: string, name: string): string {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'u').exec(attributes)?.[1] ?? ''
  return value
    .replaceAll(/&#(?:10|xa);/giu, '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}
