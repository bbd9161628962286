import type { Step } from './cell.ts'

/** All tests of a folder, or those that `args` choose, by the Python of a virtual environment. */
export function pytest(interpreter: string, folder: string, ...args: readonly string[]): Step {
  const quiet = ['-q', '-p', 'no:cacheprovider', '--tb=short', '-o', 'junit_family=xunit1']
  return {
    command: interpreter,
    args: (report) => ['-m', 'pytest', ...quiet, `--junitxml=${report}`, ...args],
    cwd: folder,
  }
}

/** All tests right in a folder, by the runner that Node brings. */
export function nodeTest(
  folder: string,
  env: Readonly<Record<string, string>> = {},
  files = '*.test.mjs',
): Step {
  return {
    command: process.execPath,
    args: (report) => [
      '--test',
      '--test-concurrency=1',
      '--test-reporter=junit',
      `--test-reporter-destination=${report}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      files,
    ],
    cwd: folder,
    env,
  }
}
