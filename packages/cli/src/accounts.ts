/** Users and organisations as such; what goes on in them is beside this file. */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { organisationCommands } from './organisations.ts'
import { common, type CommonOptions, print, readSecret, table, withHouse } from './run.ts'
import { tokenCommands } from './tokens.ts'
import { date, wholeList } from './words.ts'

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
      const account = await withHouse(
        options,
        async ({ house: { hub }, ctx }) =>
          hub.identity.createUser(ctx, hub.policy.requireHub(ctx), {
            name,
            isAdmin: options.admin === true,
            ...(password === undefined ? {} : { password }),
            ...(options.email === undefined ? {} : { email: options.email }),
            ...(options.fullName === undefined ? {} : { fullName: options.fullName }),
          }),
        { begins: true },
      )
      const value = { id: account.id, name: account.name, admin: account.isAdmin }
      print(options, value, [`Created user ${account.name}${account.isAdmin ? ' (admin)' : ''}.`])
    })

  common(user.command('list'))
    .description('list users')
    .action(async (options: CommonOptions) => {
      const users = await withHouse(options, ({ house: { hub } }) =>
        hub.identity.list('user', wholeList),
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

  common(user.command('recover <name>'))
    .description('print a link, good once and for a day, by which a user sets a new password')
    .option('--drop-second-factor', 'the link also turns off the second factor')
    .action(async (name: string, options: CommonOptions & { dropSecondFactor?: boolean }) => {
      const dropsSecondFactor = options.dropSecondFactor === true
      const { urlForCommand } = await import('@weighhouse/server/command.ts')
      const url = await withHouse(options, async ({ house, ctx }) => {
        const { policy, signin } = house.hub
        const wish = { name, dropsSecondFactor }
        const secret = await signin.offerRecovery(ctx, policy.requireHub(ctx), wish)
        return `${urlForCommand(house)}/recover/${secret}`
      })
      print(options, { name, url, dropsSecondFactor }, [
        `Give this to ${name}, and to nobody else. It works once, until tomorrow:`,
        url,
      ])
    })
}

const orgCommands = (program: Command): Command => {
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
        hub.identity.list('org', wholeList),
      )
      const value = orgs.map(({ id, name }) => ({ id, name }))
      const rows = orgs.map((one) => [one.name, date(one.createdAtMs)])
      print(options, value, table([['NAME', 'CREATED'], ...rows]))
    })
  return org
}

export const accountCommands = (program: Command): void => {
  userCommands(program)
  organisationCommands(program, orgCommands(program))
  tokenCommands(program)
}
