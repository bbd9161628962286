/** Where in a repo a call looks: a revision and a path, as the pages' URLs write them. */
import type { Hub, Permit, Revision } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { repoIn } from './repo-name.ts'

export interface Place {
  readonly permit: Permit<'repo.browse'>
  readonly revision: Revision
  readonly path: string
}

/** Errors: those of `policy.require`; `revision_not_found`. */
export const placeOf = async (
  hub: Hub,
  ctx: Ctx,
  params: Parameters<typeof repoIn>[0],
  at: string,
): Promise<Place> => {
  const permit = await hub.policy.require(ctx, 'repo.browse', repoIn(params))
  const segments = at.split('/').filter((segment) => segment !== '')
  return { permit, ...(await hub.refs.resolveTail(permit, segments)) }
}

const prefixes = [
  ['refs/heads/', 'branch'],
  ['refs/tags/', 'tag'],
] as const

/** As the contract says where `at` led. */
export const renderPlace = ({ revision: { commit, ref }, path }: Omit<Place, 'permit'>) => {
  const found = prefixes.find(([prefix]) => ref?.startsWith(prefix))
  if (found === undefined || ref === undefined) {
    return { revision: ref ?? commit, commit, kind: 'commit' as const, path }
  }
  return { revision: ref.slice(found[0].length), commit, kind: found[1], path }
}

/** A listing never changes at its commit, so a page is where it begins. */
export const offsetOf = (cursor: string | undefined): number => {
  const offset = Number(cursor ?? 0)
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : 0
}
