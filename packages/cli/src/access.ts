/** Why somebody may or may not. */
import { type Command } from 'commander'
import type { LastWord, RepoAction } from '@weighhouse/server/core/hub.ts'
import { choice, typed, type RepoOptions } from './repos.ts'
import { print, table, withHouse } from './run.ts'
import { parseCount } from './words.ts'

const actions: Readonly<Record<string, RepoAction>> = {
  see: 'repo.see',
  browse: 'repo.browse',
  read: 'repo.read',
  write: 'repo.write',
  admin: 'repo.admin',
}

/** What `explain` answers with when the answer is no: a script can tell it from a failure. */
const deniedExitCode = 6

interface ExplainOptions extends RepoOptions {
  as?: string
  action: string
}

/** Who paused or ended it, when, and why. */
const saidOf = ({ by, atMs, reason }: LastWord): string =>
  [
    `said by ${by ?? 'this hub'} on ${new Date(atMs).toISOString()}`,
    ...(reason === undefined ? [] : [reason]),
  ].join(': ')

const explain = async (path: string, options: ExplainOptions): Promise<void> => {
  const action = actions[options.action] ?? 'repo.read'
  const found = await withHouse(options, ({ house: { hub }, ctx }) =>
    hub.policy.explainTo(ctx, action, { type: options.type, path }, options.as),
  )
  const { isAllowed, code, layers, agreement, denial, nearMisses, fixes, untilMs, as, id } = found
  const until = untilMs === undefined ? undefined : new Date(untilMs).toISOString()
  const who = as?.name ?? 'The hub itself'
  const told = denial === undefined ? [] : [denial, ...nearMisses]
  const value = { decision: isAllowed ? 'permit' : 'deny', code, as: as?.name, path, action }
  print(options, { ...value, layers, agreement, denials: told, fix: fixes, until, id }, [
    `${who} ${isAllowed ? 'may' : 'may not'} ${options.action} ${path}: ${code}${until === undefined ? '' : ` until ${until}`}`,
    ...layers.map(
      (one) => `  ${one.layer}: ${one.said}${one.code === undefined ? '' : ` (${one.code})`}`,
    ),
    ...told.map(({ title, reason, clause, needed, actual, lastWord }) =>
      [
        `  "${title}": ${reason}`,
        ...(lastWord === undefined ? [] : [saidOf(lastWord)]),
        ...(clause === undefined ? [] : [`clause ${clause.id} (${clause.title})`]),
        ...(needed === undefined ? [] : [`needed: ${needed}`, `found: ${actual ?? 'nothing'}`]),
      ].join('; '),
    ),
    ...fixes.map(
      ({ who: by, label, path: page }) => `  ${by.replace('_', ' ')}: ${label} (${page})`,
    ),
  ])
  if (!isAllowed) process.exitCode = deniedExitCode
}

interface MatrixOptions extends RepoOptions {
  org?: string
  after?: string
  limit: number
}

const cellOf = (code: string, untilMs: number | undefined): string =>
  untilMs === undefined ? code : `${code} until ${new Date(untilMs).toISOString()}`

const matrix = async (path: string, options: MatrixOptions): Promise<void> => {
  const { org, after = '' } = options
  const page = { after, limit: options.limit }
  const { rows, next } = await withHouse(options, ({ house: { hub }, ctx }) =>
    hub.policy.matrix(
      ctx,
      { type: options.type, path },
      org === undefined ? page : { ...page, org },
    ),
  )
  const lines = rows.map(({ name, kind, cells, terms }) => [
    name,
    kind,
    ...cells.map(({ code, untilMs }) => cellOf(code, untilMs)),
    terms
      .filter(({ code }) => code === 'OK_AGREEMENT')
      .map(({ action, strength }) => `${action} (${strength})`)
      .join(', '),
  ])
  const head = ['WHO', 'KIND', 'BROWSE', 'READ', 'WRITE', 'ADMIN', 'TERMS']
  const more = next === undefined ? [] : [`More: --after ${next}`]
  print(options, { rows, next }, [...table([head, ...lines]), ...more])
}

export const accessCommands = (program: Command): void => {
  const access = program.command('access').description('who may do what, and why')

  typed(access.command('explain <repo>'))
    .description('why an account or an organisation may or may not; exit code 6 for no')
    .option('--as <name>', 'a user or an organisation (default: the hub itself)')
    .option(
      '--action <action>',
      Object.keys(actions).join(', '),
      choice(Object.keys(actions)),
      'read',
    )
    .action(explain)

  typed(access.command('matrix <repo>'))
    .description('who may do what, and until when; of other organisations their name alone')
    .option('--org <name>', 'people of this organisation instead')
    .option('--after <name>', 'the last name of the page before')
    .option('--limit <count>', 'at most so many', parseCount, 100)
    .action(matrix)
}
