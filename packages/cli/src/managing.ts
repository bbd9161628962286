/** Work on one organisation, with leave to manage it. */
import type { Hub, NamespacePermit } from '@weighhouse/server/core/hub.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { type CommonOptions, withHouse } from './run.ts'

interface Managed {
  readonly hub: Hub
  readonly ctx: Ctx
  readonly permit: NamespacePermit<'namespace.manage'>
}

/** Opens the folder with leave to manage an organisation. */
export const managing = <T>(
  options: CommonOptions,
  org: string,
  work: (managed: Managed) => Promise<T>,
): Promise<T> =>
  withHouse(options, async ({ house: { hub }, ctx }) =>
    work({ hub, ctx, permit: await hub.policy.requireNamespace(ctx, 'namespace.manage', org) }),
  )
