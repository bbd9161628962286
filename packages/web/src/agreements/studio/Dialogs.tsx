/** Acts that are shown before they happen: with a reason, or with a last day for an answer. */
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Field, TextArea } from '../../parts/Field.tsx'
import { type Agreement, type Named, readAgain } from '../data.ts'
import { type Reasoned, reasonedWords, sayWithReason } from './acts.ts'

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
}: ActProps & { readonly act: Reasoned }) => {
  const [reason, setReason] = useState('')
  const { title, effect, button, isGrave } = reasonedWords[act]
  const say = useMutation({
    mutationFn: () => sayWithReason(act, named, { reason: reason.trim(), seq: agreement.seq }),
    onSuccess: async () => {
      await readAgain(named.org)
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind={isGrave ? 'danger' : 'primary'}
            isBusy={say.isPending}
            reason={reason.trim() === '' ? 'Say why first.' : undefined}
            onClick={() => say.mutate()}
          >
            {button}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-dense">{effect}</p>
        <TextArea
          label="Why"
          help="The other side reads it, and it stays in the record."
          value={reason}
          maxLength={1_000}
          required
          onChange={({ target }) => setReason(target.value)}
        />
        {say.error === null ? null : <Banner kind="fail">{say.error.message}</Banner>}
      </div>
    </Dialog>
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
  const propose = useMutation({
    mutationFn: () =>
      hub.proposeAgreement({
        ...named,
        version,
        sha256,
        seq: agreement.seq,
        ...(day === '' ? {} : { offerUntil: `${day}T00:00:00.000Z` }),
      }),
    onSuccess: async () => {
      await readAgain(named.org)
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Propose version ${version}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" isBusy={propose.isPending} onClick={() => propose.mutate()}>
            Propose it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
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
        {propose.error === null ? null : <Banner kind="fail">{propose.error.message}</Banner>}
      </div>
    </Dialog>
  )
}

export const AgreeDialog = ({
  named,
  agreement,
  candidate,
  onClose,
}: ActProps & { readonly candidate: OnTable }) => {
  const { version, sha256 } = candidate
  const agree = useMutation({
    mutationFn: () => hub.agree({ ...named, version, sha256, seq: agreement.seq }),
    onSuccess: async () => {
      await readAgain(named.org)
      onClose()
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Agree to version ${version}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" isBusy={agree.isPending} onClick={() => agree.mutate()}>
            Agree
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-dense">
          You say yes to exactly these words. Nothing is in force yet: people with authority sign
          next.
        </p>
        {agree.error === null ? null : <Banner kind="fail">{agree.error.message}</Banner>}
      </div>
    </Dialog>
  )
}
