/** A text file, changed or begun in the browser, as one commit. What was typed survives a refusal. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '@weighhouse/contract/client.ts'
import type { FormEvent } from 'react'
import { useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useDeed } from '../app/deed.ts'
import { useFirst } from '../app/first.ts'
import { useKept } from '../app/kept.ts'
import { BackNote } from '../parts/BackNote.tsx'
import { Banner } from '../parts/Banner.tsx'
import { Button, LinkButton } from '../parts/Button.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Field, TextArea } from '../parts/Field.tsx'
import { useGo } from '../parts/Go.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { useToast } from '../parts/Toast.tsx'
import { plainName } from '../parts/words.ts'
import { fileQuery, type Repo, repoKey, treeQuery } from './data.ts'
import { callName, fileName, type RepoPlace, toIn } from './place.ts'
import { NoWriting, RepoFrame } from './RepoFrame.tsx'

interface Start {
  readonly branch: string
  /** What it was made from: when the branch has moved on, the hub says so. */
  readonly parent: string
  /** '' where the name is yet to be chosen. */
  readonly path: string
  readonly text: string
  readonly isNew: boolean
}

/** What the form holds. What it was made from is kept with it: the branch may have moved on since. */
interface Written {
  readonly parent: string
  readonly path: string
  readonly text: string
  readonly title: string
}

const movedWords =
  'Somebody else changed this branch while you wrote. Your text is still here: copy it, open the file again, and put it in.'

const problemWords = (error: Error): string =>
  error instanceof ApiError && error.code === 'ref_moved' ? movedWords : error.message

interface EditorProps {
  readonly repo: Repo
  readonly start: Start
  /** Where the branch is now. */
  readonly head: string
}

const Editor = ({ repo, start, head }: EditorProps) => {
  const kept = useKept<Written>(
    `edit:${repo.type}/${repo.path}:${start.branch}:${start.isNew ? 'new:' : ''}${start.path}`,
    () => ({ parent: start.parent, path: start.path, text: start.text, title: '' }),
  )
  const { parent, path, text, title } = kept.value
  const change = (next: Partial<Written>): void => kept.set({ ...kept.value, ...next })
  const go = useGo()
  const toast = useToast()
  const cache = useQueryClient()
  const suggested = `${start.isNew ? 'Add' : 'Change'} ${fileName(path) || 'a file'}`
  const save = useDeed({
    mutationFn: () =>
      hub.commitFiles({
        ...callName(repo),
        branch: start.branch,
        parent,
        title: title.trim() === '' ? suggested : title.trim(),
        operations: [{ kind: 'text', path: path.trim(), text }],
      }),
    onSuccess: async () => {
      kept.forget()
      await cache.invalidateQueries({ queryKey: repoKey(repo) })
      toast({ text: `Saved ${fileName(path)} on ${start.branch}.` })
      go(toIn(repo, 'blob', start.branch, path.trim()))
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  const isSame = !start.isNew && text === start.text
  const place = start.isNew
    ? toIn(repo, 'tree', start.branch)
    : toIn(repo, 'blob', start.branch, start.path)
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {save.error === null ? null : <Banner kind="fail">{problemWords(save.error)}</Banner>}
      <BackNote kept={kept} />
      {head === parent || !save.isIdle ? null : <Banner kind="warn">{movedWords}</Banner>}
      {start.isNew ? (
        <Field
          label="Name, with its folders"
          value={path}
          onChange={(event) => change({ path: event.target.value })}
          required
          maxLength={1_000}
          spellCheck={false}
          autoComplete="off"
        />
      ) : (
        <h2 className="text-title">Edit {plainName(path)}</h2>
      )}
      <TextArea
        label="Text"
        rows={24}
        value={text}
        onChange={(event) => change({ text: event.target.value })}
        spellCheck={path.endsWith('.md')}
        className="font-mono text-code"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit()
        }}
      />
      <Field
        label="What changes, in a line"
        value={title}
        onChange={(event) => change({ title: event.target.value })}
        placeholder={suggested}
        maxLength={200}
      />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          kind="primary"
          type="submit"
          isBusy={save.isPending}
          reason={isSame ? 'Nothing has changed yet.' : undefined}
        >
          Commit to {start.branch}
        </Button>
        <LinkButton to={place} onClick={kept.forget}>
          Cancel
        </LinkButton>
      </div>
    </form>
  )
}

const Existing = ({ repo, at }: { readonly repo: Repo; readonly at: string }) => {
  const me = useMe()
  const { data, error } = useQuery({ ...fileQuery(repo, at), staleTime: 0, gcTime: 0 })
  const file = useFirst(data)
  if (error !== null && file === undefined) return <Failed error={error} isSignedIn={me != null} />
  if (file === undefined || me === undefined) return <Skeleton rows={12} />
  if (file.text === null || !file.isWhole || file.isLfs || file.kind !== 'branch') {
    return (
      <Banner kind="warn">
        Only whole texts on a branch are edited here. Use a client for the rest.
      </Banner>
    )
  }
  return (
    <Editor
      repo={repo}
      head={data?.commit ?? file.commit}
      start={{
        branch: file.revision,
        parent: file.commit,
        path: file.path,
        text: file.text,
        isNew: false,
      }}
    />
  )
}

const Fresh = ({ repo, at }: { readonly repo: Repo; readonly at: string }) => {
  const me = useMe()
  const isCard = /(^|\/)README\.md$/.test(at)
  // The folder may not be there yet; the branch is.
  const branch = at.split('/')[0] ?? 'main'
  const { data: now, error } = useQuery({
    queryKey: [...treeQuery(repo, branch).queryKey, 'first'],
    queryFn: () => hub.getTree({ ...callName(repo), at: branch }),
  })
  const data = useFirst(now)
  if (error !== null && data === undefined) return <Failed error={error} isSignedIn={me != null} />
  if (data === undefined || me === undefined) return <Skeleton rows={12} />
  const rest = at.slice(branch.length + 1)
  const path = rest === '' || isCard ? rest : `${rest}/`
  return (
    <Editor
      repo={repo}
      head={now?.commit ?? data.commit}
      start={{
        branch: data.revision,
        parent: data.commit,
        path,
        text: isCard ? `# ${repo.name}\n` : '',
        isNew: true,
      }}
    />
  )
}

const Begin = ({ repo, place }: { readonly repo: Repo; readonly place: RepoPlace }) => {
  // Whoever has begun goes on: what they may no longer do, the hub refuses when it is sent, and the text stays.
  const couldWrite = useFirst(repo.may.write ? true : undefined)
  if (couldWrite !== true) return <NoWriting repo={repo} />
  return place.verb === 'new' ? (
    <Fresh repo={repo} at={place.tail} />
  ) : (
    <Existing repo={repo} at={place.tail} />
  )
}

export const EditPage = () => (
  <RepoFrame tab="files">
    {(repo, place) => (
      <div className="mx-auto flex max-w-[960px] flex-col gap-4 px-4 py-5 sm:px-6">
        <Begin key={`${place.verb}/${place.tail}`} repo={repo} place={place} />
      </div>
    )}
  </RepoFrame>
)
