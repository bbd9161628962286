/** One file: what it is, and its content shown as what it is. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { ApiError } from '@weighhouse/contract/client.ts'
import { Download, History, Pencil, Trash2 } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useDeed } from '../app/deed.ts'
import { hrefOf } from '../app/base.ts'
import { useShortcut } from '../app/shortcuts.ts'
import { Button, LinkButton } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Go, useGo } from '../parts/Go.tsx'
import { HashText } from '../parts/HashText.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Size, Time } from '../parts/Time.tsx'
import { useToast } from '../parts/Toast.tsx'
import { Crumbs } from './Crumbs.tsx'
import { fileQuery, type FileView, type Repo, repoKey, treeQuery } from './data.ts'
import { callName, fileName, folderName, type RepoPlace, toIn } from './place.ts'
import { RefPicker } from './RefPicker.tsx'
import { RepoFrame } from './RepoFrame.tsx'

const TextView = lazy(() =>
  import('./views/TextView.tsx').then((all) => ({ default: all.TextView })),
)
const MarkdownView = lazy(() =>
  import('./views/MarkdownView.tsx').then((all) => ({ default: all.MarkdownView })),
)
const TableView = lazy(() =>
  import('./views/TableView.tsx').then((all) => ({ default: all.TableView })),
)
const NotebookView = lazy(() =>
  import('./views/NotebookView.tsx').then((all) => ({ default: all.NotebookView })),
)
const TensorView = lazy(() =>
  import('./views/TensorView.tsx').then((all) => ({ default: all.TensorView })),
)
const ParquetView = lazy(() =>
  import('./views/ParquetView.tsx').then((all) => ({ default: all.ParquetView })),
)
const MediaView = lazy(() =>
  import('./views/MediaView.tsx').then((all) => ({ default: all.MediaView })),
)

interface ViewProps {
  readonly repo: Repo
  readonly file: FileView
}

const View = ({ repo, file }: ViewProps): ReactNode => {
  const bytes = hrefOf(toIn(repo, 'resolve', file.revision, file.path))
  switch (file.view) {
    case 'markdown':
      return <MarkdownView repo={repo} file={file} />
    case 'table':
      return <TableView file={file} />
    case 'notebook':
      return <NotebookView repo={repo} file={file} />
    case 'tensors':
      return <TensorView repo={repo} file={file} />
    case 'parquet':
      return <ParquetView repo={repo} file={file} />
    case 'image':
    case 'audio':
    case 'video':
      return <MediaView kind={file.view} src={bytes} name={fileName(file.path)} />
    case 'binary':
      return (
        <p className="px-4 py-14 text-center text-dense text-ink-2">
          This is no text, and nothing here shows it. Download it to look inside.
        </p>
      )
    default:
      return <TextView repo={repo} file={file} />
  }
}

/** A folder goes with its last file: the nearest one that is left. */
const folderLeft = async (cache: QueryClient, { repo, file }: ViewProps): Promise<string> => {
  let folder = folderName(file.path)
  for (; folder !== ''; folder = folderName(folder)) {
    try {
      await cache.fetchInfiniteQuery(treeQuery(repo, `${file.revision}/${folder}`))
      break
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) break
    }
  }
  return folder
}

const DeleteButton = ({ repo, file }: ViewProps) => {
  const [isOpen, setOpen] = useState(false)
  const toast = useToast()
  const go = useGo()
  const cache = useQueryClient()
  const name = fileName(file.path)
  const remove = useDeed({
    mutationFn: () =>
      hub.commitFiles({
        ...callName(repo),
        branch: file.revision,
        parent: file.commit,
        title: `Delete ${name}`,
        operations: [{ kind: 'delete', path: file.path }],
      }),
    onSuccess: async () => {
      // Nothing is read again for this page, whose file is gone.
      await cache.invalidateQueries({ queryKey: repoKey(repo), refetchType: 'none' })
      toast({ text: `Deleted ${name}. Its history stays.` })
      go(toIn(repo, 'tree', file.revision, await folderLeft(cache, { repo, file })))
    },
  })
  return (
    <>
      <Button icon={<Trash2 size={14} strokeWidth={2} aria-hidden />} onClick={() => setOpen(true)}>
        Delete
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Delete ${name}?`}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>Keep it</Button>
            <Button kind="danger" isBusy={remove.isPending} onClick={() => remove.mutate()}>
              Delete {name}
            </Button>
          </>
        }
      >
        <p className="text-dense">
          A commit on <strong>{file.revision}</strong> takes it away. Earlier commits keep it.
        </p>
        {remove.error === null ? null : (
          <p role="alert" className="mt-2 text-dense text-fail">
            {remove.error.message}
          </p>
        )}
      </Dialog>
    </>
  )
}

const editable: ReadonlySet<FileView['view']> = new Set(['text', 'markdown', 'table'])

const Tools = ({ repo, file }: ViewProps) => {
  const mayChange = repo.may.write && file.kind === 'branch'
  const icon = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RefPicker
        repo={repo}
        verb="blob"
        revision={file.revision}
        kind={file.kind}
        path={file.path}
      />
      <Crumbs repo={repo} revision={file.revision} path={file.path} />
      <div className="flex-1" />
      <LinkButton to={toIn(repo, 'commits', file.revision)} icon={<History {...icon} />}>
        History
      </LinkButton>
      {mayChange && editable.has(file.view) && file.isWhole && !file.isLfs ? (
        <LinkButton to={toIn(repo, 'edit', file.revision, file.path)} icon={<Pencil {...icon} />}>
          Edit
        </LinkButton>
      ) : null}
      {mayChange ? <DeleteButton repo={repo} file={file} /> : null}
      <a
        href={`${hrefOf(toIn(repo, 'resolve', file.revision, file.path))}?download=true`}
        className="inline-flex h-[34px] items-center gap-1.5 rounded-control bg-accent px-3 font-medium text-accent-ink hover:bg-accent-hover"
      >
        <Download {...icon} />
        Download
      </a>
    </div>
  )
}

const About = ({ repo, file }: ViewProps) => (
  <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-dense text-ink-2">
    <Size bytes={file.sizeBytes} />
    {file.isLfs ? <span>LFS</span> : null}
    {file.sha256 === null ? null : (
      <span className="inline-flex items-center gap-1">
        sha256 <HashText hash={file.sha256} kind="sha256" withCopy />
      </span>
    )}
    {file.last === null ? null : (
      <span className="min-w-0 truncate">
        changed in{' '}
        <Go
          to={toIn(repo, 'commit', file.last.commit)}
          className="text-link underline underline-offset-2"
        >
          {file.last.commit.slice(0, 7)}
        </Go>
        , {file.last.title}, <Time at={file.last.at} />
      </span>
    )}
  </p>
)

const Blob = ({ repo, place }: { readonly repo: Repo; readonly place: RepoPlace }) => {
  const me = useMe()
  const go = useGo()
  const { data: file, error, refetch } = useQuery(fileQuery(repo, place.tail))
  useShortcut('y', 'Make the address permanent', () => {
    if (file !== undefined) go(toIn(repo, 'blob', file.commit, file.path) + location.hash)
  })
  if (error !== null)
    return <Failed error={error} isSignedIn={me != null} onRetry={() => void refetch()} />
  if (file === undefined) return <Skeleton rows={12} />
  return (
    <>
      <Tools repo={repo} file={file} />
      <About repo={repo} file={file} />
      <section
        aria-label={fileName(file.path)}
        className="overflow-hidden rounded-panel border border-line-2 bg-surface"
      >
        {file.text !== null && !file.isWhole ? (
          <p className="border-b border-line bg-warn-soft px-4 py-2 text-meta text-ink">
            Only the beginning is shown. Download the file for all of it.
          </p>
        ) : null}
        <Suspense fallback={<Skeleton rows={12} />}>
          <View repo={repo} file={file} />
        </Suspense>
      </section>
    </>
  )
}

export const BlobPage = () => (
  <RepoFrame tab="files">
    {(repo, place) => (
      <div className="mx-auto flex max-w-[1392px] flex-col gap-4 px-4 py-5 sm:px-6">
        <Blob repo={repo} place={place} />
      </div>
    )}
  </RepoFrame>
)
