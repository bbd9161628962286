/** Single sign-on: the providers that people of the hub, or of one organisation, sign in by. */
import { type Command, InvalidArgumentError } from 'commander'
import type {
  Hub,
  SsoPermit,
  SsoProvider,
  SsoProviderWish,
  SsoRule,
} from '@weighhouse/server/core/hub.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { common, type CommonOptions, print, readSecret, table, withHouse } from './run.ts'
import { gather, oneOf, roles, wholeList } from './words.ts'

const parseRole = oneOf(roles)

interface ProviderOptions extends CommonOptions {
  org?: string
}

interface SettingOptions extends ProviderOptions {
  issuer?: string
  clientId?: string
  secretStdin?: boolean
  scopes?: string
  groupsClaim?: string
  rule?: readonly SsoRule[]
  rules?: boolean
  domain?: readonly string[]
  domains?: boolean
  createAccounts?: boolean
  disable?: boolean
  enable?: boolean
}

interface Managed {
  readonly hub: Hub
  readonly ctx: Ctx
  readonly permit: SsoPermit
}

/** With leave to set the hub's providers, or those of `--org`. */
const managing = <T>(options: ProviderOptions, work: (managed: Managed) => Promise<T>) =>
  withHouse(options, async ({ house: { hub }, ctx }) => {
    const { policy } = hub
    const permit =
      options.org === undefined
        ? policy.requireHub(ctx)
        : await policy.requireNamespace(ctx, 'namespace.manage', options.org)
    return work({ hub, ctx, permit })
  })

const owned = (command: Command): Command =>
  common(command).option('--org <name>', 'of this organisation; of the whole hub without')

/** `group=org:role` or `group=org/team`; the group may hold `=`, what follows the last one not. */
const parseRule = (text: string, before: readonly SsoRule[] = []): SsoRule[] => {
  const [, group = '', org = '', sign, what = ''] = /^(.+)=([^=:/]+)([:/])([^=]+)$/.exec(text) ?? []
  if (sign === undefined) {
    throw new InvalidArgumentError('Expected group=organisation:role or group=organisation/team.')
  }
  return [
    ...before,
    sign === ':' ? { group, org, role: parseRole(what) } : { group, org, team: what },
  ]
}

const withSettings = (command: Command): Command =>
  owned(command)
    .option('--secret-stdin', 'read the client secret from standard input; none without')
    .option('--scopes <words>', 'what is asked for (default: openid profile email)')
    .option('--groups-claim <name>', 'the claim that holds the groups (default: groups)')
    .option('--rule <rule>', 'group=org:role or group=org/team; may be repeated', parseRule)
    .option('--domain <name>', 'let in only verified addresses there; may be repeated', gather)
    .option('--create-accounts', 'who comes for the first time gets an account')
    .option('--no-create-accounts', 'people link an account that they have')

const wishOf = async (options: SettingOptions): Promise<SsoProviderWish> => {
  const { issuer, clientId, scopes, groupsClaim, rule, domain, createAccounts } = options
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(groupsClaim === undefined ? {} : { groupsClaim }),
    ...(rule === undefined ? {} : { rules: rule }),
    ...(domain === undefined ? {} : { mailDomains: domain }),
    ...(createAccounts === undefined ? {} : { createsAccounts: createAccounts }),
    ...(options.rules === false ? { rules: [] } : {}),
    ...(options.domains === false ? { mailDomains: [] } : {}),
    ...(options.disable === true ? { isDisabled: true } : {}),
    ...(options.enable === true ? { isDisabled: false } : {}),
    ...(options.secretStdin === true ? { secret: await readSecret() } : {}),
  }
}

const ruleText = (rule: SsoRule): string =>
  'team' in rule
    ? `${rule.group}=${rule.org}/${rule.team}`
    : `${rule.group}=${rule.org}:${rule.role}`

const rowOf = (one: SsoProvider): string[] => [
  one.name,
  one.issuer,
  one.isDisabled ? 'disabled' : 'in use',
  one.createsAccounts ? 'yes' : 'no',
  one.rules.map(ruleText).join(' ') || '-',
]

const callbackHint = (name: string): string =>
  `At the provider, allow the redirect URI https://your-hub/login/sso/${name}/callback`

const setCommands = (sso: Command): void => {
  withSettings(sso.command('add <name>'))
    .description('believe a provider')
    .requiredOption('--issuer <url>', 'as the provider calls itself')
    .requiredOption('--client-id <id>', 'as the provider calls this hub')
    .action(
      async (name: string, options: SettingOptions & { issuer: string; clientId: string }) => {
        const { issuer, clientId } = options
        const wish = { ...(await wishOf(options)), issuer, clientId }
        const made = await managing(options, ({ hub, ctx, permit }) =>
          hub.sso.addProvider(ctx, permit, name, wish),
        )
        print(options, made, [`People may sign in with ${name}.`, callbackHint(name)])
      },
    )

  withSettings(sso.command('set <name>'))
    .description('change what is named; the rest stays')
    .option('--issuer <url>', 'another one: who was linked is forgotten')
    .option('--client-id <id>')
    .option('--no-rules', 'without rules')
    .option('--no-domains', 'whatever the address')
    .option('--disable', 'out of use; sessions that came by it end')
    .option('--enable', 'in use again')
    .action(async (name: string, options: SettingOptions) => {
      const wish = await wishOf(options)
      const changed = await managing(options, ({ hub, ctx, permit }) =>
        hub.sso.setProvider(ctx, permit, name, wish),
      )
      print(options, changed, [`Changed ${name}.`])
    })
}

export const ssoCommands = (program: Command): void => {
  const sso = program.command('sso').description('single sign-on by OpenID Connect')
  setCommands(sso)

  owned(sso.command('list'))
    .description('providers, and what their groups give')
    .action(async (options: ProviderOptions) => {
      const providers = await managing(options, ({ hub, permit }) =>
        hub.sso.providers(permit, wholeList),
      )
      const head = ['NAME', 'ISSUER', 'STATE', 'NEW ACCOUNTS', 'RULES']
      print(options, providers, table([head, ...providers.map(rowOf)]))
    })

  owned(sso.command('remove <name>'))
    .description('believe it no more; accounts stay, sessions that came by it end')
    .action(async (name: string, options: ProviderOptions) => {
      await managing(options, ({ hub, ctx, permit }) => hub.sso.removeProvider(ctx, permit, name))
      print(options, { name, removed: true }, [`Removed ${name}.`])
    })

  owned(sso.command('test <name>'))
    .description('ask the provider about itself')
    .action(async (name: string, options: ProviderOptions) => {
      const found = await managing(options, ({ hub, ctx, permit }) =>
        hub.sso.testProvider(ctx, permit, name),
      )
      print(options, found, [
        `It is ${found.issuer}, as was expected.`,
        `People are sent to ${found.authorizationEndpoint}.`,
        `It signs with ${found.algorithms.join(', ') || 'RS256'}; keys it publishes: ${found.keys}.`,
        `More about people: ${found.hasUserinfo ? 'it has a userinfo endpoint' : 'in its tokens only'}.`,
        `PKCE: ${found.hasPkce ? 'it says that it checks it' : 'it does not say so'}.`,
        callbackHint(name),
      ])
    })
}
