/** What was read of the hub, and when it is read again. */
import {
  type InvalidateOptions,
  type InvalidateQueryFilters,
  QueryClient,
  type QueryKey,
} from '@tanstack/react-query'

/**
 * The library's own, but for one thing: there, a first read that is on its way while something changes counts as a read after the change,
 * though it may tell what was before, and nobody reads again. Here it is read once more when it has come.
 */
export class Reads extends QueryClient {
  override async invalidateQueries<Key extends QueryKey = QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    const coming = this.getQueryCache()
      .findAll({ ...filters, fetchStatus: 'fetching' })
      .filter(({ state }) => state.data === undefined)
    // Joins the read that is on its way.
    const come = Promise.allSettled(coming.map((query) => query.fetch()))
    await super.invalidateQueries(filters, options)
    await come
    for (const { queryKey } of coming)
      await super.invalidateQueries({ ...filters, queryKey, exact: true }, options)
  }
}
