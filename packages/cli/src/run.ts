/** What every command shares: the data folder, the two ways to print, and what failures are told like. */
import type { Command } from 'commander'
import type { OpenOptions } from '@weighhouse/server/command.ts'
import type { House } from '@weighhouse/server/house.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'

export interface CommonOptions {
  data?: string
  json?: boolean
}

/** Adds `--data` and `--json`. */
export const common = (command: Command): Command =>
  command
    .option('--data <folder>', 'data folder (default: $WEIGHHOUSE_DATA or ./weighhouse-data)')
    .option('--json', 'print JSON')

export interface Session {
  readonly house: House
  readonly ctx: Ctx
}

/** Opens the data folder, runs, closes. The server's code is loaded only now, so that `--help` is quick. */
export const withHouse = async <T>(
  options: CommonOptions,
  work: (session: Session) => Promise<T>,
  opening: OpenOptions = {},
): Promise<T> => {
  const { openForCommand } = await import('@weighhouse/server/command.ts')
  await using house = await openForCommand(options.data, opening)
  const result = await work({ house, ctx: house.systemCtx('command line') })
  return result
}

/** Prints a value as JSON, or its lines for people. */
export const print = (options: CommonOptions, value: unknown, lines: readonly string[]): void => {
  const text = options.json === true ? JSON.stringify(value) : lines.join('\n')
  if (text !== '') process.stdout.write(`${text}\n`)
}

/** Columns as wide as their widest cell, two spaces apart. */
export const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)))
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** A secret from standard input: its first line, without its end. */
export const readSecret = async (): Promise<string> => {
  let text = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > 10_000 || text.includes('\n')) break
  }
  return (text.split('\n')[0] ?? '').replace(/\r$/, '')
}

const exitCodes: Readonly<Record<string, number>> = {
  invalid: 2,
  repo_not_found: 3,
  account_not_found: 3,
  entry_not_found: 3,
  exists: 4,
  conflict: 4,
  permission_denied: 5,
  proof_needed: 5,
  agreement_required: 5,
  quota_exhausted: 5,
  unauthenticated: 5,
}

/** Says what went wrong in one line on standard error; answers the exit code. */
export const explainFailure = (error: unknown): number => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`weighhouse: ${message}\n`)
  return exitCodes[code] ?? 1
}
