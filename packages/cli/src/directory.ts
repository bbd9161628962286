/** The directory of an organisation: how it is doing, and the end of its brake. */
import type { Command } from 'commander'
import { managing } from './managing.ts'
import { common, type CommonOptions, print } from './run.ts'
import { date } from './words.ts'

export const directoryCommands = (org: Command): void => {
  const directory = org
    .command('directory')
    .description('where an organisation’s people come from (SCIM)')
  common(directory.command('show <org>'))
    .description('show what it holds, and whether it is braked')
    .action(async (name: string, options: CommonOptions) => {
      const state = await managing(options, name, ({ hub, permit }) =>
        hub.provisioning.directory(permit),
      )
      const braked = state.brakedAtMs === undefined ? 'no' : `since ${date(state.brakedAtMs)}`
      print(options, state, [
        `users: ${state.users}, of which ${state.activeUsers} active`,
        `groups: ${state.groups}`,
        `last change: ${date(state.changedAtMs)}`,
        `braked: ${braked}`,
      ])
    })

  common(directory.command('resume <org>'))
    .description('let it deactivate people again')
    .action(async (name: string, options: CommonOptions) => {
      await managing(options, name, ({ hub, ctx, permit }) => hub.provisioning.resume(ctx, permit))
      print(options, { org: name, resumed: true }, [`The directory of ${name} goes on.`])
    })
}
