/** Long lists, read to their end a page at a time. */

export interface KeyPage {
  /** The key of the last row before; the empty text begins. */
  readonly after: string
  readonly limit: number
}

/** Each page that holds something. `read` answers rows in the order of their keys, those behind `after`. */
export async function* pagesOf<T>(
  read: (page: KeyPage) => Promise<readonly T[]>,
  keyOf: (row: T) => string,
  limit: number,
): AsyncGenerator<readonly T[]> {
  for (let after = ''; ;) {
    const rows = await read({ after, limit })
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    if (rows.length < limit) return
    after = keyOf(last)
  }
}
