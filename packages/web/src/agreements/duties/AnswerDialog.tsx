/** The answer of the other side: content, not content, or it need not be done. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { TextArea } from '../../parts/Field.tsx'
import { Facts } from '../../parts/Panel.tsx'
import { plainName } from '../../parts/words.ts'
import { readAgain } from '../data.ts'
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
  const { org, duty, answer, onClose } = props
  const [reason, setReason] = useState('')
  const say = useMutation({
    mutationFn: () => send(props, reason.trim()),
    onSuccess: async () => {
      await readAgain(org)
      onClose()
    },
  })
  const needsReason = answer !== 'accept'
  const shown = evidenceLines(duty.evidence).map(([name, value]) => ({
    name,
    value: plainName(value),
  }))
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`${words[answer].button}: ${dutyName(duty.name)}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind={answer === 'accept' ? 'primary' : 'danger'}
            isBusy={say.isPending}
            reason={needsReason && reason.trim() === '' ? 'Say why first.' : undefined}
            onClick={() => say.mutate()}
          >
            {words[answer].button}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-dense">{words[answer].more}</p>
        {shown.length === 0 ? null : <Facts facts={shown} />}
        {needsReason ? (
          <TextArea
            label="Why"
            help="The other side reads it, and it stays in the record."
            value={reason}
            maxLength={1_000}
            required
            onChange={({ target }) => setReason(target.value)}
          />
        ) : null}
        {say.error === null ? null : <Banner kind="fail">{say.error.message}</Banner>}
      </div>
    </Dialog>
  )
}
