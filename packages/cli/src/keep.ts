/** Looking after a hub: doctor, fsck, backup, restore. */
import type { Command } from 'commander'
import { common, type CommonOptions, print, withHouse } from './run.ts'

const marks = { ok: 'ok     ', warning: 'warning', bad: 'BAD    ' } as const

const doctorCommand = (program: Command): void => {
  common(program.command('doctor'))
    .description('look the hub over: disk, permissions, clock, database, public URL')
    .action(async (options: CommonOptions) => {
      const findings = await withHouse(options, async ({ house }) => {
        const { examine } = await import('@weighhouse/server/upkeep/doctor.ts')
        return examine(house)
      })
      const lines = findings.map((one) => `${marks[one.state]}  ${one.subject}: ${one.sentence}`)
      print(options, findings, lines)
      if (findings.some((one) => one.state === 'bad')) process.exitCode = 1
    })
}

const fsckCommand = (program: Command): void => {
  common(program.command('fsck'))
    .description('check that every ref resolves and every link has its bytes; exits 1 on damage')
    .option('--deep', 'also hash every object and every byte again')
    .action(async (options: CommonOptions & { deep?: boolean }) => {
      const report = await withHouse(options, async ({ house }) => {
        const { fsck } = await import('@weighhouse/server/upkeep/fsck.ts')
        return fsck(house, { deep: options.deep === true })
      })
      const { repos, refs, objects, contents, bytes, xorbs, problemCount } = report
      const seen = `${repos} repositories, ${refs} refs, ${objects} git objects, ${contents} contents of ${bytes} bytes, ${xorbs} xorbs`
      const verdict = problemCount === 0 ? 'clean' : `${problemCount} problems`
      print(options, report, [...report.problems, `${seen}: ${verdict}`])
      if (problemCount > 0) process.exitCode = 1
    })
}

export const keepCommands = (program: Command): void => {
  doctorCommand(program)
  fsckCommand(program)

  common(program.command('backup <folder>'))
    .description('copy the whole hub into a new folder; consistent, also while the hub runs')
    .action(async (folder: string, options: CommonOptions) => {
      const report = await withHouse(options, async ({ house }) => {
        const { backup } = await import('@weighhouse/server/upkeep/backup.ts')
        return backup(house, folder)
      })
      const { contents, bytes, xorbs } = report
      print(options, report, [
        `Backed up to ${report.folder}: the database, ${contents} contents of ${bytes} bytes and ${xorbs} xorbs.`,
      ])
    })

  common(program.command('restore <folder>'))
    .description('copy a backup into an empty data folder and check it')
    .action(async (folder: string, options: CommonOptions) => {
      const { restoreForCommand } = await import('@weighhouse/server/command.ts')
      const { dataFolder, report } = await restoreForCommand(folder, options.data)
      const { problemCount, repos, contents } = report
      const verdict = problemCount === 0 ? 'clean' : `${problemCount} problems; run weighhouse fsck`
      print(options, { dataFolder, ...report }, [
        `Restored ${repos} repositories and ${contents} contents into ${dataFolder}: ${verdict}.`,
      ])
      if (problemCount > 0) process.exitCode = 1
    })
}
