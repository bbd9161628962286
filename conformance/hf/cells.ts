import { fileURLToPath } from 'node:url'
import type { Cell, Prepared } from '../kit/cell.ts'
import { clientVersion, newestClient, pinnedClient } from '../kit/npm-client.ts'
import { nodeTest, pytest } from '../kit/steps.ts'
import { newestVenv, packageVersion, pinnedVenv } from '../kit/venv.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const JS_HUB = '@huggingface/hub'
const JS_TRANSFORMERS = '@huggingface/transformers'

/** Keeps the clients off Xet, which has a suite of its own, and off the network beyond the hub. */
const CLIENT_ENV = {
  HF_HUB_DISABLE_XET: '1',
  HF_HUB_DISABLE_TELEMETRY: '1',
  HF_HUB_DISABLE_PROGRESS_BARS: '1',
  HF_HUB_DISABLE_UPDATE_CHECK: '1',
}

function python(name: string, requirements: string, folder: string, main: string): Cell {
  return {
    name,
    prepare: async () => {
      const venv = await pinnedVenv(name, here(`./requirements/${requirements}.txt`))
      return { version: await packageVersion(venv, main), steps: [pytest(venv, here(folder))] }
    },
  }
}

function newestPython(name: string, folder: string, main: string, ...more: string[]): Cell {
  return {
    name,
    newest: true,
    prepare: async () => {
      const venv = await newestVenv(name, [main, 'pytest', ...more])
      return { version: await packageVersion(venv, main), steps: [pytest(venv, here(folder))] }
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
  const step = pytest(venv, here('./cross'))
  return { version: 'py 2.4 and js 2.17', steps: [{ ...step, env }] }
}

const cells: readonly Cell[] = [
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

export const hfCells: readonly Cell[] = cells.map((cell) => ({ ...cell, clientEnv: CLIENT_ENV }))
