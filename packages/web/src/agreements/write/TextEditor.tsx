/** Clauses and machine terms themselves, for those who need what no question asks for. What is wrong is said while they write. */
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { TextArea } from '../../parts/Field.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { findingsIn } from './wish.ts'

interface EditorProps {
  readonly text: string
  readonly onChange: (text: string) => void
}

export const TextEditor = ({ text, onChange }: EditorProps) => {
  const read = useDeferredValue(text)
  const findings = useMemo(() => findingsIn(read), [read])
  return (
    <Panel title="Text and terms" aside="JSON">
      <div className="flex flex-col gap-3">
        <TextArea
          label="The version without its parties and models"
          help="Change a number in a clause and in its machine term alike: what is signed are both."
          value={text}
          rows={24}
          spellCheck={false}
          className="font-mono text-code"
          dir="ltr"
          onChange={({ target }) => onChange(target.value)}
        />
        <ul aria-label="Findings" role="status" className="flex flex-col gap-1.5 text-dense">
          {findings.length === 0 ? (
            <li className="text-ink-3">Nothing contradicts itself.</li>
          ) : null}
          {findings.map((one) => (
            <li key={one.text} className="flex gap-2">
              {one.level === 'error' ? (
                <CircleAlert size={16} className="mt-0.5 shrink-0 text-fail" aria-hidden />
              ) : (
                <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warn" aria-hidden />
              )}
              <span>
                <span className="sr-only">{one.level === 'error' ? 'Error: ' : 'Look: '}</span>
                {one.text}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  )
}
