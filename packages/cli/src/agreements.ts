/** Agreements: looked at on the hub's machine, and their evidence checked anywhere. Nobody signs here: that is done by people who prove who they are. */
import { createWriteStream, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { parseEvidence } from '@weighhouse/formats/agreement/evidence.ts'
import { type Check, type Verdict, verifyEvidence } from '@weighhouse/formats/agreement/verify.ts'
import type { Agreement, Hub } from '@weighhouse/server/core/hub.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import { common, type CommonOptions, print, table, withHouse } from './run.ts'
import { date } from './words.ts'

const looking = <T>(
  options: CommonOptions,
  org: string,
  work: (looked: {
    hub: Hub
    ctx: Ctx
    permit: Awaited<ReturnType<typeof auditing>>
  }) => Promise<T>,
): Promise<T> =>
  withHouse(options, async ({ house: { hub }, ctx }) =>
    work({ hub, ctx, permit: await auditing(hub, ctx, org) }),
  )

const auditing = (hub: Hub, ctx: Ctx, org: string) =>
  hub.policy.requireNamespace(ctx, 'namespace.audit', org)

const partiesOf = ({ folder }: Agreement): string =>
  folder.parties.map(({ name, role }) => `${name} (${role})`).join(', ')

const plain = (one: Agreement) => ({
  id: one.id,
  title: one.title,
  state: one.state,
  parties: one.folder.parties,
  inForce: one.folder.inForce,
  from: one.fromMs === undefined ? undefined : new Date(one.fromMs).toISOString(),
  to: one.toMs === undefined ? undefined : new Date(one.toMs).toISOString(),
})

const lookCommands = (agreement: Command): void => {
  common(agreement.command('list <org>'))
    .description('agreements that an organisation is a party of, newest first')
    .action(async (org: string, options: CommonOptions) => {
      const found = await looking(options, org, ({ hub, permit }) =>
        hub.agreements.agreements(permit, { limit: 1_000 }),
      )
      const rows = found.map((one) => [
        one.id,
        one.state,
        date(one.fromMs),
        date(one.toMs),
        partiesOf(one),
        one.title,
      ])
      const head = ['ID', 'STATE', 'FROM', 'TO', 'PARTIES', 'TITLE']
      print(options, found.map(plain), table([head, ...rows]))
    })

  common(agreement.command('export <org> <id> [file]'))
    .description(
      'all that was written, signed and said, as JSON; to standard output without a file',
    )
    .action(async (org: string, id: string, file: string | undefined, options: CommonOptions) => {
      if (file !== undefined && existsSync(file)) {
        throw new Error(`${file} is there already, and is not written over. Name another file.`)
      }
      await looking(options, org, async ({ hub, permit }) => {
        // A cast because an unknown id is answered as such.
        const pieces = Readable.from(await hub.agreements.evidence(permit, id as AgreementId))
        if (file !== undefined) return pipeline(pieces, createWriteStream(file, { flags: 'wx' }))
        return pipeline(pieces, process.stdout, { end: false })
      })
    })
}

const lineOf = ({ what, ok, detail }: Check): string[] => [ok ? 'ok' : 'WRONG', what, detail]

const summary = ({ ok, state, signatures, checks }: Verdict): string[] => {
  const wrong = checks.filter((one) => !one.ok).length
  if (!ok) return ['', `${wrong} of ${checks.length} checks failed: do not rely on this document.`]
  const signed = signatures.map((one) => [
    `version ${one.version}`,
    one.legalName,
    one.person,
    one.at,
  ])
  return [
    '',
    ...table(signed),
    '',
    `All ${checks.length} checks hold. The agreement is ${state ?? '?'}.`,
  ]
}

const jsonIn = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(
      `${file} is not JSON: expected what "weighhouse agreement export" wrote, whole.`,
      { cause },
    )
  }
}

const verifyCommand = (agreement: Command): void => {
  agreement
    .command('verify <file>')
    .description('check exported evidence: needs no hub and no network')
    .option('--seal <key>', "the hub's public key, from its own page or an earlier export")
    .option(
      '--seen <hash>',
      'the hash of a statement that you know of: shows that the end was not cut off',
    )
    .option('--json', 'print JSON')
    .action(async (file: string, options: { seal?: string; seen?: string; json?: boolean }) => {
      const evidence = parseEvidence(jsonIn(file, await readFile(file, 'utf8')))
      const verdict = await verifyEvidence(evidence, options.seal, options.seen)
      const { ok, checks, state, signatures } = verdict
      const lines = [...table(checks.map(lineOf)), ...summary(verdict)]
      print(options, { ok, state, signatures, checks }, lines)
      if (!ok) process.exitCode = 1
    })
}

export const agreementCommands = (program: Command): void => {
  const agreement = program.command('agreement').description('agreements and their evidence')
  lookCommands(agreement)
  verifyCommand(agreement)
}
