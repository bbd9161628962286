/** A new token: what it may do, where, for how long. */
import { permissions } from '@weighhouse/contract/tokens.ts'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { Checkbox, Field, Select, TextArea } from '../../parts/Field.tsx'
import { emptyForm, type NewToken, permissionWords, type TokenForm, wishOf } from './wish.ts'

const roles = [
  { value: 'read', label: 'Read: what its account may read' },
  { value: 'write', label: 'Write: what its account may do' },
  { value: 'fineGrained', label: 'Fine-grained: what you choose here' },
] as const

const lives = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '', label: 'No end' },
]

const reaches = [
  { value: 'all', label: 'All that its account reaches' },
  { value: 'account', label: 'Everything of one owner' },
  { value: 'repo', label: 'One repository' },
] as const

interface PartProps {
  readonly form: TokenForm
  readonly set: (form: TokenForm) => void
}

const Scope = ({ form, set }: PartProps) => (
  <fieldset className="flex flex-col gap-4 rounded-panel border border-line-2 p-3">
    <legend className="px-1 text-dense font-medium">What it reaches</legend>
    <Select
      label="Where"
      value={form.reach}
      options={reaches}
      onChange={({ target }) =>
        set({ ...form, reach: reaches.find(({ value }) => value === target.value)?.value ?? 'all' })
      }
    />
    {form.reach === 'all' ? null : (
      <Field
        label={form.reach === 'account' ? 'Owner' : 'Repository'}
        help={
          form.reach === 'account'
            ? 'The name of an organisation, or your own.'
            : 'owner/name of a model, datasets/owner/name of a dataset.'
        }
        required
        autoComplete="off"
        spellCheck={false}
        value={form.where}
        onChange={({ target }) => set({ ...form, where: target.value })}
      />
    )}
    <div className="grid gap-x-4 sm:grid-cols-2">
      {permissions.map((permission) => (
        <Checkbox
          key={permission}
          label={permissionWords[permission]}
          checked={form.permissions.includes(permission)}
          onChange={({ target }) =>
            set({
              ...form,
              permissions: target.checked
                ? [...form.permissions, permission]
                : form.permissions.filter((one) => one !== permission),
            })
          }
        />
      ))}
      <Checkbox
        label="Read gated ones it has access to"
        checked={form.readsGated}
        onChange={({ target }) => set({ ...form, readsGated: target.checked })}
      />
    </div>
  </fieldset>
)

interface NewProps {
  readonly make: (wish: NewToken) => void
  readonly isBusy: boolean
  readonly problem: string | undefined
  readonly onClose: () => void
}

export const NewTokenDialog = ({ make, isBusy, problem, onClose }: NewProps) => {
  const [form, set] = useState(emptyForm)
  const formId = useId()
  const hasNothing = form.role === 'fineGrained' && form.permissions.length === 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!hasNothing) make(wishOf(form, Date.now()))
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="New token"
      width={560}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            isBusy={isBusy}
            reason={hasNothing ? 'Choose at least one thing that it may do.' : undefined}
          >
            Create the token
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Name"
          help="Where it will be used: “laptop”, “training cluster”."
          required
          autoFocus
          maxLength={256}
          autoComplete="off"
          value={form.label}
          onChange={({ target }) => set({ ...form, label: target.value })}
          error={problem}
        />
        <Select
          label="What it may do"
          value={form.role}
          options={roles}
          onChange={({ target }) =>
            set({
              ...form,
              role: roles.find(({ value }) => value === target.value)?.value ?? 'read',
            })
          }
        />
        {form.role === 'fineGrained' ? <Scope form={form} set={set} /> : null}
        <Select
          label="It ends after"
          value={form.days}
          options={lives}
          onChange={({ target }) => set({ ...form, days: target.value })}
        />
        <TextArea
          label="Addresses it is accepted from"
          help="Addresses or ranges such as 192.0.2.0/24. Empty: from anywhere."
          rows={2}
          spellCheck={false}
          value={form.addresses}
          onChange={({ target }) => set({ ...form, addresses: target.value })}
        />
      </form>
    </Dialog>
  )
}
