import { fileURLToPath } from 'node:url'
import type { Cell, Prepared } from '../kit/cell.ts'
import { besideClient, clientVersion, newestClient, pinnedClient } from '../kit/npm-client.ts'
import { nodeTest, pytest } from '../kit/steps.ts'
import { newestVenv, packageVersion, pinnedVenv } from '../kit/venv.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Environments that the plain suite pins too are the same ones. */
const PINNED = {
  'py-0.36': here('../hf/requirements/py-0.36.txt'),
  'py-1.20': here('./requirements/py-1.20.txt'),
  'py-1.33': here('./requirements/py-1.33.txt'),
  'py-2.4': here('../hf/requirements/py-2.4.txt'),
} as const
type Pinned = keyof typeof PINNED

/** Settings of hf_xet, which is the same in every environment: tried once. */
const SETTINGS = 'test_settings.py'

const venv = (name: Pinned): Promise<string> => pinnedVenv(name, PINNED[name])
const jsClient = (): Promise<string> => pinnedClient('js-hub-2.17', here('../hf/js-hub'))

async function withPython(interpreter: string, ...args: readonly string[]): Promise<Prepared> {
  const hub = await packageVersion(interpreter, 'huggingface_hub')
  const xet = await packageVersion(interpreter, 'hf_xet')
  return {
    version: `${hub}, hf_xet ${xet}`,
    steps: [pytest(interpreter, here('./python'), ...args)],
  }
}

async function withJs(name: string, client: string): Promise<Prepared> {
  const folder = await besideClient(name, client, here('./js'))
  return { version: await clientVersion(client, '@huggingface/hub'), steps: [nodeTest(folder)] }
}

/** Each pulls what another has pushed. */
async function prepareCross(): Promise<Prepared> {
  const [old, now, client] = await Promise.all([venv('py-0.36'), venv('py-2.4'), jsClient()])
  const env = {
    CROSS_OLD_PYTHON: old,
    CROSS_NODE: process.execPath,
    CROSS_JS: await besideClient('xet-cross', client, here('./cross')),
  }
  const step = pytest(now, here('./cross'))
  return { version: 'py 0.36, py 2.4, js 2.17', steps: [{ ...step, env }] }
}

const cells: readonly Cell[] = [
  {
    name: 'xet-py-0.36',
    prepare: async () => withPython(await venv('py-0.36'), `--ignore=${SETTINGS}`),
  },
  {
    name: 'xet-py-1.20',
    prepare: async () => withPython(await venv('py-1.20'), `--ignore=${SETTINGS}`),
  },
  {
    name: 'xet-py-1.x',
    prepare: async () => withPython(await venv('py-1.33'), `--ignore=${SETTINGS}`),
  },
  { name: 'xet-py-2.4', prepare: async () => withPython(await venv('py-2.4')) },
  { name: 'xet-js-2.17', prepare: async () => withJs('xet-js-2.17', await jsClient()) },
  { name: 'xet-cross', prepare: prepareCross },
  {
    name: 'xet-py-newest',
    newest: true,
    prepare: async () =>
      withPython(await newestVenv('xet-py-newest', ['huggingface_hub', 'pytest'])),
  },
  {
    name: 'xet-js-newest',
    newest: true,
    prepare: async () =>
      withJs('xet-js-newest-tests', await newestClient('xet-js-newest', here('../hf/js-hub'))),
  },
]

/** Bounds a hang, not a busy machine. */
const timeoutMs = 900_000

/** No setting at all: what a user has who says where the hub is. */
export const xetCells: readonly Cell[] = cells.map((cell) => ({
  ...cell,
  recorded: true,
  timeoutMs,
}))
