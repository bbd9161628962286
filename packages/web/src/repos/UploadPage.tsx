/** Files and folders from this computer, as one commit. Large ones go in parts; what was cut off goes on. */
import { useQueryClient } from '@tanstack/react-query'
import type { SentFile } from '@weighhouse/contract/upload.ts'
import { CircleCheck, FolderUp, Upload } from 'lucide-react'
import { type ChangeEvent, type DragEvent, useEffect, useRef, useState } from 'react'
import { Banner } from '../parts/Banner.tsx'
import { Button, LinkButton } from '../parts/Button.tsx'
import { Field } from '../parts/Field.tsx'
import { Size } from '../parts/Time.tsx'
import { plainName, plural } from '../parts/words.ts'
import { type Repo, repoKey } from './data.ts'
import { FileIcon } from './FileIcon.tsx'
import { callName, type RepoPlace, toIn } from './place.ts'
import { NoWriting, RepoFrame } from './RepoFrame.tsx'
import { filesChosen, filesIn, filesMax } from './upload/dropped.ts'
import { type FileProgress, idle, type Progress, runUpload } from './upload/run.ts'

const shownMax = 100
const states = { waits: 'waits', hashing: 'weighing', sending: 'sending', done: 'sent' } as const

const DropZone = ({ onFiles }: { readonly onFiles: (files: readonly SentFile[]) => void }) => {
  const [isOver, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  // React knows no name for it.
  useEffect(() => folder.current?.setAttribute('webkitdirectory', ''), [])
  const take = (event: ChangeEvent<HTMLInputElement>): void => {
    if (event.target.files !== null) onFiles(filesChosen(event.target.files))
    event.target.value = ''
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    void filesIn(event.dataTransfer).then(onFiles)
  }
  const icon = { size: 14, strokeWidth: 2, 'aria-hidden': true } as const
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`flex flex-col items-center gap-3 rounded-panel border-2 border-dashed px-6 py-10 text-center ${isOver ? 'border-accent bg-accent-soft' : 'border-line-2 bg-surface'}`}
    >
      <p className="text-card">Drop files or a folder here</p>
      <p className="text-dense text-ink-2">
        What is here already is not sent again. You may close the page and go on later with the same
        files.
      </p>
      <div className="flex gap-2">
        <Button icon={<Upload {...icon} />} onClick={() => files.current?.click()}>
          Choose files
        </Button>
        <Button icon={<FolderUp {...icon} />} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
      </div>
      <input ref={files} type="file" multiple hidden onChange={take} aria-label="Files" />
      <input ref={folder} type="file" hidden onChange={take} aria-label="Folder" />
    </div>
  )
}

const rank = { sending: 0, hashing: 1, waits: 2, done: 3 } as const

const FileRows = ({ files }: { readonly files: readonly FileProgress[] }) => {
  const shown = files.toSorted((a, b) => rank[a.state] - rank[b.state]).slice(0, shownMax)
  return (
    <div className="overflow-hidden rounded-panel border border-line-2 bg-surface">
      <ul>
        {shown.map((one) => (
          <li
            key={one.path}
            className="flex h-(--row) items-center gap-3 border-b border-line px-4 text-dense last:border-b-0"
          >
            <FileIcon path={one.path} />
            <span className="min-w-0 flex-1 truncate">{plainName(one.path)}</span>
            {one.state === 'sending' || one.state === 'hashing' ? (
              <progress
                value={one.bytes}
                max={Math.max(1, one.sizeBytes)}
                aria-label={one.path}
                className="h-1.5 w-28 accent-accent"
              />
            ) : null}
            <span
              className={`w-16 text-end text-meta ${one.state === 'done' ? 'text-pass' : 'text-ink-3'}`}
            >
              {states[one.state]}
            </span>
            <span className="w-20 text-end text-ink-3">
              <Size bytes={one.sizeBytes} />
            </span>
          </li>
        ))}
      </ul>
      {files.length > shown.length ? (
        <p className="bg-page px-4 py-2 text-meta text-ink-3">
          and {plural(files.length - shown.length, 'more file', 'more files')}
        </p>
      ) : null}
    </div>
  )
}

const quarters = (progress: Progress): number =>
  progress.totalBytes === 0 ? 0 : Math.floor((4 * progress.doneBytes) / progress.totalBytes) * 25

const Running = ({
  progress,
  onCancel,
}: {
  readonly progress: Progress
  readonly onCancel: () => void
}) => (
  <div className="flex flex-col gap-2">
    <div className="flex items-center justify-between text-dense">
      <span>
        <Size bytes={progress.doneBytes} /> of <Size bytes={progress.totalBytes} />
      </span>
      <Button size="small" onClick={onCancel}>
        Cancel
      </Button>
    </div>
    <progress
      value={progress.doneBytes}
      max={Math.max(1, progress.totalBytes)}
      aria-label="The whole upload"
      className="h-2 w-full accent-accent"
    />
    <span role="status" className="sr-only">
      {quarters(progress)} percent sent
    </span>
  </div>
)

const Done = ({
  repo,
  branch,
  progress,
}: {
  readonly repo: Repo
  readonly branch: string
  readonly progress: Progress
}) => (
  <Banner
    action={
      <div className="flex gap-2">
        <LinkButton size="small" to={toIn(repo, 'commit', progress.commit)}>
          See the commit
        </LinkButton>
        <LinkButton size="small" kind="primary" to={toIn(repo, 'tree', branch)}>
          See the files
        </LinkButton>
      </div>
    }
  >
    <span className="inline-flex items-center gap-2 font-medium">
      <CircleCheck size={16} className="text-pass" aria-hidden />
      {plural(progress.files.length - progress.ignored, 'file')} committed to {branch}.
    </span>
    {progress.ignored > 0 ? ` ${plural(progress.ignored, 'file')} left out by .gitignore.` : ''}
  </Banner>
)

/** Asks before the page is left while something is on its way. */
const useGuard = (isOn: boolean): void => {
  useEffect(() => {
    if (!isOn) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isOn])
}

const Uploader = ({
  repo,
  branch,
  folder,
}: {
  readonly repo: Repo
  readonly branch: string
  readonly folder: string
}) => {
  const [files, setFiles] = useState<readonly SentFile[]>([])
  const [title, setTitle] = useState('')
  const [progress, setProgress] = useState<Progress>(idle)
  const run = useRef<{ cancel: () => void }>(undefined)
  const cache = useQueryClient()
  const isRunning = progress.phase === 'sending'
  useGuard(isRunning)
  useEffect(() => () => run.current?.cancel(), [])
  const total = files.reduce((sum, { blob }) => sum + blob.size, 0)
  const suggested =
    files.length === 1 ? `Upload ${files[0]?.path ?? ''}` : `Upload ${plural(files.length, 'file')}`
  const add = (more: readonly SentFile[]): void => {
    const placed = more.map(({ path, blob }) => ({
      path: folder === '' ? path : `${folder}/${path}`,
      blob,
    }))
    const names = new Set(placed.map(({ path }) => path))
    setFiles([...files.filter(({ path }) => !names.has(path)), ...placed])
    setProgress(idle)
  }
  const begin = (): void => {
    const target = { ...callName(repo), branch }
    const wish = { files, title: title.trim() === '' ? suggested : title.trim() }
    run.current = runUpload(target, wish, (now) => {
      setProgress(now)
      if (now.phase === 'done') void cache.invalidateQueries({ queryKey: repoKey(repo) })
    })
  }
  const waiting = files.map(({ path, blob }): FileProgress => ({
    path,
    sizeBytes: blob.size,
    state: 'waits',
    bytes: 0,
  }))
  const shown = progress.phase === 'idle' ? waiting : progress.files
  return (
    <>
      <h2 className="text-title">
        Upload to {branch}
        {folder === '' ? '' : `, ${folder}`}
      </h2>
      {progress.phase === 'done' ? <Done repo={repo} branch={branch} progress={progress} /> : null}
      {progress.phase === 'failed' ? (
        <Banner kind="fail">
          {progress.problem} What has arrived is kept for a day: begin again to go on.
        </Banner>
      ) : null}
      {progress.phase === 'cancelled' ? (
        <Banner>Cancelled. Nothing was committed. Begin again to go on where it stopped.</Banner>
      ) : null}
      {isRunning ? (
        <Running progress={progress} onCancel={() => run.current?.cancel()} />
      ) : (
        <DropZone onFiles={add} />
      )}
      {files.length >= filesMax ? (
        <Banner kind="warn">
          At most {plural(filesMax, 'file')} at once. Send the rest after these.
        </Banner>
      ) : null}
      {files.length > 0 && progress.phase !== 'done' && !isRunning ? (
        <div className="flex flex-col gap-4">
          <Field
            label="What this is, in a line"
            value={title}
            placeholder={suggested}
            maxLength={200}
            onChange={(event) => setTitle(event.target.value)}
          />
          <div className="flex flex-wrap items-center gap-2">
            <Button kind="primary" onClick={begin}>
              {progress.phase === 'idle' ? 'Upload' : 'Go on'} {plural(files.length, 'file')}
            </Button>
            <Button onClick={() => setFiles([])}>Clear</Button>
            <span className="text-dense text-ink-3">
              <Size bytes={total} />
            </span>
          </div>
        </div>
      ) : null}
      {shown.length > 0 ? <FileRows files={shown} /> : null}
    </>
  )
}

const Begin = ({ repo, place }: { readonly repo: Repo; readonly place: RepoPlace }) => {
  if (!repo.may.write) return <NoWriting repo={repo} />
  const [branch = 'main', ...folder] = place.tail.split('/')
  return <Uploader repo={repo} branch={branch} folder={folder.join('/')} />
}

export const UploadPage = () => (
  <RepoFrame tab="files">
    {(repo, place) => (
      <div className="mx-auto flex max-w-[960px] flex-col gap-4 px-4 py-5 sm:px-6">
        <Begin repo={repo} place={place} />
      </div>
    )}
  </RepoFrame>
)
