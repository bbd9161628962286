/** Apps that ask people for tokens on the hub's page. */
import type { Command } from 'commander'
import type { App } from '@weighhouse/server/core/hub.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import type { House } from '@weighhouse/server/house.ts'
import { common, type CommonOptions, print, table, withHouse } from './run.ts'
import { date, gather, wholeList } from './words.ts'

interface CreateOptions extends CommonOptions {
  redirect: readonly string[]
  website?: string
  confidential?: boolean
}

const deskOf = ({ hub }: House, ctx: Ctx) => hub.oauth.allApps(hub.policy.requireHub(ctx))

const kindOf = ({ isConfidential, isSelfRegistered }: App): string =>
  `${isConfidential ? 'confidential' : 'public'}${isSelfRegistered ? ', registered itself' : ''}`

const createCommand = (app: Command): void => {
  common(app.command('create <name>'))
    .description('register an app; the secret of a confidential one is shown once')
    .requiredOption(
      '--redirect <uri>',
      'where it has people sent back to, may be repeated: https://…, http://127.0.0.1/…, com.example.app:/…',
      gather,
    )
    .option('--website <url>', 'shown to the people who are asked')
    .option('--confidential', 'it runs on a server and can keep a secret')
    .action(async (name: string, options: CreateOptions) => {
      const { app: made, secret } = await withHouse(options, ({ house, ctx }) =>
        deskOf(house, ctx).create(ctx, {
          name,
          redirectUris: options.redirect,
          ...(options.website === undefined ? {} : { website: options.website }),
          isConfidential: options.confidential === true,
        }),
      )
      const lines = [
        `client id: ${made.id}`,
        ...(secret === undefined ? [] : [`secret: ${secret}`]),
      ]
      print(options, { id: made.id, name: made.name, secret: secret ?? null }, lines)
    })
}

export const appCommands = (program: Command): void => {
  const app = program.command('app').description('apps that ask people for tokens')
  createCommand(app)

  common(app.command('list'))
    .description('list the apps of the hub and of its people, without their secrets')
    .action(async (options: CommonOptions) => {
      const apps = await withHouse(options, ({ house, ctx }) => deskOf(house, ctx).list(wholeList))
      const rows = apps.map((one) => [
        one.id,
        one.name,
        kindOf(one),
        date(one.usedAtMs),
        one.redirectUris.join(' '),
      ])
      print(options, apps, table([['ID', 'NAME', 'KIND', 'LAST USED', 'REDIRECTS'], ...rows]))
    })

  common(app.command('rotate <id>'))
    .description('a new secret for a confidential app; the old one ends at once')
    .action(async (id: string, options: CommonOptions) => {
      const { secret } = await withHouse(options, ({ house, ctx }) =>
        deskOf(house, ctx).rotate(ctx, id),
      )
      print(options, { id, secret }, [`secret: ${secret}`])
    })

  common(app.command('delete <id>'))
    .description('remove an app and end every token that it was given')
    .action(async (id: string, options: CommonOptions) => {
      await withHouse(options, ({ house, ctx }) => deskOf(house, ctx).remove(ctx, id))
      print(options, { id, deleted: true }, [`Deleted app ${id}; its tokens have ended.`])
    })

  common(app.command('rotate-key'))
    .description(
      'sign ID tokens with a new key; what the old one signed is verified for another day',
    )
    .action(async (options: CommonOptions) => {
      const { id } = await withHouse(options, ({ house: { hub }, ctx }) =>
        hub.oauth.rotateKey(ctx, hub.policy.requireHub(ctx)),
      )
      print(options, { id }, [`ID tokens are signed with key ${id} from now on.`])
    })
}
