/** What a card states of its licence and its parents, with the parents found that are here. */
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { parseCardData } from '@weighhouse/formats/card/front-matter.ts'
import { declaredParents, type DeclaredParent } from '@weighhouse/formats/licence/card.ts'
import type { Actor } from '../kernel/actor.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Policy } from '../policy/index.ts'

/** The card's keys that licences are read from, as plain JSON. */
export type CardKeys = Readonly<Record<string, unknown>>

export interface StatedTie extends DeclaredParent {
  /** The repo of that name, if its writer sees one here. */
  readonly parentId: RepoId | undefined
}

export interface Stated {
  /** The blob of the card; undefined when there is none. */
  readonly cardOid: GitOid | undefined
  readonly keys: CardKeys
  readonly ties: readonly StatedTie[]
  readonly isCut: boolean
}

const keyNames = [
  'license',
  'license_name',
  'license_link',
  'pipeline_tag',
  'intended_purpose',
] as const
const keysCharsMax = 8 * 1024

const keysOf = (card: CardKeys): CardKeys => {
  const found = Object.fromEntries(
    keyNames.flatMap((key) => (card[key] == null ? [] : [[key, card[key]]])),
  )
  // Longer than any licence is: it says nothing clear, and is not kept.
  return JSON.stringify(found).length <= keysCharsMax ? found : { license: 'more than is read' }
}

export interface CardWriter {
  readonly actor: Actor
  /** Whose repo the card is of. */
  readonly ownerId: AccountId
}

/**
 * A parent counts as here when the writer sees it: else a card would tell whether a hidden repo exists. The hub itself, which sees
 * all, takes those of the same owner and those that are not private.
 */
const find = async (
  policy: Policy,
  { actor, ownerId }: CardWriter,
  { type, name }: DeclaredParent,
): Promise<RepoId | undefined> => {
  if (!name.includes('/')) return undefined
  const found = await policy.explain(actor, 'repo.see', { type, path: name })
  if (found?.decision.allowed !== true) return undefined
  const { repo } = found
  const isShown =
    actor.kind !== 'system' || repo.ownerId === ownerId || repo.visibility !== 'private'
  return isShown ? repo.id : undefined
}

/** Bounded: what is longer than a card may be says nothing. */
export const readStated = async (
  policy: Policy,
  writer: CardWriter,
  card: { oid: GitOid | undefined; text: string },
): Promise<Stated> => {
  const text = card.text.length <= limits.cardBytesMax ? card.text : ''
  const { data } = parseCardData(text)
  const { parents, isCut } = declaredParents(data)
  const ties: StatedTie[] = []
  for (const parent of parents) {
    ties.push({ ...parent, parentId: await find(policy, writer, parent) })
  }
  return { cardOid: card.oid, keys: keysOf(data), ties, isCut }
}
