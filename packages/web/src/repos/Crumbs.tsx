/** The way from the top of a revision to a file or folder. */
import { Go } from '../parts/Go.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { plainName } from '../parts/words.ts'
import { repoTo, toIn, type RepoName } from './place.ts'

interface CrumbsProps {
  readonly repo: RepoName & { readonly name: string }
  readonly revision: string
  readonly path: string
}

export const Crumbs = ({ repo, revision, path }: CrumbsProps) => {
  const parts = path === '' ? [] : path.split('/')
  return (
    <nav aria-label="Path" className="flex min-w-0 flex-wrap items-center gap-x-1 text-body">
      <Go
        to={parts.length === 0 ? repoTo(repo) : toIn(repo, 'tree', revision)}
        className="font-medium text-link hover:underline"
      >
        {plainName(repo.name)}
      </Go>
      {parts.map((part, at) => {
        const here = parts.slice(0, at + 1).join('/')
        const isLast = at === parts.length - 1
        return (
          <span key={here} className="inline-flex min-w-0 items-center gap-1">
            <span className="text-ink-3" aria-hidden>
              /
            </span>
            {isLast ? (
              <span className="font-semibold" aria-current="page">
                {plainName(part)}
              </span>
            ) : (
              <Go to={toIn(repo, 'tree', revision, here)} className="text-link hover:underline">
                {plainName(part)}
              </Go>
            )}
          </span>
        )
      })}
      {path === '' ? null : <CopyButton text={path} label="Copy the path" />}
    </nav>
  )
}
