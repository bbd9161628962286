/** The answer of the other side: content, not content, or it need not be done. */
import { hub } from '../../app/api.ts'
import { Facts } from '../../parts/Panel.tsx'
import { plainName } from '../../parts/words.ts'
import { SayDialog } from '../SayDialog.tsx'
import type { Duty } from './data.ts'
import { dutyName, evidenceLines } from './words.ts'

export type Answer = 'accept' | 'dispute' | 'waive'

const words: Readonly<Record<Answer, { button: string; more: string }>> = {
  accept: { button: 'Accept', more: 'You are content with what was shown.' },
  dispute: { button: 'Dispute', more: 'You are not content: it is owed again.' },
  waive: { button: 'Waive', more: 'It need not be done any more.' },
}

interface AnswerProps {
  readonly org: string
  readonly duty: Duty
  readonly answer: Answer
  readonly onClose: () => void
}

const send = ({ org, duty, answer }: AnswerProps, reason: string): Promise<void> => {
  const named = { org, id: duty.agreement, duty: duty.id }
  if (answer === 'accept') return hub.acceptDuty(named)
  return answer === 'dispute'
    ? hub.disputeDuty({ ...named, reason })
    : hub.waiveDuty({ ...named, reason })
}

export const AnswerDialog = (props: AnswerProps) => {
  const { duty, answer, onClose } = props
  const shown = evidenceLines(duty.evidence).map(([name, value]) => ({
    name: plainName(name),
    value: plainName(value),
  }))
  return (
    <SayDialog
      title={`${words[answer].button}: ${dutyName(duty.name)}`}
      verb={words[answer].button}
      isGrave={answer !== 'accept'}
      needsReason={answer !== 'accept'}
      act={(reason) => send(props, reason)}
      onClose={onClose}
    >
      <p className="text-dense">{words[answer].more}</p>
      {shown.length === 0 ? null : <Facts facts={shown} />}
    </SayDialog>
  )
}
