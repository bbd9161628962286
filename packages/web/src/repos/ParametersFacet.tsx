/** How large models are: bars on a scale of powers of ten, two handles, and two fields for those who know the number. */
import { type FormEvent, useEffect, useState } from 'react'
import { countWords, plural } from '../parts/words.ts'
import {
  type Bar,
  formatAmount,
  handlesOf,
  type ParameterRange,
  parseAmount,
  rangeBetween,
  rangeWords,
} from './parameters.ts'

const height = 40
const width = 200

const edgeWords = (bars: readonly Bar[], at: number): string => {
  const from = bars[at]?.from
  return from === undefined ? 'no limit' : from === 0 ? '0' : countWords(from)
}

interface BarsProps {
  readonly bars: readonly Bar[]
  readonly handles: readonly [number, number]
}

const Bars = ({ bars, handles: [low, high] }: BarsProps) => {
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const step = width / bars.length
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-10 w-full"
      role="img"
      aria-label={bars
        .flatMap(({ count }, at) =>
          count === 0
            ? []
            : `${edgeWords(bars, at)} to ${edgeWords(bars, at + 1)}: ${plural(count, 'model')}`,
        )
        .join('; ')}
    >
      {bars.map(({ from, count }, at) => {
        const tall = count === 0 ? 1 : Math.max(3, (count / most) * height)
        const isIn = at >= low && at < high
        return (
          <rect
            key={from}
            x={at * step + 1}
            y={height - tall}
            width={step - 2}
            height={tall}
            className={count === 0 ? 'fill-line-2' : isIn ? 'fill-viz-blue' : 'fill-line-2'}
          />
        )
      })}
    </svg>
  )
}

interface AmountProps {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
}

const AmountField = ({ label, value, onChange }: AmountProps) => {
  const said = value === undefined ? '' : formatAmount(value)
  const [text, setText] = useState(said)
  useEffect(() => setText(said), [said])
  const isWrong = text.trim() !== '' && parseAmount(text) === undefined
  const take = (): void => {
    if (!isWrong && text !== said) onChange(parseAmount(text))
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    take()
  }
  return (
    <form onSubmit={submit} className="min-w-0">
      <input
        value={text}
        aria-label={label}
        placeholder="7B"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={isWrong || undefined}
        onChange={({ target }) => setText(target.value)}
        onBlur={take}
        className="h-[26px] w-full rounded-control border border-control bg-surface px-2 text-meta text-ink placeholder:text-ink-3 aria-invalid:border-fail pointer-coarse:h-11"
      />
      {isWrong ? <span className="text-meta text-fail">Such as 350k or 7B.</span> : null}
    </form>
  )
}

interface FacetProps {
  readonly bars: readonly Bar[]
  readonly range: ParameterRange | undefined
  readonly onChange: (range: ParameterRange | undefined) => void
}

export const ParametersFacet = ({ bars, range, onChange }: FacetProps) => {
  const asked = handlesOf(bars, range)
  const [handles, setHandles] = useState(asked)
  const [low, high] = handles
  const [askedLow, askedHigh] = asked
  useEffect(() => setHandles([askedLow, askedHigh]), [askedLow, askedHigh])
  // While a handle is moved nothing is asked for.
  const settle = (): void => {
    if (low !== askedLow || high !== askedHigh) onChange(rangeBetween(bars, handles))
  }
  const handle = (label: string, value: number, move: (to: number) => void) => (
    <input
      type="range"
      aria-label={label}
      aria-valuetext={edgeWords(bars, value)}
      min={0}
      max={bars.length}
      step={1}
      value={value}
      onChange={({ target }) => move(Number(target.value))}
      onPointerUp={settle}
      onKeyUp={settle}
      onBlur={settle}
      className="h-[26px] w-full min-w-0 accent-accent pointer-coarse:h-11"
    />
  )
  const change = (next: { min?: number | undefined; max?: number | undefined }): void => {
    const { min, max } = { ...range, ...next }
    onChange(
      min === undefined && max === undefined
        ? undefined
        : { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
    )
  }
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-dense font-semibold">Parameters</legend>
      <p className="mb-1 text-meta text-ink-3">
        {range === undefined ? 'any number' : rangeWords(range)}
      </p>
      <Bars bars={bars} handles={handles} />
      <div className="mt-1 grid grid-cols-[auto_minmax(0,1fr)_64px] items-center gap-x-2 gap-y-1 text-meta text-ink-3">
        <span aria-hidden>From</span>
        {handle('At least', low, (to) => setHandles([Math.min(to, high - 1), high]))}
        <AmountField label="From" value={range?.min} onChange={(min) => change({ min })} />
        <span aria-hidden>To</span>
        {handle('At most', high, (to) => setHandles([low, Math.max(to, low + 1)]))}
        <AmountField label="To" value={range?.max} onChange={(max) => change({ max })} />
      </div>
    </fieldset>
  )
}
