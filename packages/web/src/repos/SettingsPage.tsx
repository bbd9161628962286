/** What a repo's administrators decide about it. What cannot be taken back is shown before it happens. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { hub } from '../app/api.ts'
import { Banner } from '../parts/Banner.tsx'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { Field, Select } from '../parts/Field.tsx'
import { useGo } from '../parts/Go.tsx'
import { Panel } from '../parts/Panel.tsx'
import { useToast } from '../parts/Toast.tsx'
import { type Repo, repoKey } from './data.ts'
import { callName, repoTo } from './place.ts'
import { NoWriting, RepoFrame } from './RepoFrame.tsx'

const sights = [
  { value: 'private', label: 'Private: its owner’s people, and whom it is shared with' },
  { value: 'internal', label: 'Internal: everyone with an account on this hub' },
  { value: 'public', label: 'Public: everyone, without signing in' },
] as const

const gates = [
  { value: 'open', label: 'No gate: who sees it may read it' },
  { value: 'auto', label: 'Terms first: who accepts them may read it' },
  { value: 'manual', label: 'Ask first: you decide about each request' },
] as const

type Sight = (typeof sights)[number]['value']
type Gate = (typeof gates)[number]['value']

interface SectionProps {
  readonly title: string
  readonly problem: string | undefined
  readonly children: ReactNode
}

const Section = ({ title, problem, children }: SectionProps) => (
  <Panel title={title}>
    <div className="flex flex-col gap-4">
      {problem === undefined ? null : <Banner kind="fail">{problem}</Banner>}
      {children}
    </div>
  </Panel>
)

const Access = ({ repo }: { readonly repo: Repo }) => {
  const [sight, setSight] = useState<Sight>(repo.visibility)
  const [gate, setGate] = useState<Gate>(repo.gate ?? 'open')
  const cache = useQueryClient()
  const toast = useToast()
  const isSame = sight === repo.visibility && gate === (repo.gate ?? 'open')
  const save = useMutation({
    mutationFn: () =>
      hub.changeRepo({ ...callName(repo), visibility: sight, gate: gate === 'open' ? null : gate }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: repoKey(repo) })
      await cache.invalidateQueries({ queryKey: ['repos'] })
      toast({ text: 'Saved. It holds from now on, for running downloads too.' })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Section title="Who may see and read it" problem={save.error?.message}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Select
          label="Who sees it"
          value={sight}
          options={sights}
          onChange={(event) =>
            setSight(sights.find(({ value }) => value === event.target.value)?.value ?? sight)
          }
        />
        <Select
          label="Gate"
          value={gate}
          options={gates}
          help="The card, licences and names of files stay open, so that terms can be read before they are accepted."
          onChange={(event) =>
            setGate(gates.find(({ value }) => value === event.target.value)?.value ?? gate)
          }
        />
        <div>
          <Button
            kind="primary"
            type="submit"
            isBusy={save.isPending}
            reason={isSame ? 'Nothing has changed yet.' : undefined}
          >
            Save
          </Button>
        </div>
      </form>
    </Section>
  )
}

const Rename = ({ repo }: { readonly repo: Repo }) => {
  const [name, setName] = useState(repo.name)
  const cache = useQueryClient()
  const toast = useToast()
  const go = useGo()
  const move = useMutation({
    mutationFn: () => hub.moveRepo({ ...callName(repo), toOwner: repo.owner, toName: name.trim() }),
    onSuccess: async ({ path }) => {
      await cache.invalidateQueries({ queryKey: ['repos'] })
      toast({ text: `It is called ${path} now. The old name leads here.` })
      go(repoTo({ type: repo.type, path }))
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    move.mutate()
  }
  return (
    <Section title="Name" problem={undefined}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={96}
          spellCheck={false}
          autoComplete="off"
          help="Links and clients that use the old name are led to the new one."
          error={move.error?.message}
        />
        <div>
          <Button
            type="submit"
            isBusy={move.isPending}
            reason={name.trim() === repo.name ? 'This is its name.' : undefined}
          >
            Rename
          </Button>
        </div>
      </form>
    </Section>
  )
}

const Delete = ({ repo }: { readonly repo: Repo }) => {
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const cache = useQueryClient()
  const toast = useToast()
  const go = useGo()
  const remove = useMutation({
    mutationFn: () => hub.deleteRepo(callName(repo)),
    onSuccess: async () => {
      toast({ text: `Deleted ${repo.path}.` })
      go(`/${encodeURIComponent(repo.owner)}`)
      cache.removeQueries({ queryKey: repoKey(repo) })
      await cache.invalidateQueries({ queryKey: ['repos'] })
    },
  })
  return (
    <Section title="Delete" problem={undefined}>
      <p className="text-dense text-ink-2">
        Its name, files and history go. Copies that people have downloaded stay with them.
      </p>
      <div>
        <Button kind="danger" onClick={() => setOpen(true)}>
          Delete {repo.path}
        </Button>
      </div>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Delete ${repo.path}?`}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button
              kind="danger"
              isBusy={remove.isPending}
              reason={typed === repo.path ? undefined : 'Type its name first.'}
              onClick={() => remove.mutate()}
            >
              Delete for good
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          {remove.error === null ? null : <Banner kind="warn">{remove.error.message}</Banner>}
          <p className="text-dense">This cannot be taken back.</p>
          <Field
            label={`Type ${repo.path}`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      </Dialog>
    </Section>
  )
}

export const SettingsPage = () => (
  <RepoFrame tab="settings">
    {(repo) => (
      <div className="mx-auto flex max-w-[720px] flex-col gap-5 px-4 py-6 sm:px-6">
        {repo.may.admin ? (
          <>
            <Access key={`${repo.visibility}-${repo.gate ?? ''}`} repo={repo} />
            <Rename repo={repo} />
            <Delete repo={repo} />
          </>
        ) : (
          <NoWriting repo={repo} />
        )}
      </div>
    )}
  </RepoFrame>
)
