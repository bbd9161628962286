/** Acts that are shown before they happen: with a reason, at once or with notice, or with a last day for an answer. */
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Field, Select } from '../../parts/Field.tsx'
import type { Agreement, Named } from '../data.ts'
import { SayDialog } from '../SayDialog.tsx'
import { endings, reasonedWords, sayWithReason, type WithoutChoice } from './acts.ts'

interface ActProps {
  readonly named: Named
  readonly agreement: Agreement
  readonly onClose: () => void
}

export const ReasonDialog = ({
  act,
  named,
  agreement,
  onClose,
}: ActProps & { readonly act: WithoutChoice }) => {
  const { title, effect, button, isGrave } = reasonedWords[act]
  return (
    <SayDialog
      title={title}
      verb={button}
      isGrave={isGrave}
      needsReason
      act={(reason) => sayWithReason(act, named, { reason, seq: agreement.seq })}
      onClose={onClose}
    >
      <p className="text-dense">{effect}</p>
    </SayDialog>
  )
}

/** With the notice that the text says; or at once, for a cause. */
export const EndDialog = ({ named, agreement, onClose }: ActProps) => {
  const [cause, setCause] = useState(false)
  const { title, effect, button } = reasonedWords.terminated
  return (
    <SayDialog
      title={title}
      verb={button}
      isGrave
      needsReason
      act={(reason) => hub.terminateAgreement({ ...named, reason, seq: agreement.seq, cause })}
      onClose={onClose}
    >
      <Select
        label="When"
        value={cause ? 'cause' : 'notice'}
        options={endings.map(({ value, label }) => ({ value, label }))}
        onChange={({ target }) => setCause(target.value === 'cause')}
      />
      <p className="text-dense">
        {endings.find(({ value }) => (value === 'cause') === cause)?.effect} {effect}
      </p>
    </SayDialog>
  )
}

type OnTable = NonNullable<Agreement['candidate']>

export const ProposeDialog = ({
  named,
  agreement,
  candidate,
  onClose,
}: ActProps & { readonly candidate: OnTable }) => {
  const [day, setDay] = useState('')
  const { version, sha256 } = candidate
  return (
    <SayDialog
      title={`Propose version ${version}`}
      verb="Propose it"
      act={() =>
        hub.proposeAgreement({
          ...named,
          version,
          sha256,
          seq: agreement.seq,
          ...(day === '' ? {} : { offerUntil: `${day}T00:00:00.000Z` }),
        })
      }
      onClose={onClose}
    >
      <p className="text-dense">
        The other side sees the text from now on. It may agree, counter or reject. Nobody is bound
        before all have signed.
      </p>
      <Field
        label="Offer lapses on (may be left out)"
        type="date"
        value={day}
        onChange={({ target }) => setDay(target.value)}
      />
    </SayDialog>
  )
}

export const AgreeDialog = ({
  named,
  agreement,
  candidate,
  onClose,
}: ActProps & { readonly candidate: OnTable }) => {
  const { version, sha256 } = candidate
  return (
    <SayDialog
      title={`Agree to version ${version}`}
      verb="Agree"
      act={() => hub.agree({ ...named, version, sha256, seq: agreement.seq })}
      onClose={onClose}
    >
      <p className="text-dense">
        You say yes to exactly these words. Nothing is in force yet: people with authority sign
        next.
      </p>
    </SayDialog>
  )
}
