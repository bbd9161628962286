/** A hash: short on screen, whole in print and in the clipboard. Never translated. */
import { CopyButton } from './CopyButton.tsx'
import { cutMiddle } from './words.ts'

interface HashProps {
  readonly hash: string
  /** A commit is known by its beginning, anything else by both ends. */
  readonly kind: 'commit' | 'sha256'
  readonly withCopy?: boolean
}

export const HashText = ({ hash, kind, withCopy = false }: HashProps) => (
  <span className="inline-flex items-center gap-1">
    <code className="text-code text-ink-2 print:hidden" dir="ltr" translate="no" title={hash}>
      {kind === 'commit' ? hash.slice(0, 7) : cutMiddle(hash, 8, 6)}
    </code>
    <code className="hidden print:inline">{hash}</code>
    {withCopy ? (
      <CopyButton text={hash} label={kind === 'commit' ? 'Copy the commit' : 'Copy the hash'} />
    ) : null}
  </span>
)
