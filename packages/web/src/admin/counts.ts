/** Numbers by state, as the hub counts them: a state with none is not there. */

export const countOf = <S extends string>(
  counts: readonly { readonly state: S; readonly count: number }[],
  state: S,
): number => counts.find((one) => one.state === state)?.count ?? 0
