/** Text with numbered lines. `#L10` and `#L10-L20` in the address select some. Only the lines in sight are in the page. */
import { useQuery } from '@tanstack/react-query'
import { useLocation, useRouter } from '@tanstack/react-router'
import { type FormEvent, type UIEvent, useEffect, useRef, useState } from 'react'
import { CodeLine } from '../../parts/CodeLine.tsx'
import { coloursQuery, type FileView, type Repo } from '../data.ts'

const lineHeight = 20
const spare = 30

const selectedIn = (hash: string): readonly [number, number] | undefined => {
  const [, first, last] = /^L(\d+)(?:-L?(\d+))?$/.exec(hash.replace(/^#/, '')) ?? []
  if (first === undefined) return undefined
  const from = Number(first)
  return [from, last === undefined ? from : Number(last)]
}

const LineField = ({ onSelect }: { readonly onSelect: (hash: string) => void }) => {
  const field = useRef<HTMLInputElement>(null)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const [, first, last] =
      /^L?(\d+)(?:\s*[-–]\s*L?(\d+))?$/.exec(field.current?.value.trim() ?? '') ?? []
    if (first !== undefined) onSelect(last === undefined ? `L${first}` : `L${first}-L${last}`)
  }
  return (
    <form
      onSubmit={submit}
      className="flex items-center gap-2 border-b border-line px-4 py-1.5 text-meta text-ink-3"
    >
      <label className="flex items-center gap-2">
        Lines
        <input
          ref={field}
          placeholder="10-20"
          autoComplete="off"
          className="h-[26px] w-24 rounded-control border border-control bg-surface px-2 text-meta text-ink"
        />
      </label>
      <span className="max-sm:hidden">Enter selects them, and the address says so.</span>
    </form>
  )
}

export const TextView = ({ repo, file }: { readonly repo: Repo; readonly file: FileView }) => {
  const { history } = useRouter()
  const { data: colours } = useQuery({
    ...coloursQuery(repo, `${file.revision}/${file.path}`),
    enabled: file.language !== null,
  })
  const onSelect = (next: string): void =>
    history.replace(`${location.pathname}${location.search}#${next}`)
  const lines = (file.text ?? '').replace(/\n$/, '').split('\n')
  const ref = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const { hash } = useLocation()
  const selected = selectedIn(hash)
  const from = selected?.[0]
  useEffect(() => {
    if (from !== undefined) ref.current?.scrollTo({ top: Math.max(0, (from - 6) * lineHeight) })
  }, [from])
  const height = Math.min(lines.length, 36) * lineHeight + 24
  const first = Math.max(0, Math.floor(top / lineHeight) - spare)
  const last = Math.min(lines.length, first + Math.ceil(height / lineHeight) + 2 * spare)
  const isIn = (line: number): boolean =>
    selected !== undefined && line >= selected[0] && line <= selected[1]
  const widest = lines.reduce((most, line) => Math.max(most, line.length), 0)
  return (
    <>
      <LineField onSelect={onSelect} />
      <div
        ref={ref}
        tabIndex={0}
        role="region"
        aria-label="Content"
        className="overflow-auto py-3 font-mono text-code"
        style={{ maxHeight: height }}
        onScroll={(event: UIEvent<HTMLDivElement>) => setTop(event.currentTarget.scrollTop)}
        dir="ltr"
        translate="no"
      >
        <div
          style={{
            height: lines.length * lineHeight,
            minWidth: `${Math.min(widest, 4_000) + 9}ch`,
          }}
        >
          <div style={{ transform: `translateY(${first * lineHeight}px)` }}>
            {lines.slice(first, last).map((line, at) => {
              const number = first + at + 1
              return (
                <div key={number} className={`flex h-5 ${isIn(number) ? 'bg-selected' : ''}`}>
                  {/* Keys choose lines by the field above. */}
                  {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
                  <span
                    onClick={() => onSelect(`L${number}`)}
                    className="w-14 shrink-0 cursor-pointer pe-4 text-end text-ink-3 select-none hover:text-ink"
                  >
                    {number}
                  </span>
                  <span className="whitespace-pre">
                    <CodeLine line={line} parts={colours?.lines?.[number - 1]} />
                  </span>
                </div>
              )
            })}
          </div>
        </div>
      </div>
    </>
  )
}
