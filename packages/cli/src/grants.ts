/** Teams, resource groups and grants. */
import type { Command } from 'commander'
import type { RoleName } from '@weighhouse/server/db/schema.ts'
import { managing } from './managing.ts'
import { common, type CommonOptions, print, table } from './run.ts'
import { date, oneOf, parseDays, parseRepo, roles, wholeList } from './words.ts'

const teamCommands = (program: Command): void => {
  const team = program.command('team').description('members who are given access together')
  common(team.command('create <org> <team>'))
    .description('create a team')
    .action(async (org: string, name: string, options: CommonOptions) => {
      const made = await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.createTeam(ctx, permit, name),
      )
      print(options, made, [`Created team ${made.name}.`])
    })

  common(team.command('list <org>'))
    .description('list teams')
    .action(async (org: string, options: CommonOptions) => {
      const teams = await managing(options, org, ({ hub, permit }) =>
        hub.organisations.teams(permit, wholeList),
      )
      print(options, teams, table([['TEAM'], ...teams.map(({ name }) => [name])]))
    })

  common(team.command('members <org> <team>'))
    .description('list who is in a team')
    .action(async (org: string, name: string, options: CommonOptions) => {
      const members = await managing(options, org, ({ hub, permit }) =>
        hub.organisations.teamMembers(permit, name, wholeList),
      )
      print(options, members, table([['NAME'], ...members.map((one) => [one.name])]))
    })

  common(team.command('rename <org> <team> <name>'))
    .description('rename a team')
    .action(async (org: string, name: string, to: string, options: CommonOptions) => {
      const made = await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.renameTeam(ctx, permit, name, to),
      )
      print(options, made, [`Team ${name} is now called ${to}.`])
    })

  common(team.command('delete <org> <team>'))
    .description('delete a team, and what it was given')
    .action(async (org: string, name: string, options: CommonOptions) => {
      await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.deleteTeam(ctx, permit, name),
      )
      print(options, { name, deleted: true }, [`Deleted team ${name}.`])
    })

  for (const way of ['add', 'remove'] as const) {
    common(team.command(`${way} <org> <team> <user>`))
      .description(way === 'add' ? 'put a member into a team' : 'take a member out of a team')
      .action(async (org: string, name: string, user: string, options: CommonOptions) => {
        await managing(options, org, ({ hub, ctx, permit }) => {
          const { addToTeam, removeFromTeam } = hub.organisations
          return (way === 'add' ? addToTeam : removeFromTeam)(ctx, permit, name, user)
        })
        const said = way === 'add' ? 'is now in' : 'is no longer in'
        print(options, { team: name, user, [way]: true }, [`${user} ${said} ${name}.`])
      })
  }
}

const groupCommands = (program: Command): void => {
  const group = program
    .command('group')
    .description('resource groups: repositories that membership alone does not open')
  common(group.command('create <org> <group>'))
    .description('create a group')
    .action(async (org: string, name: string, options: CommonOptions) => {
      const made = await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.createGroup(ctx, permit, name),
      )
      print(options, made, [`Created group ${made.name}.`])
    })

  common(group.command('list <org>'))
    .description('list groups')
    .action(async (org: string, options: CommonOptions) => {
      const groups = await managing(options, org, ({ hub, permit }) =>
        hub.organisations.groups(permit, wholeList),
      )
      print(options, groups, table([['GROUP'], ...groups.map(({ name }) => [name])]))
    })

  common(group.command('delete <org> <group>'))
    .description('delete an empty group')
    .action(async (org: string, name: string, options: CommonOptions) => {
      await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.deleteGroup(ctx, permit, name),
      )
      print(options, { name, deleted: true }, [`Deleted group ${name}.`])
    })

  common(group.command('repos <org> <group>'))
    .description('list the repositories of a group')
    .action(async (org: string, name: string, options: CommonOptions) => {
      const repos = await managing(options, org, ({ hub, permit }) =>
        hub.organisations.groupRepos(permit, name, wholeList),
      )
      const rows = repos.map((one) => [one.path, one.type])
      print(options, repos, table([['REPOSITORY', 'TYPE'], ...rows]))
    })

  common(group.command('put <org> <group> <repo>'))
    .description('put [type:]OWNER/NAME into a group')
    .action(async (org: string, name: string, repo: string, options: CommonOptions) => {
      await managing(options, org, async ({ hub, ctx, permit }) => {
        const at = await hub.policy.require(ctx, 'repo.admin', parseRepo(repo))
        await hub.organisations.putInGroup(ctx, permit, name, at)
      })
      print(options, { group: name, repo }, [`${repo} is now in ${name}.`])
    })

  common(group.command('take-out <org> <repo>'))
    .description('take [type:]OWNER/NAME out of its group')
    .action(async (org: string, repo: string, options: CommonOptions) => {
      await managing(options, org, async ({ hub, ctx, permit }) => {
        const at = await hub.policy.require(ctx, 'repo.admin', parseRepo(repo))
        await hub.organisations.takeOutOfGroup(ctx, permit, at)
      })
      print(options, { repo, group: null }, [`${repo} is in no group.`])
    })
}

interface GrantOptions extends CommonOptions {
  role: RoleName
  repo?: string
  group?: string
  user?: string
  team?: string
  days?: number
}

/** The one of two that was given. */
const eitherOf = (one: string | undefined, other: string | undefined, words: string): string => {
  const given = one ?? other
  if (given !== undefined && (one === undefined || other === undefined)) return given
  throw new Error(`name one of ${words}`)
}

const grantAccess = (grant: Command): void => {
  common(grant.command('give <org>'))
    .description('give a role on a repository or group to a person or team')
    .requiredOption('--role <role>', `one of ${roles.join(', ')}`, oneOf(roles))
    .option('--repo <repo>', '[type:]OWNER/NAME')
    .option('--group <group>', 'a resource group')
    .option('--user <user>', 'a person')
    .option('--team <team>', 'a team')
    .option('--days <days>', 'days until it ends by itself', parseDays)
    .action(async (org: string, options: GrantOptions) => {
      const what = eitherOf(options.repo, options.group, '--repo and --group')
      const name = eitherOf(options.user, options.team, '--user and --team')
      const grantee = { kind: options.user === undefined ? 'team' : 'user', name } as const
      await managing(options, org, async ({ hub, ctx, permit }) => {
        const target =
          options.repo === undefined
            ? ({ kind: 'group', name: what } as const)
            : ({
                kind: 'repo',
                permit: await hub.policy.require(ctx, 'repo.admin', parseRepo(what)),
              } as const)
        const end =
          options.days === undefined ? {} : { expiresAtMs: hub.clock.nowMs() + options.days }
        await hub.organisations.grant(ctx, permit, { target, grantee, role: options.role, ...end })
      })
      const value = { org, target: what, grantee, role: options.role }
      print(options, value, [`${name} is now ${options.role} of ${what}.`])
    })
}

export const grantCommands = (program: Command): void => {
  teamCommands(program)
  groupCommands(program)
  const grant = program.command('grant').description('roles on single repositories and groups')
  grantAccess(grant)

  common(grant.command('list <org>'))
    .description('list what was given')
    .action(async (org: string, options: CommonOptions) => {
      const grants = await managing(options, org, ({ hub, permit }) =>
        hub.organisations.grants(permit, wholeList),
      )
      const rows = grants.map((one) => [
        one.target.name,
        `${one.grantee.kind} ${one.grantee.name}${one.isOutside ? ' (outside)' : ''}`,
        one.role,
        date(one.expiresAtMs),
        `${one.target.id} ${one.grantee.id}`,
      ])
      print(options, grants, table([['ON', 'TO', 'ROLE', 'ENDS', 'IDS'], ...rows]))
    })

  common(grant.command('withdraw <org> <target-id> <grantee-id>'))
    .description('take back what was given, by the ids that the list shows')
    .action(async (org: string, targetId: string, granteeId: string, options: CommonOptions) => {
      await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.withdraw(ctx, permit, { targetId, granteeId }),
      )
      print(options, { targetId, granteeId, withdrawn: true }, ['Withdrawn.'])
    })
}
