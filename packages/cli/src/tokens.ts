/** Tokens by which programs sign in. */
import { type Command, InvalidArgumentError } from 'commander'
import type { ScopeWish, Token } from '@weighhouse/server/core/identity/index.ts'
import type { Permission, TokenRole } from '@weighhouse/server/core/kernel/actor.ts'
import type { TokenId } from '@weighhouse/server/core/kernel/ids.ts'
import { common, type CommonOptions, print, table, withHouse } from './run.ts'
import { date, gather, oneOf, parseDays, parseRepo, wholeList } from './words.ts'

const tokenRoles: readonly TokenRole[] = ['read', 'write', 'fineGrained']

interface TokenOptions extends CommonOptions {
  user: string
  name: string
  role: TokenRole
  expiresDays?: number
  allow?: readonly string[]
  readGated?: boolean
  ip?: readonly string[]
}

/** `repo:model:ann/one=repo.write,repo.manage`, `namespace:acme=repo.write`, `all=repo.content.read`. */
const parseEntry = (text: string): ScopeWish['entries'][number] => {
  const equals = text.lastIndexOf('=')
  const what = text.slice(0, equals)
  // A cast because what is no permission is told by the hub, with those there are.
  const permissions = text.slice(equals + 1).split(',') as Permission[]
  if (equals > 0 && what === 'all') return { target: { kind: 'all' }, permissions }
  if (equals > 0 && what.startsWith('namespace:')) {
    return { target: { kind: 'account', name: what.slice(10) }, permissions }
  }
  if (equals > 0 && what.startsWith('repo:')) {
    return { target: { kind: 'repo', ...parseRepo(what.slice(5)) }, permissions }
  }
  throw new InvalidArgumentError(
    'Expected repo:[type:]OWNER/NAME=…, namespace:NAME=… or all=…, with permissions after the equals sign.',
  )
}

const wishOf = (options: TokenOptions) => ({
  label: options.name,
  role: options.role,
  ...(options.expiresDays === undefined ? {} : { lifeMs: options.expiresDays }),
  ...(options.ip === undefined ? {} : { ipRanges: options.ip }),
  ...(options.role === 'fineGrained'
    ? {
        scope: {
          readsGated: options.readGated === true,
          entries: (options.allow ?? []).map(parseEntry),
        },
      }
    : {}),
})

const stateOf = (one: Token): string => one.endedWhy ?? (one.isRevoked ? 'revoked' : 'active')

const createCommand = (token: Command): void => {
  common(token.command('create'))
    .description('create a token; it is shown once')
    .requiredOption('--user <user>', 'whose token it is: a person or a service account')
    .requiredOption('--name <label>', 'what it is for')
    .requiredOption('--role <role>', 'read, write or fineGrained', parseTokenRole)
    .option('--expires-days <days>', 'days until it ends by itself', parseDays)
    .option(
      '--allow <target=permissions>',
      'what a fine-grained token may do, may be repeated: repo:OWNER/NAME=repo.write, namespace:NAME=…, all=…',
      gather,
    )
    .option('--read-gated', 'a fine-grained token that may use access to gated repositories')
    .option('--ip <range>', 'accepted from these addresses only, may be repeated', gather)
    .action(async (options: TokenOptions) => {
      const { token: made, secret } = await withHouse(options, async ({ house: { hub }, ctx }) =>
        hub.identity.createToken(ctx, hub.policy.requireHub(ctx), {
          userName: options.user,
          ...wishOf(options),
        }),
      )
      const value = { token: secret, id: made.id, name: made.label, role: made.role }
      print(options, value, [secret])
    })
}

const parseTokenRole = (text: string): TokenRole => {
  const found = tokenRoles.find((role) => role === text)
  if (found !== undefined) return found
  throw new InvalidArgumentError('Expected read or write, or fineGrained.')
}

const lookAfter = (token: Command): void => {
  common(token.command('list'))
    .description("list a user's tokens, without their secrets")
    .requiredOption('--user <user>', 'whose tokens')
    .action(async (options: CommonOptions & { user: string }) => {
      const tokens = await withHouse(options, async ({ house: { hub }, ctx }) =>
        (await hub.identity.tokensOf(hub.policy.requireHub(ctx), options.user)).list(wholeList),
      )
      const rows = tokens.map((one) => [
        one.id,
        one.label,
        one.role,
        `…${one.hint}`,
        stateOf(one),
        date(one.expiresAtMs),
        date(one.lastUsedAtMs),
      ])
      const head = ['ID', 'NAME', 'ROLE', 'ENDS IN', 'STATE', 'EXPIRES', 'LAST USED']
      print(options, tokens, table([head, ...rows]))
    })

  common(token.command('rename <id> <name>'))
    .description("rename one of a user's tokens")
    .requiredOption('--user <user>', 'whose token')
    .action(async (id: string, name: string, options: CommonOptions & { user: string }) => {
      await withHouse(options, async ({ house: { hub }, ctx }) => {
        const desk = await hub.identity.tokensOf(hub.policy.requireHub(ctx), options.user)
        // A cast because an unknown id is answered as such, here and below.
        await desk.rename(ctx, id as TokenId, name)
      })
      print(options, { id, name }, [`Token ${id} is now called ${name}.`])
    })

  common(token.command('rotate <id>'))
    .description('a new secret with the same powers; the old one ends at once, or later')
    .requiredOption('--user <user>', 'whose token')
    .option('--overlap-days <days>', 'how long the old secret goes on', parseDays)
    .action(async (id: string, options: CommonOptions & { user: string; overlapDays?: number }) => {
      const { token: made, secret } = await withHouse(options, async ({ house: { hub }, ctx }) => {
        const desk = await hub.identity.tokensOf(hub.policy.requireHub(ctx), options.user)
        return desk.rotate(ctx, id as TokenId, options.overlapDays)
      })
      print(options, { token: secret, id: made.id, replaces: id }, [secret])
    })

  common(token.command('revoke <id>'))
    .description('end a token at once')
    .action(async (id: string, options: CommonOptions) => {
      await withHouse(options, async ({ house: { hub }, ctx }) =>
        hub.identity.revokeToken(ctx, hub.policy.requireHub(ctx), id as TokenId),
      )
      print(options, { id, revoked: true }, [`Revoked token ${id}.`])
    })
}

interface ApprovalOptions extends CommonOptions {
  state: 'approved' | 'denied'
}

const approvalCommands = (token: Command): void => {
  common(token.command('pending <org>'))
    .description('tokens that wait for the approval of an organisation')
    .action(async (org: string, options: CommonOptions) => {
      const found = await withHouse(options, async ({ house: { hub }, ctx }) => {
        const permit = await hub.policy.requireNamespace(ctx, 'namespace.manage', org)
        return hub.identity.tokenApprovals(permit, { ...wholeList, state: 'pending' })
      })
      const rows = found.map((one) => [one.tokenId, one.account, one.label, one.role])
      print(options, found, table([['TOKEN', 'OF', 'NAME', 'ROLE'], ...rows]))
    })

  common(token.command('decide <org> <id>'))
    .description('approve a token for an organisation, or deny it')
    .requiredOption('--state <state>', 'approved, denied', oneOf(['approved', 'denied']))
    .action(async (org: string, id: string, options: ApprovalOptions) => {
      await withHouse(options, async ({ house: { hub }, ctx }) => {
        const permit = await hub.policy.requireNamespace(ctx, 'namespace.manage', org)
        await hub.identity.decideToken(ctx, permit, id as TokenId, options.state)
      })
      const value = { org, id, state: options.state }
      print(options, value, [`Token ${id} is ${options.state} for ${org}.`])
    })
}

export const tokenCommands = (program: Command): void => {
  const token = program.command('token').description('tokens by which programs sign in')
  createCommand(token)
  lookAfter(token)
  approvalCommands(token)
}
