/** The audit trail: search, export, and where it is sent. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { dateMs } from '@weighhouse/formats/json/read.ts'
import type { TrailFilter } from '@weighhouse/server/core/hub.ts'
import type { AuditSinkId } from '@weighhouse/server/core/kernel/ids.ts'
import { common, type CommonOptions, print, readSecret, table, withHouse } from './run.ts'
import { parseCount } from './words.ts'

interface FilterOptions extends CommonOptions {
  actor?: string
  act?: string
  outcome?: 'done' | 'denied'
  target?: string
  since?: number
  until?: number
}

const parseTime = (text: string): number => {
  const atMs = dateMs(text)
  if (atMs !== undefined) return atMs
  throw new InvalidArgumentError(
    'Expected a date that exists, such as 2026-01-31 or 2026-01-31T12:00:00Z.',
  )
}

const filtered = (command: Command): Command =>
  common(command)
    .option('--actor <name>', 'by this account')
    .option('--act <act>', 'of this kind, such as repo_deleted or repo.read')
    .addOption(new Option('--outcome <outcome>', 'only these').choices(['done', 'denied']))
    .option('--target <path>', 'to this repository or account')
    .option('--since <date>', 'from then on', parseTime)
    .option('--until <date>', 'before then', parseTime)

const filterOf = (options: FilterOptions): TrailFilter => ({
  ...(options.actor === undefined ? {} : { actorName: options.actor }),
  ...(options.act === undefined ? {} : { act: options.act }),
  ...(options.outcome === undefined ? {} : { outcome: options.outcome }),
  ...(options.target === undefined ? {} : { targetPath: options.target }),
  ...(options.since === undefined ? {} : { sinceMs: options.since }),
  ...(options.until === undefined ? {} : { untilMs: options.until }),
})

const trailCommands = (audit: Command): void => {
  filtered(audit.command('list'))
    .description('who did what, and who was denied what; newest first')
    .option('--limit <count>', 'at most this many', parseCount, 50)
    .action(async (options: FilterOptions & { limit: number }) => {
      const { entries } = await withHouse(options, ({ house: { hub }, ctx }) =>
        hub.audit.list(hub.policy.requireHub(ctx), filterOf(options), { limit: options.limit }),
      )
      const rows = entries.map((one) => [
        new Date(one.atMs).toISOString().slice(0, 19).replace('T', ' '),
        one.outcome,
        one.act,
        one.actor.name ?? '-',
        one.target.path ?? '-',
        one.door ?? '-',
        one.reason ?? '',
      ])
      const head = ['AT (UTC)', 'OUTCOME', 'ACT', 'ACTOR', 'TARGET', 'DOOR', 'REASON']
      print(options, entries, table([head, ...rows]))
    })

  filtered(audit.command('export [file]'))
    .description('the whole trail that fits, oldest first; to standard output without a file')
    .addOption(new Option('--format <format>').choices(['jsonl', 'csv']).default('jsonl'))
    .action(
      async (file: string | undefined, options: FilterOptions & { format: 'jsonl' | 'csv' }) => {
        await withHouse(options, async ({ house: { hub }, ctx }) => {
          const permit = hub.policy.requireHub(ctx)
          const lines = Readable.from(hub.audit.export(permit, filterOf(options), options.format))
          if (file !== undefined) return pipeline(lines, createWriteStream(file, { flags: 'wx' }))
          return pipeline(lines, process.stdout, { end: false })
        })
      },
    )
}

const sinkCommands = (audit: Command): void => {
  const sink = audit.command('sink').description('where the trail is sent as it grows')

  common(sink.command('add <kind> <target>'))
    .description('syslog tcp://host:port, syslog udp://host:port, or http https://…')
    .option('--secret-stdin', 'read the secret that signs what is posted from standard input')
    .action(
      async (kind: string, target: string, options: CommonOptions & { secretStdin?: boolean }) => {
        if (kind !== 'syslog' && kind !== 'http') {
          throw new InvalidArgumentError(`Expected syslog or http, found "${kind}".`)
        }
        const secret = options.secretStdin === true ? { secret: await readSecret() } : {}
        const made = await withHouse(options, ({ house: { hub }, ctx }) =>
          hub.audit.addSink(hub.policy.requireHub(ctx), { kind, target, ...secret }),
        )
        print(options, made, [`New entries are sent to ${target} (${made.id}).`])
      },
    )

  common(sink.command('list'))
    .description('sinks, and what the last failure was')
    .action(async (options: CommonOptions) => {
      const sinks = await withHouse(options, ({ house: { hub }, ctx }) =>
        hub.audit.listSinks(hub.policy.requireHub(ctx)),
      )
      const rows = sinks.map((one) => [one.id, one.kind, one.target, one.lastError ?? 'well'])
      print(options, sinks, table([['ID', 'KIND', 'TARGET', 'STATE'], ...rows]))
    })

  common(sink.command('remove <id>'))
    .description('send nothing there any more')
    .action(async (id: string, options: CommonOptions) => {
      await withHouse(options, ({ house: { hub }, ctx }) =>
        // A cast because an unknown id is answered as such.
        hub.audit.removeSink(hub.policy.requireHub(ctx), id as AuditSinkId),
      )
      print(options, { id, removed: true }, [`Removed sink ${id}.`])
    })
}

export const auditCommands = (program: Command): void => {
  const audit = program.command('audit').description('the audit trail')
  trailCommands(audit)
  sinkCommands(audit)
}
