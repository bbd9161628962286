/** Code to copy: what is copied runs, without prompts. */
import { CopyButton } from './CopyButton.tsx'

export const CodeBlock = ({ code, label }: { readonly code: string; readonly label: string }) => (
  <div className="flex items-start">
    {/* Scrolls by keys too. */}
    <pre
      className="min-w-0 flex-1 overflow-x-auto px-4 py-3 text-code"
      dir="ltr"
      translate="no"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <code>{code}</code>
    </pre>
    <div className="shrink-0 p-2">
      <CopyButton text={code} label={`Copy ${label}`} withWord />
    </div>
  </div>
)
