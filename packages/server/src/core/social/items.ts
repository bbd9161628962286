/** What is in a collection. */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { HubError } from '../kernel/errors.ts'
import type { CollectionId, CollectionItemId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Collections, CollectionsDeps, Curating, ItemTarget } from './collections.ts'
import * as sql from './collections.sql.ts'
import { move } from './order.ts'

type Half = Pick<Collections, 'addItem' | 'changeItems' | 'removeItem'>

interface ItemsDeps extends CollectionsDeps {
  /** Errors: `entry_not_found` for a collection of another namespace. */
  owned(q: Querier, permit: Curating, id: CollectionId): Promise<sql.CollectionRow>
}

const noItem = (): HubError => new HubError('entry_not_found', 'Collection item not found')

const targetOf = (target: ItemTarget): Pick<sql.ItemRow, 'kind' | 'target_id'> =>
  'collection' in target
    ? { kind: 'collection', target_id: target.collection.id }
    : { kind: target.repo.type, target_id: target.repo.id }

export const makeItems = ({ db, clock, ids, owned }: ItemsDeps): Half => {
  const touch = (q: Querier, id: CollectionId) =>
    sql.updateCollection(q, id, { updated_at_ms: clock.nowMs() })

  const rowsOf = (q: Querier, id: CollectionId) =>
    sql.itemsInOrder(q, id, limits.collectionItemsMax)

  return {
    addItem: (permit, id, { target, note }) =>
      db.tx(async (q) => {
        await owned(q, permit, id)
        const rows = await rowsOf(q, id)
        const wanted = targetOf(target)
        if (wanted.target_id === id) {
          throw new HubError('invalid', 'A collection does not hold itself.')
        }
        const isThere = rows.some(
          (row) => row.kind === wanted.kind && row.target_id === wanted.target_id,
        )
        if (isThere) throw new HubError('exists', 'This item is in the collection already.')
        if (rows.length >= limits.collectionItemsMax) {
          const message = `A collection has at most ${limits.collectionItemsMax} items.`
          throw new HubError('too_many', message)
        }
        const row: Row<'collection_item'> = {
          id: ids<CollectionItemId>(),
          collection_id: id,
          ...wanted,
          note: note ?? null,
          position: (rows.at(-1)?.position ?? -1) + 1,
          created_at_ms: clock.nowMs(),
        }
        await sql.insertItem(q, row)
        await touch(q, id)
      }),

    changeItems: (permit, id, changes) =>
      db.tx(async (q) => {
        await owned(q, permit, id)
        for (const { itemId, note, position } of changes) {
          // Read again each time: a move before may have put others elsewhere.
          const rows = await rowsOf(q, id)
          const found = rows.find((row) => row.id === itemId)
          if (found === undefined) throw noItem()
          if (note !== undefined) {
            await sql.updateItem(q, found.id, { note: note === '' ? null : note })
          }
          if (position === undefined) continue
          for (const one of move(rows, found.id, position)) {
            await sql.updateItem(q, one.id, { position: one.position })
          }
        }
        await touch(q, id)
      }),

    removeItem: (permit, id, itemId) =>
      db.tx(async (q) => {
        await owned(q, permit, id)
        const found = (await rowsOf(q, id)).find((row) => row.id === itemId)
        if (found === undefined) throw noItem()
        await sql.deleteItem(q, found.id)
        await touch(q, id)
      }),
  }
}
