/** How many parameters: ranges as the public hub's addresses say them (`min:6B,max:128B`), and the bars of a histogram. */

export interface ParameterRange {
  readonly min?: number
  readonly max?: number
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9, t: 1e12 }

/** `7B`, `1.5 m`, `350000`; undefined for what is no number of parameters. */
export const parseAmount = (text: string): number | undefined => {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmbt]?)$/i.exec(text.trim()) ?? []
  const factor = units[unit.toLowerCase()]
  if (digits === '' || factor === undefined) return undefined
  const amount = Math.round(Number(digits) * factor)
  return Number.isSafeInteger(amount) ? amount : undefined
}

/** The shortest that says exactly the same. */
export const formatAmount = (amount: number): string => {
  for (const [unit, factor] of [
    ['T', 1e12],
    ['B', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    const short = `${amount / factor}${unit}`
    if (amount >= factor && short.length < String(amount).length && parseAmount(short) === amount) {
      return short
    }
  }
  return String(amount)
}

export const parseRange = (text: string | undefined): ParameterRange | undefined => {
  const said = new Map(
    (text ?? '').split(',').map((part) => {
      const [name = '', amount = ''] = part.split(':')
      return [name, parseAmount(amount)] as const
    }),
  )
  const min = said.get('min')
  const max = said.get('max')
  if (min === undefined && max === undefined) return undefined
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

export const formatRange = ({ min, max }: ParameterRange): string =>
  [
    ...(min === undefined ? [] : [`min:${formatAmount(min)}`]),
    ...(max === undefined ? [] : [`max:${formatAmount(max)}`]),
  ].join(',')

/** In words: `from 1M to 7B`. */
export const rangeWords = ({ min, max }: ParameterRange): string =>
  [
    ...(min === undefined ? [] : [`from ${formatAmount(min)}`]),
    ...(max === undefined ? [] : [`up to ${formatAmount(max)}`]),
  ].join(' ')

export interface Bar {
  readonly from: number
  readonly count: number
}

/** Places of the two handles on the edges of the bars: from 0, before the first, to as many as there are bars. */
export const handlesOf = (
  bars: readonly Bar[],
  range: ParameterRange | undefined,
): readonly [low: number, high: number] => {
  const { min = 0, max = Infinity } = range ?? {}
  const low = bars.findLastIndex(({ from }) => from <= min)
  const high = bars.findIndex(({ from }) => from >= max)
  return [Math.max(0, low), high === -1 ? bars.length : high]
}

/** What handles at these places ask for; undefined where they leave nothing out. */
export const rangeBetween = (
  bars: readonly Bar[],
  [low, high]: readonly [number, number],
): ParameterRange | undefined => {
  const min = low === 0 ? undefined : bars[low]?.from
  const max = high >= bars.length ? undefined : bars[high]?.from
  if (min === undefined && max === undefined) return undefined
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}
