/** Calls that do not belong where they stand, each with what to do instead. */
import { type Finding, isProduct, type Rule, type Source } from './source.ts'

interface Ban {
  readonly pattern: RegExp
  /** Where the ban holds. */
  readonly applies: (path: string) => boolean
  readonly message: string
}

const server = 'packages/server/src/'
const isCore = (path: string): boolean => path.startsWith(`${server}core/`)
const isServer = (path: string): boolean => path.startsWith(server)

const bans: readonly Ban[] = [
  {
    pattern: /\bprocess\.env\b/,
    applies: (path) => isServer(path) && path !== `${server}config/env.ts`,
    message: 'process.env is read in config/env.ts only: take a typed value from Config',
  },
  {
    pattern: /\b(?:Date\.now\(|new Date\(\)|performance\.now\()/,
    applies: isCore,
    message: 'time is an input of the core: use the Clock that was passed in',
  },
  {
    pattern: /\b(?:Math\.random\(|randomBytes\(|randomUUID\(|getRandomValues\()/,
    applies: isCore,
    message: 'chance is an input of the core: use the Chance that was passed in',
  },
  {
    pattern: /\b(?:setTimeout|setInterval|setImmediate)\(/,
    applies: isCore,
    message: 'timers are an input of the core: use clock.sleep, which a test can turn',
  },
  {
    pattern: /\.pipe\(/,
    applies: () => true,
    message: '.pipe() leaks the source when the target fails: use pipeline()',
  },
  {
    pattern: /\bBuffer\.concat\((?!.*\/\/ bounded:)/,
    applies: () => true,
    message:
      'Buffer.concat gathers what may be endless: stream it, or say what bounds it (// bounded: …)',
  },
  {
    pattern: /\bsql`|\.(?:selectFrom|insertInto|updateTable|deleteFrom)\(/,
    applies: (path) =>
      isServer(path) && !path.startsWith(`${server}db/`) && !path.endsWith('.sql.ts'),
    message: 'SQL lives in *.sql.ts of the room that owns the table',
  },
  {
    pattern: /\.status\(\d|statusCode\b/,
    applies: isCore,
    message: 'the core has no status numbers: throw a HubError, the door renders it',
  },
  {
    pattern: /: any(?:[,;>)\]=]| =)|<any>|\bas any\b|@ts-ignore|@ts-expect-error/,
    applies: () => true,
    message: 'any switches the checker off: narrow from unknown',
  },
  {
    pattern: /\bconsole\.\w+\(/,
    applies: isServer,
    message: 'the server speaks through its Log',
  },
]

const isComment = (line: string): boolean => /^\s*(?:\/\/|\*|\/\*)/.test(line)

const findIn = (source: Source): Finding[] => {
  const active = bans.filter((ban) => ban.applies(source.path))
  return source.lines.flatMap((text, index) =>
    isComment(text)
      ? []
      : active
          .filter(({ pattern }) => pattern.test(text))
          .map(({ message }) => ({ path: source.path, line: index + 1, message })),
  )
}

export const calls: Rule = (sources) => sources.filter(isProduct).flatMap(findIn)
