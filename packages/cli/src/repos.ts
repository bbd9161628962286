/** Repositories. */
import { type Command, InvalidArgumentError } from 'commander'
import type { HoldKind, RepoType, Visibility } from '@weighhouse/server/db/schema.ts'
import { common, type CommonOptions, print, table, withHouse } from './run.ts'

const types: readonly RepoType[] = ['model', 'dataset', 'space', 'kernel']
const visibilities: readonly Visibility[] = ['public', 'internal', 'private']

/** A parser of one of these words. */
export const choice =
  <T extends string>(known: readonly T[]) =>
  (text: string): T => {
    const found = known.find((one) => one === text)
    if (found === undefined) throw new InvalidArgumentError(`Expected one of ${known.join(', ')}.`)
    return found
  }

export interface RepoOptions extends CommonOptions {
  type: RepoType
}

/** Adds the options that every command about one repository has. */
export const typed = (command: Command): Command =>
  common(command).option('--type <type>', types.join(', '), choice(types), 'model')

const holds: readonly HoldKind[] = ['legal_hold', 'takedown', 'quarantine']

const setHold = async (
  path: string,
  kind: HoldKind | null,
  options: RepoOptions & { reason: string },
): Promise<void> => {
  await withHouse(options, async ({ house: { hub }, ctx }) => {
    const by = hub.policy.requireHub(ctx)
    const permit = await hub.policy.require(ctx, 'repo.see', { type: options.type, path })
    await hub.repos.setHold(ctx, by, permit, { kind, reason: options.reason })
  })
  print(options, { path, hold: kind }, [
    `${path} is now ${kind === null ? 'free' : `held: ${kind}`}.`,
  ])
}

const holdCommands = (repo: Command): void => {
  typed(repo.command('hold <repo>'))
    .argument('<kind>', holds.join(', '), choice(holds))
    .description('let nobody read or change OWNER/NAME, whatever their rights')
    .requiredOption('--reason <text>', 'for the trail')
    .action((path: string, kind: HoldKind, options: RepoOptions & { reason: string }) =>
      setHold(path, kind, options),
    )

  typed(repo.command('release <repo>'))
    .description('lift the hold of OWNER/NAME')
    .requiredOption('--reason <text>', 'for the trail')
    .action((path: string, options: RepoOptions & { reason: string }) =>
      setHold(path, null, options),
    )
}

const split = (id: string): { owner: string; name: string } => {
  const [owner, name, more] = id.split('/')
  if (owner === undefined || name === undefined || more !== undefined) {
    throw new Error(`a repository is named OWNER/NAME, found "${id}"`)
  }
  return { owner, name }
}

export const repoCommands = (program: Command): void => {
  const repo = program.command('repo').description('repositories')

  typed(repo.command('list'))
    .description('list repositories, newest first')
    .option('--owner <name>', 'of one user or organisation')
    .action(async (options: RepoOptions & { owner?: string }) => {
      const repos = await withHouse(options, async ({ house: { hub }, ctx }) => {
        const author = options.owner === undefined ? {} : { author: options.owner }
        const wish = { type: options.type, sort: 'createdAt', limit: 1000, ...author } as const
        return (await hub.search.list(ctx, wish)).repos.map((listed) => listed.repo)
      })
      const value = repos.map(({ id, type, path, visibility }) => ({ id, type, path, visibility }))
      const rows = repos.map((one) => [one.path, one.type, one.visibility])
      print(options, value, table([['REPOSITORY', 'TYPE', 'VISIBILITY'], ...rows]))
    })

  typed(repo.command('create <repo>'))
    .description('create OWNER/NAME')
    .option('--visibility <v>', visibilities.join(', '), choice(visibilities), 'private')
    .action(async (id: string, options: RepoOptions & { visibility: Visibility }) => {
      const { owner, name } = split(id)
      const made = await withHouse(options, async ({ house: { hub }, ctx }) => {
        const permit = await hub.policy.requireNamespace(ctx, 'namespace.create', owner)
        const wish = { type: options.type, name, visibility: options.visibility }
        return hub.commits.createRepo(ctx, permit, wish, [])
      })
      const { id: repoId, type, path, visibility } = made
      print(options, { id: repoId, type, path, visibility }, [
        `Created ${visibility} ${type} ${path}.`,
      ])
    })

  typed(repo.command('delete <repo>'))
    .description('delete OWNER/NAME with its history; the disk is freed after the grace period')
    .action(async (path: string, options: RepoOptions) => {
      await withHouse(options, async ({ house: { hub }, ctx }) => {
        const permit = await hub.policy.require(ctx, 'repo.admin', { type: options.type, path })
        await hub.organisations.deleteRepo(ctx, permit)
      })
      print(options, { path, deleted: true }, [`Deleted ${options.type} ${path}.`])
    })

  typed(repo.command('visibility <repo>'))
    .argument('<visibility>', visibilities.join(', '), choice(visibilities))
    .description('set who may see OWNER/NAME')
    .action(async (path: string, visibility: Visibility, options: RepoOptions) => {
      await withHouse(options, async ({ house: { hub }, ctx }) => {
        const permit = await hub.policy.require(ctx, 'repo.admin', { type: options.type, path })
        await hub.repos.setVisibility(ctx, permit, visibility)
      })
      print(options, { path, visibility }, [`${path} is now ${visibility}.`])
    })

  holdCommands(repo)
}
