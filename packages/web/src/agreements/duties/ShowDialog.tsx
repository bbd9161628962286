/** Shows that a duty is done: words, a link, a hash; for deletion a certificate, which a person answers for after a proof. */
import { useQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Field, Select, TextArea } from '../../parts/Field.tsx'
import { isProofNeeded, Proof } from '../../signin/Proof.tsx'
import type { Acting } from '../Acting.tsx'
import { agreementQuery, readAgain, versionQuery } from '../data.ts'
import type { Duty } from './data.ts'
import { dutyName } from './words.ts'

const methods = [
  { value: 'deleted', label: 'Deleted' },
  { value: 'overwritten', label: 'Overwritten' },
  { value: 'cryptoErased', label: 'Their key was destroyed' },
  { value: 'mediaDestroyed', label: 'The media were destroyed' },
] as const

interface Wish {
  readonly text: string
  readonly link: string
  readonly places: string
  readonly method: (typeof methods)[number]['value']
  readonly day: string
  readonly name: string
  readonly title: string
  readonly remaining: string
}

const start = (name: string): Wish => ({
  text: '',
  link: '',
  places: '',
  method: 'deleted',
  day: '',
  name,
  title: '',
  remaining: '',
})

/** What the agreement covers, and so what is certified to be gone. */
const useCovered = ({ org }: Acting, { agreement }: Duty, isNeeded: boolean) => {
  const named = { org, id: agreement }
  const found = useQuery({ ...agreementQuery(named), enabled: isNeeded }).data
  const version = found?.inForce?.version
  return useQuery({ ...versionQuery(named, version ?? 0), enabled: version !== undefined }).data
    ?.body.scope.repos
}

interface ShowProps {
  readonly acting: Acting
  readonly duty: Duty
  readonly onClose: () => void
}

const useShow = ({ acting, duty, onClose }: ShowProps, isCertificate: boolean) => {
  const covered = useCovered(acting, duty, isCertificate)
  return useMutation({
    mutationFn: (wish: Wish) => {
      const named = { org: acting.org, id: duty.agreement, duty: duty.id }
      const { text, link, places, method, day, name, title, remaining } = wish
      const said = {
        ...(text.trim() === '' ? {} : { text: text.trim() }),
        ...(link.trim() === '' ? {} : { link: link.trim() }),
      }
      if (!isCertificate) return hub.fulfilDuty({ ...named, ...said })
      const deleted = (covered ?? []).map(({ type, path }) => ({ type, path, revisions: [] }))
      const certificate = {
        deleted,
        places: places
          .split('\n')
          .map((one) => one.trim())
          .filter((one) => one !== ''),
        method,
        deletedAt: `${day}T00:00:00.000Z`,
        person: { name: name.trim(), title: title.trim() },
        remaining: remaining.trim() === '' ? null : remaining.trim(),
      }
      return hub.fulfilDuty({ ...named, ...said, certificate })
    },
    onSuccess: async () => {
      await readAgain(acting.org)
      onClose()
    },
  })
}

const CertificateFields = ({
  wish,
  onChange,
}: {
  readonly wish: Wish
  readonly onChange: (wish: Wish) => void
}) => (
  <>
    <TextArea
      label="Where the copies were"
      help="One place in each line: a cluster, a bucket, a backup."
      value={wish.places}
      rows={3}
      onChange={({ target }) => onChange({ ...wish, places: target.value })}
    />
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label="How"
        value={wish.method}
        options={methods}
        onChange={({ target }) => {
          const found = methods.find(({ value }) => value === target.value)
          if (found !== undefined) onChange({ ...wish, method: found.value })
        }}
      />
      <Field
        label="When"
        type="date"
        required
        value={wish.day}
        onChange={({ target }) => onChange({ ...wish, day: target.value })}
      />
      <Field
        label="Who answers for it"
        required
        value={wish.name}
        onChange={({ target }) => onChange({ ...wish, name: target.value })}
      />
      <Field
        label="Title"
        required
        value={wish.title}
        onChange={({ target }) => onChange({ ...wish, title: target.value })}
      />
    </div>
    <Field
      label="What remains, and why (may be left out)"
      value={wish.remaining}
      onChange={({ target }) => onChange({ ...wish, remaining: target.value })}
    />
  </>
)

export const ShowDialog = (props: ShowProps) => {
  const { acting, duty, onClose } = props
  const isCertificate = duty.name === 'certifyDestruction'
  const [wish, setWish] = useState(() => start(acting.me.fullName))
  const show = useShow(props, isCertificate)
  const button = isCertificate ? 'Certify' : 'Show it'
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={dutyName(duty.name)}
      width={560}
      actions={
        isProofNeeded(show.error) ? undefined : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" isBusy={show.isPending} onClick={() => show.mutate(wish)}>
              {button}
            </Button>
          </>
        )
      }
    >
      {isProofNeeded(show.error) ? (
        <Proof button={button} onProved={() => show.mutate(wish)} />
      ) : (
        <div className="flex flex-col gap-4">
          <p className="text-dense text-ink-2">
            The other side reads what you show, and accepts or disputes it.
          </p>
          {isCertificate ? <CertificateFields wish={wish} onChange={setWish} /> : null}
          <TextArea
            label={isCertificate ? 'Remarks (may be left out)' : 'What was done'}
            value={wish.text}
            maxLength={10_000}
            onChange={({ target }) => setWish({ ...wish, text: target.value })}
          />
          {isCertificate ? null : (
            <Field
              label="Link to a document (may be left out)"
              type="url"
              value={wish.link}
              onChange={({ target }) => setWish({ ...wish, link: target.value })}
            />
          )}
          {show.error === null ? null : <Banner kind="fail">{show.error.message}</Banner>}
        </div>
      )}
    </Dialog>
  )
}
