/** One line: a name, a button. */
import type { UseMutationResult } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Field } from '../../parts/Field.tsx'

interface AddProps {
  readonly label: string
  readonly verb: string
  readonly help?: string
  readonly add: UseMutationResult<unknown, Error, string>
}

export const AddByName = ({ label, verb, help, add }: AddProps) => {
  const [name, setName] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    // What was typed meanwhile stays.
    add.mutate(name.trim(), { onSuccess: () => setName((now) => (now === name ? '' : now)) })
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3 border-t border-line p-4">
      <div className="min-w-48 flex-1">
        <Field
          label={label}
          required
          maxLength={256}
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={({ target }) => setName(target.value)}
          {...(help === undefined ? {} : { help })}
          error={add.error?.message}
        />
      </div>
      <Button type="submit" isBusy={add.isPending}>
        {verb}
      </Button>
    </form>
  )
}
