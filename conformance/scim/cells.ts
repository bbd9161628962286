import { fileURLToPath } from 'node:url'
import type { Cell } from '../kit/cell.ts'
import { pytest } from '../kit/steps.ts'
import { newestVenv, packageVersion, pinnedVenv } from '../kit/venv.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The client library of scim2, and its tester of servers. */
function scim2(name: string, newest: boolean): Cell {
  return {
    name,
    newest,
    prepare: async () => {
      const venv = newest
        ? await newestVenv(name, ['scim2-client[httpx2]', 'scim2-tester', 'pytest'])
        : await pinnedVenv(name, here('./requirements/scim2-0.13.txt'))
      const client = await packageVersion(venv, 'scim2-client')
      const tester = await packageVersion(venv, 'scim2-tester')
      return { version: `${client}, tester ${tester}`, steps: [pytest(venv, here('./python'))] }
    },
  }
}

export const scimCells: readonly Cell[] = [scim2('scim2-0.13', false), scim2('scim2-newest', true)]
