/** Branches and tags: where they stand, new ones, and taking one away. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { GitBranch, Plus, Tag, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useDeed } from '../app/deed.ts'
import { Button, IconButton } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Field, Select } from '../parts/Field.tsx'
import { Go } from '../parts/Go.tsx'
import { HashText } from '../parts/HashText.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Time } from '../parts/Time.tsx'
import { useToast } from '../parts/Toast.tsx'
import { plainName } from '../parts/words.ts'
import { refsQuery, type Repo, repoKey } from './data.ts'
import { callName, toIn } from './place.ts'
import { RepoFrame } from './RepoFrame.tsx'

type Kind = 'branch' | 'tag'
type Refs = Awaited<ReturnType<typeof hub.listRefs>>
type Ref = Refs['branches'][number]

const words = { branch: 'Branches', tag: 'Tags' } as const

/** One act on refs; what stands on the page is read again after it. */
const useRefAct = <T,>(repo: Repo, act: (wish: T) => Promise<void>, done: (wish: T) => void) => {
  const cache = useQueryClient()
  return useDeed({
    mutationFn: act,
    onSuccess: async (_answer, wish) => {
      await cache.invalidateQueries({ queryKey: repoKey(repo) })
      done(wish)
    },
  })
}

const NewRef = ({
  repo,
  kind,
  refs,
  onClose,
}: {
  readonly repo: Repo
  readonly kind: Kind
  readonly refs: Refs
  readonly onClose: () => void
}) => {
  const [name, setName] = useState('')
  const [from, setFrom] = useState('main')
  const toast = useToast()
  const make = useRefAct(
    repo,
    (wish: { name: string; from: string }) =>
      kind === 'branch'
        ? hub.createBranch({ ...callName(repo), branch: wish.name, from: wish.from })
        : hub.createTag({ ...callName(repo), tag: wish.name, from: wish.from }),
    (wish) => {
      toast({ text: `Made the ${kind} ${wish.name}.` })
      onClose()
    },
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate({ name: name.trim(), from })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field
        label="Name"
        value={name}
        onChange={(event) => setName(event.target.value)}
        required
        maxLength={200}
        autoFocus
        error={make.error?.message}
      />
      <Select
        label="Where it begins"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        options={[...refs.branches, ...refs.tags].map((ref) => ({
          value: ref.name,
          label: ref.name,
        }))}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={make.isPending}>
          Make the {kind}
        </Button>
      </div>
    </form>
  )
}

const RefList = ({
  repo,
  kind,
  refs,
}: {
  readonly repo: Repo
  readonly kind: Kind
  readonly refs: Refs
}) => {
  const [isNew, setNew] = useState(false)
  const [doomed, setDoomed] = useState<Ref>()
  const toast = useToast()
  const list = kind === 'branch' ? refs.branches : refs.tags
  const remove = useRefAct(
    repo,
    ({ name }: Ref) =>
      kind === 'branch'
        ? hub.deleteBranch({ ...callName(repo), branch: name })
        : hub.deleteTag({ ...callName(repo), tag: name }),
    ({ name }) => {
      setDoomed(undefined)
      toast({ text: `Deleted the ${kind} ${name}.` })
    },
  )
  return (
    <Panel
      isFlush
      title={words[kind]}
      aside={
        repo.may.write ? (
          <Button
            size="tight"
            icon={<Plus size={14} strokeWidth={2} aria-hidden />}
            onClick={() => setNew(true)}
          >
            New {kind}
          </Button>
        ) : undefined
      }
    >
      {list.length === 0 ? (
        <EmptyState title={`No ${kind === 'tag' ? 'tags' : 'branches'} yet`} />
      ) : null}
      <ul>
        {list.map((ref) => (
          <li
            key={ref.ref}
            data-row
            className="flex min-h-(--row-two) items-center gap-3 border-b border-line px-4 last:border-b-0 hover:bg-hover"
          >
            <span className="text-ink-3">
              {kind === 'branch' ? (
                <GitBranch size={16} aria-hidden />
              ) : (
                <Tag size={16} aria-hidden />
              )}
            </span>
            <span className="min-w-0 flex-1">
              <Go
                to={toIn(repo, 'tree', ref.name)}
                className="block truncate font-medium hover:underline"
              >
                {plainName(ref.name)}
              </Go>
              <span className="block truncate text-meta text-ink-3">
                {ref.title}, <Time at={ref.updatedAt} />
              </span>
            </span>
            <HashText hash={ref.commit} kind="commit" />
            {repo.may.write && ref.ref !== 'refs/heads/main' ? (
              <IconButton label={`Delete ${ref.name}`} onClick={() => setDoomed(ref)}>
                <Trash2 size={14} strokeWidth={2} aria-hidden />
              </IconButton>
            ) : null}
          </li>
        ))}
      </ul>
      <Dialog isOpen={isNew} onClose={() => setNew(false)} title={`New ${kind}`}>
        <NewRef repo={repo} kind={kind} refs={refs} onClose={() => setNew(false)} />
      </Dialog>
      <Dialog
        isOpen={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        title={`Delete the ${kind} ${doomed?.name ?? ''}?`}
        actions={
          <>
            <Button onClick={() => setDoomed(undefined)}>Keep it</Button>
            <Button
              kind="danger"
              isBusy={remove.isPending}
              onClick={() => doomed !== undefined && remove.mutate(doomed)}
            >
              Delete it
            </Button>
          </>
        }
      >
        <p className="text-dense">Commits that nothing else leads to are gone after a day.</p>
        {remove.error === null ? null : (
          <p role="alert" className="mt-2 text-dense text-fail">
            {remove.error.message}
          </p>
        )}
      </Dialog>
    </Panel>
  )
}

const Both = ({ repo }: { readonly repo: Repo }) => {
  const me = useMe()
  const { data, error, refetch } = useQuery(refsQuery(repo))
  if (error !== null)
    return <Failed error={error} isSignedIn={me != null} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton />
  return (
    <>
      <RefList repo={repo} kind="branch" refs={data} />
      <RefList repo={repo} kind="tag" refs={data} />
    </>
  )
}

export const RefsPage = () => (
  <RepoFrame tab="branches">
    {(repo) => (
      <div className="mx-auto flex max-w-[960px] flex-col gap-5 px-4 py-5 sm:px-6">
        <Both repo={repo} />
      </div>
    )}
  </RepoFrame>
)
