import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cell } from '../kit/cell.ts'
import { nodeTest } from '../kit/steps.ts'
import { newestVenv, packageVersion, pinnedVenv } from '../kit/venv.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Two organisations, from a draft to the end of their agreement, and at a gate; the consumer has stock clients and curl. */
function story(name: string, newest: boolean): Cell {
  return {
    name,
    newest,
    waits: true,
    prepare: async () => {
      const python = newest
        ? await newestVenv(name, ['huggingface_hub'])
        : await pinnedVenv('py-2.4', here('../hf/requirements/py-2.4.txt'))
      const env = { AGREEMENTS_HF: join(dirname(python), 'hf'), AGREEMENTS_PYTHON: python }
      const version = await packageVersion(python, 'huggingface_hub')
      const stories = ['story.ts', 'gate.ts']
      return { version, steps: stories.map((one) => nodeTest(here('./story'), env, one)) }
    },
  }
}

export const agreementCells: readonly Cell[] = [
  story('agreements-hf-2.4', false),
  story('agreements-hf-newest', true),
]
