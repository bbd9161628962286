/** What the answers so far would permit, asked of the evaluator that decides requests: on the first day, before the end, after it. */
import { useMutation } from '@tanstack/react-query'
import { FlaskConical } from 'lucide-react'
import { ApiError } from '@weighhouse/contract/client.ts'
import { hub } from '../../app/api.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Weight } from '../../parts/Weight.tsx'
import { dayWords } from '../../parts/words.ts'
import type { Supposed } from '../data.ts'
import { weightOf } from '../studio/weights.ts'
import type { Values } from './fields.ts'

const dayMs = 24 * 3_600_000

/** The day before the end, and the end itself. */
const instantsOf = ({ from, to }: Values): string[] => {
  const begin = typeof from === 'string' ? [from] : []
  const end = typeof to === 'string' ? [new Date(Date.parse(to) - dayMs).toISOString(), to] : []
  return [...begin, ...end]
}

const isOpen = ({ cells }: Supposed['rows'][number]): boolean =>
  cells.some(({ code }) => code === 'OK_AGREEMENT')

const Table = ({ rows }: Supposed) => (
  <div className="overflow-x-auto">
    <table className="w-full text-dense">
      <caption className="sr-only">What it would permit</caption>
      <thead>
        <tr className="border-b border-line text-start text-ink-2">
          <th scope="col" className="py-1.5 pe-3 text-start font-normal">
            The receiver may
          </th>
          {rows[0]?.cells.map(({ at }) => (
            <th
              key={at}
              scope="col"
              className="px-2 py-1.5 text-start font-normal whitespace-nowrap"
            >
              {dayWords(Date.parse(at))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ action, words, strength, cells }) => (
          <tr key={action} className="border-b border-line last:border-b-0">
            <th scope="row" className="py-1.5 pe-3 text-start font-normal">
              <span className="flex gap-2">
                <Weight kind={weightOf[strength]} size={14} />
                {words}
              </span>
            </th>
            {cells.map(({ at, code, needed }) => (
              <td key={at} className="px-2 py-1.5" title={needed ?? undefined}>
                {code === 'OK_AGREEMENT' ? 'yes' : <span className="text-fail">no</span>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

interface PreviewProps {
  readonly template: string
  readonly values: Values
  readonly send: Record<string, unknown>
  readonly onProblem: (problem: Error) => void
}

export const Preview = ({ template, values, send, onProblem }: PreviewProps) => {
  const ask = useMutation({
    mutationFn: () => {
      const purposes = Array.isArray(values['purposes'])
        ? { purposes: values['purposes'].slice(0, 1) }
        : {}
      const at = instantsOf(values)
      return hub.whatIfTemplate({
        template,
        values: send,
        ...purposes,
        ...(at.length === 0 ? {} : { at }),
      })
    },
    onError: onProblem,
  })
  const open = ask.data?.rows.filter(isOpen) ?? []
  return (
    <Panel
      title={
        <span className="inline-flex items-center gap-2">
          <FlaskConical size={16} strokeWidth={1.75} aria-hidden />
          What if
        </span>
      }
      aside="runs the same engine as real requests"
    >
      <div className="flex flex-col gap-3">
        <p className="text-dense text-ink-2">
          See what these answers would permit, before anybody reads them.
        </p>
        <div>
          <Button onClick={() => ask.mutate()} isBusy={ask.isPending}>
            Try it out
          </Button>
        </div>
        {ask.error instanceof ApiError && ask.error.details['field'] === undefined ? (
          <Banner kind="fail">{ask.error.message}</Banner>
        ) : null}
        {ask.data === undefined ? null : open.length === 0 ? (
          <p role="status" className="text-dense">
            It would permit nothing on these days.
          </p>
        ) : (
          <Table rows={open} />
        )}
      </div>
    </Panel>
  )
}
