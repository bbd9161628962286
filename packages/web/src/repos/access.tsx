/** What the viewer may do with a repo, in a word. The hub decided; this only says it. */
import { Ban, Clock, FileCheck2, Hand, House, Lock, LockOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { plainName } from '../parts/words.ts'
import type { Listed } from './data.ts'

const icon = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const

interface Words {
  readonly word: string
  readonly more: string
  readonly icon: ReactNode
  readonly tone: string
}

type Seen = Pick<Listed, 'may' | 'hold' | 'gate' | 'visibility' | 'agreement'>

const holds = {
  legal_hold: 'under a legal hold',
  takedown: 'taken down',
  quarantine: 'in quarantine',
} as const

const seenBy = {
  public: 'everyone',
  internal: 'everyone signed in',
  private: 'shared with you',
} as const

const accessWords = ({ may, hold, gate, visibility, agreement }: Seen): Words => {
  if (hold !== null)
    return { word: 'Held', more: holds[hold], icon: <Ban {...icon} />, tone: 'text-fail' }
  if (may.write)
    return {
      word: 'Yours',
      more: may.admin ? 'you administer it' : 'you may write',
      icon: <House {...icon} />,
      tone: 'text-ink',
    }
  if (agreement !== null)
    return {
      word: 'Covered',
      more: plainName(agreement.title),
      icon: <FileCheck2 {...icon} />,
      tone: 'text-ink',
    }
  if (may.read)
    return {
      word: gate === null ? 'Open' : 'Granted',
      more: seenBy[visibility],
      icon: <LockOpen {...icon} />,
      tone: 'text-ink',
    }
  if (gate === 'manual')
    return {
      word: 'Ask first',
      more: 'its owner decides',
      icon: <Hand {...icon} />,
      tone: 'text-ink',
    }
  if (gate === 'auto')
    return {
      word: 'Accept terms',
      more: 'then it is open',
      icon: <Clock {...icon} />,
      tone: 'text-ink',
    }
  return {
    word: 'Not for you',
    more: 'see why on its page',
    icon: <Lock {...icon} />,
    tone: 'text-ink-2',
  }
}

export const AccessWord = ({ repo }: { readonly repo: Seen }) => {
  const { word, more, icon: mark, tone } = accessWords(repo)
  return (
    <span className="flex min-w-0 gap-2">
      <span className={`mt-0.5 ${tone}`}>{mark}</span>
      <span className="min-w-0">
        <span className={`block truncate ${tone}`}>{word}</span>
        <span className="block truncate text-meta text-ink-3">{more}</span>
      </span>
    </span>
  )
}

export const visibilityWords = {
  public: 'Public',
  internal: 'Internal',
  private: 'Private',
} as const
