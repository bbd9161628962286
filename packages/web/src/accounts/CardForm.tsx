/** What an account says of itself: of a person and of an organisation alike. */
import { type FormEvent, useState } from 'react'
import { useAct } from '../app/act.ts'
import { Button } from '../parts/Button.tsx'
import { Field, TextArea } from '../parts/Field.tsx'

interface Card {
  readonly fullName: string
  readonly details: string | null
  readonly website: string | null
}

interface Filled {
  readonly fullName: string
  readonly details: string
  readonly website: string
}

interface FormProps {
  readonly card: Card
  readonly nameLabel: string
  readonly save: (card: Filled) => Promise<unknown>
  readonly stale: readonly (readonly unknown[])[]
}

export const CardForm = ({ card, nameLabel, save, stale }: FormProps) => {
  const [wish, setWish] = useState<Filled>({
    fullName: card.fullName,
    details: card.details ?? '',
    website: card.website ?? '',
  })
  const keep = useAct({ act: () => save(wish), stale, done: 'Saved.' })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    keep.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <Field
        label={nameLabel}
        value={wish.fullName}
        maxLength={2000}
        onChange={(event) => setWish({ ...wish, fullName: event.target.value })}
      />
      <TextArea
        label="About"
        value={wish.details}
        maxLength={2000}
        onChange={(event) => setWish({ ...wish, details: event.target.value })}
      />
      <Field
        label="Website"
        type="url"
        value={wish.website}
        maxLength={2000}
        placeholder="https://"
        onChange={(event) => setWish({ ...wish, website: event.target.value })}
        error={keep.error?.message}
      />
      <div>
        <Button kind="primary" type="submit" isBusy={keep.isPending}>
          Save
        </Button>
      </div>
    </form>
  )
}
