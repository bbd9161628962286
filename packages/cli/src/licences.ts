/** Licences: what the rules say of a folder before it is pushed, and of a repository that is there. */
import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Finding, Proposal, Verdict } from '@weighhouse/formats/licence/finding.ts'
import { sentencesOf } from '@weighhouse/formats/licence/sentences.ts'
import type { EffectiveTerms } from '@weighhouse/formats/licence/terms.ts'
import type { AccountId } from '@weighhouse/server/core/kernel/ids.ts'
import type { Command } from 'commander'
import { type RepoOptions, typed } from './repos.ts'
import { print, type Session, withHouse } from './run.ts'

interface Said {
  readonly path: string
  readonly expression: string | undefined
  readonly verdict: Verdict
  readonly terms: EffectiveTerms
  readonly findings: readonly Finding[]
  readonly proposal: Proposal
}

interface CheckOptions extends RepoOptions {
  as?: string
}

const isFolder = async (target: string): Promise<boolean> => {
  try {
    return (await stat(target)).isDirectory()
  } catch {
    return false
  }
}

/** The card of a folder as if it were that of a repo; without a card there is nothing to say. */
const ofFolder = async (
  { house: { hub }, ctx }: Session,
  folder: string,
  as: string | undefined,
): Promise<Said> => {
  const path = as ?? `me/${basename(resolve(folder))}`
  const [owner = '', name] = path.split('/')
  if (name === undefined) throw new Error(`a repository is named OWNER/NAME, found "${path}"`)
  const card = await readFile(join(folder, 'README.md'), 'utf8')
  // A cast because an owner that is not here owns nothing here.
  const ownerId = (await hub.identity.find(owner))?.id ?? ('' as AccountId)
  return { path, ...(await hub.lineage.check(ctx, { ownerId, path, card })) }
}

const ofRepo = async (
  { house: { hub }, ctx }: Session,
  path: string,
  type: RepoOptions['type'],
): Promise<Said> => {
  const permit = await hub.policy.require(ctx, 'repo.read', { type, path })
  return { path: permit.repo.path, ...(await hub.lineage.licence(ctx, permit)) }
}

const linesOf = ({ path, expression, verdict, terms, findings, proposal }: Said): string[] => [
  `${path}: ${verdict} (${expression ?? 'no licence that is clear'})`,
  ...findings.map(({ rule, level, sentence }) => `  ${level} ${rule}: ${sentence}`),
  ...(proposal.expression === undefined ? [] : [`  proposed license: ${proposal.expression}`]),
  ...(proposal.name === undefined ? [] : [`  proposed name: ${proposal.name}`]),
  ...sentencesOf(terms).map((one) => `  ${one}`),
]

export const licenceCommands = (program: Command): void => {
  const licence = program.command('licence').description('licences and lineage')

  typed(licence.command('check <target>'))
    .description('judge a folder with a README.md, or OWNER/NAME, by what it was made from')
    .option('--as <repo>', 'OWNER/NAME that the folder is to become')
    .action(async (target: string, options: CheckOptions) => {
      const isHere = await isFolder(target)
      const said = await withHouse(options, (session) =>
        isHere ? ofFolder(session, target, options.as) : ofRepo(session, target, options.type),
      )
      print(options, said, linesOf(said))
      // For scripts: what may not be shown to others fails.
      if (said.verdict === 'block' || said.verdict === 'unknown') process.exitCode = 1
    })
}
