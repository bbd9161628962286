/** Organisations: members, service accounts, teams, groups, invitations, rules, and what waits for a second person. */
import type { Command } from 'commander'
import type { PendingActId } from '@weighhouse/server/core/kernel/ids.ts'
import type { RoleName } from '@weighhouse/server/db/schema.ts'
import { directoryCommands } from './directory.ts'
import { grantCommands } from './grants.ts'
import { managing } from './managing.ts'
import { common, type CommonOptions, print, table } from './run.ts'
import { date, oneOf, parseDays, roles, wholeList } from './words.ts'

const roleList = `one of ${roles.join(', ')}`
const parseRole = oneOf(roles)

interface MemberOptions extends CommonOptions {
  role: RoleName
  days?: number
}

const memberCommands = (org: Command): void => {
  const member = org.command('member').description('members of organisations')
  common(member.command('add <org> <user>'))
    .description('add a member, or change its role')
    .requiredOption('--role <role>', roleList, parseRole)
    .option('--days <days>', 'days until the membership ends by itself', parseDays)
    .action(async (name: string, user: string, options: MemberOptions) => {
      await managing(options, name, ({ hub, ctx, permit }) => {
        const end = options.days === undefined ? undefined : hub.clock.nowMs() + options.days
        return hub.identity.addMember(ctx, permit, user, options.role, end)
      })
      const value = { org: name, user, role: options.role }
      print(options, value, [`${user} is now ${options.role} in ${name}.`])
    })

  common(member.command('remove <org> <user>'))
    .description('end a membership, and the places in teams that came with it')
    .action(async (name: string, user: string, options: CommonOptions) => {
      await managing(options, name, ({ hub, ctx, permit }) =>
        hub.identity.removeMember(ctx, permit, user),
      )
      print(options, { org: name, user, removed: true }, [`${user} is no member of ${name}.`])
    })

  common(member.command('list <org>'))
    .description('list members with their roles')
    .action(async (name: string, options: CommonOptions) => {
      const members = await managing(options, name, ({ hub, permit }) =>
        hub.identity.members(permit, wholeList),
      )
      const rows = members.map((one) => [one.name, one.role, date(one.expiresAtMs)])
      print(options, members, table([['NAME', 'ROLE', 'ENDS'], ...rows]))
    })
}

const serviceCommands = (org: Command): void => {
  const service = org.command('service').description('accounts of programs, without a password')
  common(service.command('create <org> <name>'))
    .description('create one; give it a role with `org member add`, a secret with `token create`')
    .action(async (name: string, account: string, options: CommonOptions) => {
      const made = await managing(options, name, ({ hub, ctx, permit }) =>
        hub.identity.createService(ctx, permit, account),
      )
      print(options, { id: made.id, name: made.name, org: name }, [`Created ${made.name}.`])
    })

  common(service.command('list <org>'))
    .description('list them')
    .action(async (name: string, options: CommonOptions) => {
      const found = await managing(options, name, ({ hub, permit }) =>
        hub.identity.listServices(permit, wholeList),
      )
      const rows = found.map((one) => [one.name, one.isDisabled ? 'disabled' : 'active'])
      print(options, found, table([['NAME', 'STATE'], ...rows]))
    })

  common(service.command('disable <org> <name>'))
    .description('end every access of one at once')
    .action(async (name: string, account: string, options: CommonOptions) => {
      await managing(options, name, ({ hub, ctx, permit }) =>
        hub.identity.disableService(ctx, permit, account),
      )
      print(options, { name: account, disabled: true }, [`Disabled ${account}.`])
    })
}

interface PolicyOptions extends CommonOptions {
  tokenDays?: string
  tokenApproval?: 'on' | 'off'
  twoPeople?: 'on' | 'off'
}

const onOff = oneOf(['on', 'off'])

const lifeCommands = (org: Command): void => {
  common(org.command('policy <org>'))
    .description('show the rules of an organisation, or change them')
    .option('--token-days <days>', 'the longest life of tokens that are accepted, or "any"')
    .option('--token-approval <state>', 'on: tokens are approved one by one', onOff)
    .option('--two-people <state>', 'on: dangerous acts need a second administrator', onOff)
    .action(async (name: string, options: PolicyOptions) => {
      const { tokenDays: days, tokenApproval, twoPeople } = options
      const wish = {
        ...(days === undefined ? {} : { tokenLifeMsMax: days === 'any' ? null : parseDays(days) }),
        ...(tokenApproval === undefined ? {} : { needsTokenApproval: tokenApproval === 'on' }),
        ...(twoPeople === undefined ? {} : { needsTwoPeople: twoPeople === 'on' }),
      }
      const rules = await managing(options, name, ({ hub, ctx, permit }) =>
        Object.keys(wish).length === 0
          ? hub.organisations.rules(permit)
          : hub.organisations.setRules(ctx, permit, wish),
      )
      print(options, rules, [
        `token life: ${rules.tokenLifeMsMax === null ? 'any' : `${rules.tokenLifeMsMax / 86_400_000} days`}`,
        `token approval: ${rules.needsTokenApproval ? 'on' : 'off'}`,
        `two people: ${rules.needsTwoPeople ? 'on' : 'off'}`,
      ])
    })

  common(org.command('transfer <org>'))
    .description('another administrator takes over, and the former one leaves')
    .requiredOption('--from <user>', 'who leaves')
    .requiredOption('--to <user>', 'who takes over')
    .action(async (name: string, options: CommonOptions & { from: string; to: string }) => {
      const { from: fromName, to: toName } = options
      await managing(options, name, ({ hub, ctx, permit }) =>
        hub.organisations.transferOrg(ctx, permit, { fromName, toName }),
      )
      print(options, { org: name, from: fromName, to: toName }, [`${name} is now ${toName}'s.`])
    })

  common(org.command('delete <org>'))
    .description('close an organisation without repositories; its name stays taken')
    .action(async (name: string, options: CommonOptions) => {
      await managing(options, name, ({ hub, ctx, permit }) =>
        hub.organisations.deleteOrg(ctx, permit),
      )
      print(options, { org: name, deleted: true }, [`Deleted organisation ${name}.`])
    })
}

interface InviteOptions extends MemberOptions {
  email?: string
}

const inviteCommands = (program: Command): void => {
  const invite = program.command('invite').description('one-time links that make members')
  common(invite.command('create <org>'))
    .description('make one; its secret is shown once, and accepted by whoever is signed in')
    .requiredOption('--role <role>', roleList, parseRole)
    .option('--email <address>', 'only an account with this address may accept')
    .option('--days <days>', 'how long it is good for (default: 7)', parseDays)
    .action(async (org: string, options: InviteOptions) => {
      const { invitation, secret } = await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.invite(ctx, permit, {
          role: options.role,
          ...(options.email === undefined ? {} : { email: options.email }),
          ...(options.days === undefined ? {} : { lifeMs: options.days }),
        }),
      )
      print(options, { ...invitation, secret }, [secret])
    })

  common(invite.command('list <org>'))
    .description('list open invitations')
    .action(async (org: string, options: CommonOptions) => {
      const found = await managing(options, org, ({ hub, permit }) =>
        hub.organisations.invitations(permit, wholeList),
      )
      const rows = found.map((one) => [one.id, one.role, one.email ?? '-', date(one.expiresAtMs)])
      print(options, found, table([['ID', 'ROLE', 'FOR', 'EXPIRES'], ...rows]))
    })

  common(invite.command('revoke <org> <id>'))
    .description('take an invitation back')
    .action(async (org: string, id: string, options: CommonOptions) => {
      await managing(options, org, ({ hub, ctx, permit }) =>
        hub.organisations.revokeInvitation(ctx, permit, id),
      )
      print(options, { id, revoked: true }, ['Revoked the invitation.'])
    })
}

const approvalCommands = (program: Command): void => {
  const approval = program.command('approval').description('acts that need a second person')
  common(approval.command('list <org>'))
    .description('list what waits')
    .option('--all', 'also what was decided')
    .action(async (org: string, options: CommonOptions & { all?: boolean }) => {
      const found = await managing(options, org, ({ hub, permit }) =>
        hub.organisations.pendingActs(permit, { ...wholeList, isOpen: options.all !== true }),
      )
      const rows = found.map((one) => [one.id, one.act.act, one.state, one.askedBy])
      print(options, found, table([['ID', 'ACT', 'STATE', 'ASKED BY'], ...rows]))
    })

  for (const decision of ['approve', 'refuse'] as const) {
    common(approval.command(`${decision} <org> <id>`))
      .description(decision === 'approve' ? 'agree, and have it done' : 'refuse it')
      .action(async (org: string, id: string, options: CommonOptions) => {
        await managing(options, org, ({ hub, ctx, permit }) => {
          const { approveAct, refuseAct } = hub.organisations
          const decide = decision === 'approve' ? approveAct : refuseAct
          // A cast because an unknown id is answered as such.
          return decide(ctx, permit, id as PendingActId)
        })
        print(options, { id, decision }, [`${id}: ${decision}d.`])
      })
  }
}

/** `org` is the command that exists; the others are new beside it. */
export const organisationCommands = (program: Command, org: Command): void => {
  memberCommands(org)
  serviceCommands(org)
  lifeCommands(org)
  directoryCommands(org)
  grantCommands(program)
  inviteCommands(program)
  approvalCommands(program)
}
