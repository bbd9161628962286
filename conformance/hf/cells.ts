import { fileURLToPath } from 'node:url'
import type { Cell, Prepared, Step } from '../kit/cell.ts'
import { clientVersion, newestClient, pinnedClient } from '../kit/npm-client.ts'
import { newestVenv, packageVersion, pinnedVenv } from '../kit/venv.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const JS_HUB = '@huggingface/hub'
const JS_TRANSFORMERS = '@huggingface/transformers'

function pytest(interpreter: string, folder: string, ...args: readonly string[]): Step {
  const quiet = ['-q', '-p', 'no:cacheprovider', '--tb=short', '-o', 'junit_family=xunit1']
  return {
    command: interpreter,
    args: (report) => ['-m', 'pytest', ...quiet, `--junitxml=${report}`, ...args],
    cwd: here(folder),
  }
}

function nodeTest(folder: string, env: Readonly<Record<string, string>> = {}): Step {
  return {
    command: process.execPath,
    args: (report) => [
      '--test',
      '--test-concurrency=1',
      '--test-reporter=junit',
      `--test-reporter-destination=${report}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
    ],
    cwd: folder,
    env,
  }
}

function python(name: string, requirements: string, folder: string, main: string): Cell {
  return {
    name,
    prepare: async () => {
      const venv = await pinnedVenv(name, here(`./requirements/${requirements}.txt`))
      return { version: await packageVersion(venv, main), steps: [pytest(venv, folder)] }
    },
  }
}

function newestPython(name: string, folder: string, main: string, ...more: string[]): Cell {
  return {
    name,
    newest: true,
    prepare: async () => {
      const venv = await newestVenv(name, [main, 'pytest', ...more])
      return { version: await packageVersion(venv, main), steps: [pytest(venv, folder)] }
    },
  }
}

function node(name: string, folder: string, main: string, newest = false): Cell {
  return {
    name,
    newest,
    prepare: async () => {
      const make = newest ? newestClient : pinnedClient
      const client = await make(name, here(folder))
      return { version: await clientVersion(client, main), steps: [nodeTest(client)] }
    },
  }
}

/** The same bytes through both libraries: each pulls what the other has pushed. */
async function prepareCross(): Promise<Prepared> {
  const venv = await pinnedVenv('py-2.4', here('./requirements/py-2.4.txt'))
  const client = await pinnedClient('js-hub-2.17', here('./js-hub'))
  const env = { CROSS_JS_HUB: client, CROSS_NODE: process.execPath }
  const step = pytest(venv, './cross')
  return { version: 'py 2.4 and js 2.17', steps: [{ ...step, env }] }
}

export const hfCells: readonly Cell[] = [
  python('py-0.30', 'py-0.30', './python', 'huggingface_hub'),
  python('py-0.36', 'py-0.36', './python', 'huggingface_hub'),
  python('py-1.0', 'py-1.0', './python', 'huggingface_hub'),
  python('py-2.4', 'py-2.4', './python', 'huggingface_hub'),
  python('transformers-4.57', 'transformers-4.57', './transformers', 'transformers'),
  python('transformers-5.23', 'transformers-5.23', './transformers', 'transformers'),
  node('js-hub-2.17', './js-hub', JS_HUB),
  node('transformers-js-4.3', './js-transformers', JS_TRANSFORMERS),
  { name: 'cross', prepare: prepareCross },
  newestPython('py-newest', './python', 'huggingface_hub'),
  newestPython('transformers-newest', './transformers', 'transformers', 'jinja2'),
  node('js-hub-newest', './js-hub', JS_HUB, true),
  node('transformers-js-newest', './js-transformers', JS_TRANSFORMERS, true),
]
