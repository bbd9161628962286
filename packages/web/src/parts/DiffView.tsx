/** Text that changed, hunk by hunk. Insertions and deletions are said as well as coloured. */

export interface Hunk {
  readonly oldStart: number
  readonly newStart: number
  readonly lines: readonly string[]
}

interface Line {
  readonly key: string
  readonly sign: string
  readonly text: string
  readonly oldAt: number | undefined
  readonly newAt: number | undefined
}

const linesOf = ({ oldStart, newStart, lines }: Hunk): Line[] => {
  let oldAt = oldStart
  let newAt = newStart
  return lines.map((line, at) => {
    const sign = line.charAt(0)
    const found: Line = {
      key: `${oldStart}-${at}`,
      sign,
      text: line.slice(1),
      oldAt: sign === '+' ? undefined : oldAt,
      newAt: sign === '-' ? undefined : newAt,
    }
    if (sign !== '+') oldAt += 1
    if (sign !== '-') newAt += 1
    return found
  })
}

const looks: Readonly<Record<string, string>> = {
  '+': 'bg-add-bg text-add-ink',
  '-': 'bg-del-bg text-del-ink',
}

const spoken: Readonly<Record<string, string>> = { '+': 'inserted', '-': 'deleted' }

export const DiffView = ({
  hunks,
  label,
}: {
  readonly hunks: readonly Hunk[]
  readonly label: string
}) => (
  <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
    <table className="w-full border-collapse font-mono text-code" dir="ltr" translate="no">
      <tbody>
        {hunks.map((hunk) => [
          <tr key={`head-${hunk.oldStart}-${hunk.newStart}`} className="bg-sunken text-ink-3">
            <td colSpan={4} className="px-4 py-0.5">
              line {hunk.newStart}
            </td>
          </tr>,
          ...linesOf(hunk).map(({ key, sign, text, oldAt, newAt }) => (
            <tr key={key} className={looks[sign] ?? ''}>
              <td className="w-12 px-2 text-end text-ink-3 select-none">{oldAt}</td>
              <td className="w-12 px-2 text-end text-ink-3 select-none">{newAt}</td>
              <td className="w-4 select-none">
                <span aria-hidden>{sign}</span>
                <span className="sr-only">{spoken[sign]}</span>
              </td>
              <td className="pe-4 whitespace-pre">{text}</td>
            </tr>
          )),
        ])}
      </tbody>
    </table>
  </div>
)
