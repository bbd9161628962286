/** argv → command → exit code. Administration works on a data folder, also while a server runs on it. */
import { Command, CommanderError } from 'commander'
import { accessCommands } from './access.ts'
import { accountCommands } from './accounts.ts'
import { agreementCommands } from './agreements.ts'
import { appCommands } from './apps.ts'
import { auditCommands } from './audit.ts'
import { gateCommands } from './gates.ts'
import { keepCommands } from './keep.ts'
import { licenceCommands } from './licences.ts'
import { repoCommands } from './repos.ts'
import { explainFailure } from './run.ts'
import { serveCommand } from './serve.ts'
import { ssoCommands } from './sso.ts'
import { storageCommands } from './storage.ts'

const program = new Command('weighhouse')
  .description('A self-hosted hub by which organisations share AI models with each other.')
  .version('0.1.0')
  .showHelpAfterError('(add --help for what is expected)')

serveCommand(program)
accountCommands(program)
repoCommands(program)
gateCommands(program)
accessCommands(program)
licenceCommands(program)
keepCommands(program)
auditCommands(program)
agreementCommands(program)
appCommands(program)
ssoCommands(program)
storageCommands(program)

/** Runs one command line; the exit code is set, not taken, so that output is written to its end. */
export const main = async (argv: readonly string[]): Promise<void> => {
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode
      return
    }
    process.exitCode = explainFailure(error)
  }
}

await main(process.argv.slice(2))
