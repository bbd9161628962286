/** Code to copy: what is copied runs, without prompts. */
import { CopyButton } from './CopyButton.tsx'

export const CodeBlock = ({
  code,
  label,
  isNarrow = false,
}: {
  readonly code: string
  readonly label: string
  /** Where there is no room beside: long lines go on in the next, and the button stands beneath. */
  readonly isNarrow?: boolean
}) => (
  <div className={`flex ${isNarrow ? 'flex-col' : 'items-start'}`}>
    {/* Scrolls by keys too. */}
    <pre
      className={`min-w-0 flex-1 overflow-x-auto px-4 py-3 text-code ${isNarrow ? 'whitespace-pre-wrap wrap-anywhere' : ''}`}
      dir="ltr"
      translate="no"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <code>{code}</code>
    </pre>
    <div className={`shrink-0 ${isNarrow ? 'self-end px-2 pb-2' : 'p-2'}`}>
      <CopyButton text={code} label={`Copy ${label}`} withWord />
    </div>
  </div>
)
