/** Users, organisations, tokens. */
import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { TokenId } from '@weighhouse/server/core/kernel/ids.ts'
import type { RoleName } from '@weighhouse/server/db/schema.ts'
import { common, type CommonOptions, print, readSecret, table, withHouse } from './run.ts'

const roles: readonly RoleName[] = [
  'admin',
  'maintainer',
  'write',
  'contributor',
  'read',
  'auditor',
]

const parseRole = (text: string): RoleName => {
  const found = roles.find((role) => role === text)
  if (found === undefined) throw new InvalidArgumentError(`Expected one of ${roles.join(', ')}.`)
  return found
}

const parseTokenRole = (text: string): 'read' | 'write' => {
  if (text === 'read' || text === 'write') return text
  throw new InvalidArgumentError('Expected read or write.')
}

const dayMs = 24 * 3600_000

const parseDays = (text: string): number => {
  const days = Number(text)
  if (Number.isFinite(days) && days > 0) return days
  throw new InvalidArgumentError('Expected a number of days above 0.')
}

const date = (atMs: number | undefined): string =>
  atMs === undefined ? '-' : new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')

const pageMax = 1_000

interface CreateOptions extends CommonOptions {
  admin?: boolean
  passwordStdin?: boolean
  passwordFile?: string
  email?: string
  fullName?: string
}

const secretOf = async (options: CreateOptions): Promise<string | undefined> => {
  if (options.passwordStdin === true) return readSecret()
  if (options.passwordFile === undefined) return undefined
  return (await readFile(options.passwordFile, 'utf8')).replace(/\r?\n[^]*$/, '')
}

const userCommands = (program: Command): void => {
  const user = program.command('user').description('people with an account')

  common(user.command('create <name>'))
    .description('create a user; without a password only tokens let it in')
    .option('--admin', 'may manage this hub')
    .option('--password-stdin', 'read the password from standard input')
    .option('--password-file <file>', 'read the password from a file')
    .option('--email <address>', 'mail address')
    .option('--full-name <name>', 'name shown to people')
    .action(async (name: string, options: CreateOptions) => {
      const password = await secretOf(options)
      const account = await withHouse(options, async ({ house: { hub }, ctx }) =>
        hub.identity.createUser(ctx, hub.policy.requireHub(ctx), {
          name,
          isAdmin: options.admin === true,
          ...(password === undefined ? {} : { password }),
          ...(options.email === undefined ? {} : { email: options.email }),
          ...(options.fullName === undefined ? {} : { fullName: options.fullName }),
        }),
      )
      const value = { id: account.id, name: account.name, admin: account.isAdmin }
      print(options, value, [`Created user ${account.name}${account.isAdmin ? ' (admin)' : ''}.`])
    })

  common(user.command('list'))
    .description('list users')
    .action(async (options: CommonOptions) => {
      const users = await withHouse(options, ({ house: { hub } }) =>
        hub.identity.list('user', { after: '', limit: pageMax }),
      )
      const value = users.map((one) => ({
        id: one.id,
        name: one.name,
        admin: one.isAdmin,
        disabled: one.isDisabled,
      }))
      const rows = users.map((one) => [
        one.name,
        one.isAdmin ? 'admin' : 'user',
        one.isDisabled ? 'disabled' : 'active',
        date(one.createdAtMs),
      ])
      print(options, value, table([['NAME', 'KIND', 'STATE', 'CREATED'], ...rows]))
    })

  common(user.command('disable <name>'))
    .description('end every access of a user at once; nothing is deleted')
    .action(async (name: string, options: CommonOptions) => {
      await withHouse(options, async ({ house: { hub }, ctx }) =>
        hub.identity.disableUser(ctx, hub.policy.requireHub(ctx), name),
      )
      print(options, { name, disabled: true }, [`Disabled user ${name}.`])
    })
}

const orgCommands = (program: Command): void => {
  const org = program.command('org').description('organisations and their members')

  common(org.command('create <name>'))
    .description('create an organisation')
    .requiredOption('--owner <user>', 'its first administrator')
    .action(async (name: string, options: CommonOptions & { owner: string }) => {
      const account = await withHouse(options, async ({ house: { hub }, ctx }) =>
        hub.identity.createOrg(ctx, hub.policy.requireHub(ctx), name, options.owner),
      )
      const value = { id: account.id, name: account.name, owner: options.owner }
      print(options, value, [`Created organisation ${account.name}, owned by ${options.owner}.`])
    })

  common(org.command('list'))
    .description('list organisations')
    .action(async (options: CommonOptions) => {
      const orgs = await withHouse(options, ({ house: { hub } }) =>
        hub.identity.list('org', { after: '', limit: pageMax }),
      )
      const value = orgs.map(({ id, name }) => ({ id, name }))
      const rows = orgs.map((one) => [one.name, date(one.createdAtMs)])
      print(options, value, table([['NAME', 'CREATED'], ...rows]))
    })

  const member = org.command('member').description('members of organisations')

  common(member.command('add <org> <user>'))
    .description('add a member, or change its role')
    .requiredOption('--role <role>', `one of ${roles.join(', ')}`, parseRole)
    .action(async (name: string, user: string, options: CommonOptions & { role: RoleName }) => {
      await withHouse(options, async ({ house: { hub }, ctx }) => {
        const permit = await hub.policy.requireNamespace(ctx, 'namespace.manage', name)
        await hub.identity.addMember(ctx, permit, user, options.role)
      })
      const value = { org: name, user, role: options.role }
      print(options, value, [`${user} is now ${options.role} in ${name}.`])
    })
}

interface TokenOptions extends CommonOptions {
  user: string
  name: string
  role: 'read' | 'write'
  expiresDays?: number
}

const tokenCommands = (program: Command): void => {
  const token = program.command('token').description('tokens by which programs sign in')

  common(token.command('create'))
    .description('create a token; it is shown once')
    .requiredOption('--user <user>', 'whose token it is')
    .requiredOption('--name <label>', 'what it is for')
    .requiredOption('--role <role>', 'read or write', parseTokenRole)
    .option('--expires-days <days>', 'days until it ends by itself', parseDays)
    .action(async (options: TokenOptions) => {
      const { token: made, secret } = await withHouse(options, async ({ house: { hub }, ctx }) =>
        hub.identity.createToken(ctx, hub.policy.requireHub(ctx), {
          userName: options.user,
          label: options.name,
          role: options.role,
          ...(options.expiresDays === undefined ? {} : { lifeMs: options.expiresDays * dayMs }),
        }),
      )
      const value = { token: secret, id: made.id, name: made.label, role: made.role }
      print(options, value, [secret])
    })

  common(token.command('list'))
    .description("list a user's tokens, without their secrets")
    .requiredOption('--user <user>', 'whose tokens')
    .action(async (options: CommonOptions & { user: string }) => {
      const tokens = await withHouse(options, async ({ house: { hub }, ctx }) =>
        (await hub.identity.tokensOf(hub.policy.requireHub(ctx), options.user)).list({
          after: '',
          limit: pageMax,
        }),
      )
      const rows = tokens.map((one) => [
        one.id,
        one.label,
        one.role,
        `…${one.hint}`,
        one.isRevoked ? 'revoked' : 'active',
        date(one.lastUsedAtMs),
      ])
      const head = ['ID', 'NAME', 'ROLE', 'ENDS IN', 'STATE', 'LAST USED']
      print(options, tokens, table([head, ...rows]))
    })

  common(token.command('revoke <id>'))
    .description('end a token at once')
    .action(async (id: string, options: CommonOptions) => {
      await withHouse(options, async ({ house: { hub }, ctx }) =>
        // A cast because an unknown id is answered as such.
        hub.identity.revokeToken(ctx, hub.policy.requireHub(ctx), id as TokenId),
      )
      print(options, { id, revoked: true }, [`Revoked token ${id}.`])
    })
}

export const accountCommands = (program: Command): void => {
  userCommands(program)
  orgCommands(program)
  tokenCommands(program)
}
