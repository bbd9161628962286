/** What takes the space, and freeing what nothing needs. */
import { type Command, InvalidArgumentError } from 'commander'
import type { RepoType } from '@weighhouse/server/db/schema.ts'
import type { GcReport } from '@weighhouse/server/upkeep/gc.ts'
import type { HubWeight, RepoReport, Weight } from '@weighhouse/server/upkeep/storage-report.ts'
import { common, type CommonOptions, print, table, withHouse } from './run.ts'

const types: readonly RepoType[] = ['model', 'dataset', 'space', 'kernel']

const parseType = (text: string): RepoType => {
  const found = types.find((one) => one === text)
  if (found === undefined) throw new InvalidArgumentError(`Expected one of ${types.join(', ')}.`)
  return found
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `1.5 GiB`: three figures are enough for people, JSON has every byte. */
const inUnits = (bytes: number): string => {
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const shown = step === 0 ? String(bytes) : (bytes / 1024 ** step).toFixed(1)
  return `${shown} ${units[step]}`
}

const filesShown = 50

const weights = (one: Weight): string[] => [
  inUnits(one.logicalBytes),
  inUnits(one.storedBytes),
  inUnits(one.exclusiveBytes),
  inUnits(Math.max(0, one.storedBytes - one.exclusiveBytes)),
]

const head = ['LOGICAL', 'STORED', 'FREED ALONE', 'SHARED']

const hubLines = (report: HubWeight): string[] => {
  const rows = report.repos
    .toSorted((a, b) => b.storedBytes - a.storedBytes)
    .map((one) => [one.path, one.type, ...weights(one)])
  const sum = `${inUnits(report.logicalBytes)} of files in ${inUnits(report.storedBytes)} on the disk (${report.ratio.toFixed(2)} to 1)`
  return [
    ...table([['REPOSITORY', 'TYPE', ...head], ...rows]),
    '',
    `${sum}.`,
    ...unneededLines(report),
  ]
}

const unneededLines = ({ unneededBytes, unneededGoneAtMs }: HubWeight): string[] => {
  if (unneededBytes === 0 || unneededGoneAtMs === undefined) return []
  const at = new Date(unneededGoneAtMs).toISOString().slice(0, 16).replace('T', ' ')
  const what = `Nothing needs ${inUnits(unneededBytes)} of it`
  return [`${what}: gone by ${at} UTC, or at once by \`weighhouse gc --now\`.`]
}

const repoLines = ({ refs, files }: RepoReport): string[] => {
  const largest = files.toSorted((a, b) => b.storedBytes - a.storedBytes).slice(0, filesShown)
  const left = files.length - largest.length
  return [
    ...table([['REF', ...head], ...refs.map((one) => [one.name, ...weights(one)])]),
    '',
    ...table([['FILE', ...head], ...largest.map((one) => [one.path, ...weights(one)])]),
    ...(left > 0 ? [`and ${left} smaller files: --json lists all`] : []),
  ]
}

interface ReportOptions extends CommonOptions {
  repo?: string
  type: RepoType
}

const reportCommand = (storage: Command): void => {
  common(storage.command('report'))
    .description('what each repository takes, what it shares, what deleting it would free')
    .option('--repo <repo>', 'of OWNER/NAME: its branches, tags and files')
    .option('--type <type>', types.join(', '), parseType, 'model')
    .action(async (options: ReportOptions) => {
      const load = () => import('@weighhouse/server/upkeep/storage-report.ts')
      const { repo: path, type } = options
      if (path === undefined) {
        const report = await withHouse(options, async ({ house }) =>
          (await load()).reportOnHub(house),
        )
        return print(options, report, hubLines(report))
      }
      const report = await withHouse(options, async ({ house, ctx }) =>
        (await load()).reportOnRepo(house, ctx, { path, type }),
      )
      print(options, report, repoLines(report))
    })
}

const gcLines = (report: GcReport): string[] => {
  const did = report.isDryRun ? 'Would free' : 'Freed'
  return [
    `${did} ${inUnits(report.bytes)}: ${report.contents} contents, ${report.xorbs} xorbs, ${report.objects} git objects.`,
    `${report.repos} repositories, ${report.unlinked} files in them (${inUnits(report.unlinkedBytes)}) that no ref leads to.`,
    ...(report.laterBytes > 0
      ? [`${inUnits(report.laterBytes)} more that nothing needs go when their grace is over.`]
      : []),
    ...(report.heldUntilMs === undefined
      ? []
      : ['A backup is being made: nothing is swept until it is finished. Run gc again then.']),
    ...report.skipped.map(
      (path) => `Left as it is, since it is damaged: ${path}; run weighhouse fsck.`,
    ),
  ]
}

interface GcOptions extends CommonOptions {
  dryRun?: boolean
  now?: boolean
}

export const storageCommands = (program: Command): void => {
  const storage = program.command('storage').description('what takes the space')
  reportCommand(storage)

  common(program.command('gc'))
    .description('free what no ref of any repository leads to; also while the hub runs')
    .option('--dry-run', 'say what would be freed and change nothing')
    .option('--now', 'do not wait for the grace period')
    .action(async (options: GcOptions) => {
      const report = await withHouse(options, async ({ house }) => {
        const { gc } = await import('@weighhouse/server/upkeep/gc.ts')
        return gc(house, { isDryRun: options.dryRun === true, isNow: options.now === true })
      })
      print(options, report, gcLines(report))
    })
}
