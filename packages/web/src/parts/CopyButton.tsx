/** Copies a text, and says so. */
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { copyText } from '../app/clipboard.ts'
import { Button, IconButton } from './Button.tsx'
import { useToast } from './Toast.tsx'

const shownMs = 1_500

interface CopyProps {
  readonly text: string
  /** What is copied, for those who listen: "Copy the name". */
  readonly label: string
  /** With its word; otherwise the icon alone. */
  readonly withWord?: boolean
}

export const CopyButton = ({ text, label, withWord = false }: CopyProps) => {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const toast = useToast()
  const copy = (): void =>
    void copyText(text).then(
      () => setCopied(true),
      () => toast({ text: 'The browser did not let it be copied.', isProblem: true }),
    )
  const icon = isCopied ? (
    <Check size={14} strokeWidth={2} aria-hidden />
  ) : (
    <Copy size={14} strokeWidth={2} aria-hidden />
  )
  return (
    <>
      {withWord ? (
        <Button size="tight" icon={icon} onClick={copy} aria-label={label}>
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      ) : (
        <IconButton label={label} onClick={copy}>
          {icon}
        </IconButton>
      )}
      <span role="status" className="sr-only">
        {isCopied ? 'Copied' : ''}
      </span>
    </>
  )
}
