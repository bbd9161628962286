/** Where agreements stand in the address. */

/** `/agreements/id` with the organisation for which somebody looks, and with what else the address has to say. */
export const agreementTo = (
  { org, id }: { readonly org?: string | undefined; readonly id: string },
  tail = '',
  more: Readonly<Record<string, string>> = {},
): string => {
  const search = new URLSearchParams({ ...(org === undefined ? {} : { as: org }), ...more })
  const said = search.size === 0 ? '' : `?${search.toString()}`
  return `/agreements/${encodeURIComponent(id)}${tail}${said}`
}
