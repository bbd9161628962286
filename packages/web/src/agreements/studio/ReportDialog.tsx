/** Something happened outside the hub that the text speaks of: whoever says so sets its duties going. */
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Field, Select } from '../../parts/Field.tsx'
import type { Acting } from '../Acting.tsx'
import type { Agreement } from '../data.ts'
import { SayDialog } from '../SayDialog.tsx'

const events = [
  { value: 'incident', label: 'An incident' },
  { value: 'publication', label: 'A publication' },
  { value: 'publicationDraft', label: 'A publication is being written' },
  { value: 'redistribution', label: 'It was passed on' },
  { value: 'derivative', label: 'A model was made from it' },
  { value: 'memberExit', label: 'A member leaves' },
] as const

interface ReportProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly onClose: () => void
}

export const ReportDialog = ({ acting, agreement, onClose }: ReportProps) => {
  const { org } = acting
  const [event, setEvent] = useState<(typeof events)[number]['value']>('incident')
  const [about, setAbout] = useState(org)
  const [at, setAt] = useState('')
  // Who speaks of another says no time: nobody is made late by a date in the past.
  const isOwn = about === org
  return (
    <SayDialog
      title="Report that something happened"
      verb="Report it"
      needsReason
      reasonLabel="What happened"
      act={(text) =>
        hub.reportEvent({
          org,
          id: agreement.id,
          event,
          about,
          text,
          ...(isOwn && at !== '' ? { at: new Date(at).toISOString() } : {}),
        })
      }
      onClose={onClose}
    >
      <p className="text-dense">
        Duties that the text ties to it begin now, with their dates. It cannot be taken back.
      </p>
      <Select
        label="What"
        value={event}
        options={events}
        onChange={({ target }) =>
          setEvent(events.find(({ value }) => value === target.value)?.value ?? event)
        }
      />
      <Select
        label="At which party"
        value={about}
        options={agreement.parties.map(({ name }) => ({ value: name, label: name }))}
        onChange={({ target }) => setAbout(target.value)}
      />
      {isOwn ? (
        <Field
          label="When it was noticed (now, if left out)"
          type="datetime-local"
          value={at}
          onChange={({ target }) => setAt(target.value)}
        />
      ) : null}
    </SayDialog>
  )
}
