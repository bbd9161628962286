/** URLs that carry their own ticket: clients call them without credentials. */
import type { RepoType } from '#core/hub.ts'

export const repoPrefixes: readonly [type: RepoType, prefix: string][] = [
  ['model', ''],
  ['dataset', 'datasets/'],
  ['space', 'spaces/'],
  ['kernel', 'kernels/'],
]

export const uploadUrl = (
  base: string,
  uploadId: string,
  part: number | 'complete',
  ticket: string,
): string => `${base}/_lfs/uploads/${uploadId}/${part}?ticket=${ticket}`

export const contentUrl = (base: string, sha256: string, ticket: string): string =>
  `${base}/_lfs/contents/${sha256}?ticket=${ticket}`
