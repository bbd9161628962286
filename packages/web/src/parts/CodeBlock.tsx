/** Code to copy: what is copied runs, without prompts. */
import { CopyButton } from './CopyButton.tsx'

export const CodeBlock = ({ code, label }: { readonly code: string; readonly label: string }) => (
  <div className="relative">
    {/* Scrolls by keys too. */}
    <pre
      className="overflow-x-auto px-4 py-3 pe-24 text-code"
      dir="ltr"
      translate="no"
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <code>{code}</code>
    </pre>
    <div className="absolute end-2 top-2">
      <CopyButton text={code} label={`Copy ${label}`} withWord />
    </div>
  </div>
)
