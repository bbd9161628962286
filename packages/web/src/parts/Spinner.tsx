/** Turns while something is in doubt. */
import { LoaderCircle } from 'lucide-react'

export const Spinner = () => (
  <LoaderCircle size={14} strokeWidth={2} className="animate-spin" aria-hidden />
)
