/** What the card of a commit states, read before the transaction that moves the branch. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { parsePointer } from '@weighhouse/formats/lfs/pointer.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { AccountId } from '../kernel/ids.ts'
import { cardPath, type Lineage, type Stated } from '../lineage/index.ts'
import type { Permit } from '../policy/index.ts'
import { hashObject, type Refs } from '../refs/index.ts'

/** A card that came with the commit. */
export interface SentCard {
  readonly oid: GitOid
  readonly text: string
}

/**
 * Undefined when the card is the one that was there before; also when its bytes are elsewhere (an upload, or a large file copied from
 * another revision): the lineage room reads those as soon as the branch has moved.
 */
export const statedBy = async (
  { lineage, refs }: { lineage: Lineage; refs: Refs },
  ctx: Ctx,
  { repo }: Permit<'repo.write'>,
  {
    before,
    oid,
    sent,
  }: { before: GitOid | undefined; oid: GitOid | undefined; sent: SentCard | undefined },
): Promise<Stated | undefined> => {
  if (before === oid) return undefined
  if (oid === undefined) return lineage.read(ctx, repo.ownerId, { oid, text: '' })
  if (oid === sent?.oid) return lineage.read(ctx, repo.ownerId, sent)
  const body = await refs.objects.body(repo.id, oid, 'blob')
  if (body === undefined || parsePointer(body) !== undefined) return undefined
  return lineage.read(ctx, repo.ownerId, { oid, text: new TextDecoder().decode(body) })
}

/** Of the files that a repo begins with. */
export const statedByFiles = async (
  lineage: Lineage,
  ctx: Ctx,
  ownerId: AccountId,
  files: readonly { path: string; bytes: Uint8Array }[],
): Promise<Stated> => {
  const bytes = files.find(({ path }) => path === cardPath)?.bytes
  if (bytes === undefined) return lineage.read(ctx, ownerId, { oid: undefined, text: '' })
  const text = new TextDecoder().decode(bytes)
  return lineage.read(ctx, ownerId, { oid: hashObject('blob', bytes), text })
}
