/** Shows that a duty is done: words and a link; for deletion a certificate, which a person answers for after a proof. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Field, Select, TextArea } from '../../parts/Field.tsx'
import { Facts } from '../../parts/Panel.tsx'
import { Refused } from '../../parts/Refused.tsx'
import type { Acting } from '../Acting.tsx'
import { agreementQuery, versionQuery, whenSaid } from '../data.ts'
import type { Duty } from './data.ts'
import { dutyName, methods } from './words.ts'

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

/** What the agreement covers, and so what is certified to be gone; undefined while it is asked. */
const useCovered = ({ org }: Acting, { agreement }: Duty, isNeeded: boolean) => {
  const named = { org, id: agreement }
  const found = useQuery({ ...agreementQuery(named), enabled: isNeeded })
  const version = found.data?.inForce?.version
  const text = useQuery({ ...versionQuery(named, version ?? 0), enabled: version !== undefined })
  return { repos: text.data?.body.scope.repos, error: found.error ?? text.error }
}

interface ShowProps {
  readonly acting: Acting
  readonly duty: Duty
  readonly onClose: () => void
}

const isCertified = ({ name }: Duty): boolean => name === 'certifyDestruction'

const verbOf = (duty: Duty): string => (isCertified(duty) ? 'Certify' : 'Show it')

type Covered = ReturnType<typeof useCovered>['repos']

const certificateOf = (wish: Wish, covered: NonNullable<Covered>) => {
  const { places, method, day, name, title, remaining } = wish
  return {
    deleted: covered.map(({ type, path }) => ({ type, path, revisions: [] })),
    places: places
      .split('\n')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    method,
    deletedAt: `${day}T00:00:00Z`,
    person: { name: name.trim(), title: title.trim() },
    remaining: remaining.trim() === '' ? null : remaining.trim(),
  }
}

const useShow = ({ acting, duty, onClose }: ShowProps, covered: Covered) =>
  useAct({
    act: (wish: Wish) => {
      const { text, link } = wish
      return hub.fulfilDuty({
        org: acting.org,
        id: duty.agreement,
        duty: duty.id,
        ...(text.trim() === '' ? {} : { text: text.trim() }),
        ...(link.trim() === '' ? {} : { link: link.trim() }),
        ...(covered === undefined ? {} : { certificate: certificateOf(wish, covered) }),
      })
    },
    stale: whenSaid,
    verb: verbOf(duty),
    onDone: onClose,
  })

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
  const isCertificate = isCertified(duty)
  const [wish, setWish] = useState(() => start(acting.me.fullName))
  const covered = useCovered(acting, duty, isCertificate)
  const show = useShow(props, covered.repos)
  const formId = useId()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    show.mutate(wish)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={dutyName(duty.name)}
      width={560}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={show.isPending}
            reason={
              isCertificate && covered.repos === undefined
                ? 'What the agreement covers is not read yet.'
                : undefined
            }
          >
            {verbOf(duty)}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-dense text-ink-2">
          The other side reads what you show, and accepts or disputes it.
        </p>
        {isCertificate ? (
          <>
            <Facts
              facts={[
                {
                  name: 'Deleted',
                  value: covered.repos?.map(({ path }) => path).join(', ') ?? 'It is read.',
                },
              ]}
            />
            <CertificateFields wish={wish} onChange={setWish} />
          </>
        ) : null}
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
        <Refused error={show.error ?? covered.error} />
      </form>
    </Dialog>
  )
}
