/** Which repo a call is about. */
import { repoTypes } from '@weighhouse/contract/parts.ts'
import type { RepoType } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'

/** Of a path with `:type`, `:ns` and `:name`. Errors: `invalid`. */
export const repoIn = ({
  type,
  ns,
  name,
}: {
  type: string
  ns: string
  name: string
}): { type: RepoType; path: string } => {
  const found = repoTypes.find((one) => one === type)
  if (found !== undefined) return { type: found, path: `${ns}/${name}` }
  throw new HubError('invalid', `A repo is one of ${repoTypes.join(', ')}, found "${type}".`)
}
