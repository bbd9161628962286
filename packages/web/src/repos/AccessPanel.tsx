/** May the viewer use it, because of what, until when; or why not, and what can be done. */
import { CircleCheck } from 'lucide-react'
import { AskAccess } from '../access/AskAccess.tsx'
import { agreementTo } from '../agreements/place.ts'
import { useMe } from '../accounts/me.ts'
import { DenyPanel, type Refusal } from '../parts/DenyPanel.tsx'
import { signInHere } from '../parts/Failed.tsx'
import { TextLink } from '../parts/Go.tsx'
import { type Fact, Facts } from '../parts/Panel.tsx'
import { plainName } from '../parts/words.ts'
import { Time } from '../parts/Time.tsx'
import { visibilityWords } from './access.tsx'
import type { Repo } from './data.ts'

const because = (repo: Repo): string => {
  if (repo.may.admin) return 'You administer it.'
  if (repo.may.write) return 'Your role lets you write to it.'
  if (repo.gate !== null) return 'Your request was accepted, or your role covers it.'
  if (repo.visibility === 'public') return 'It is open to everyone.'
  if (repo.visibility === 'internal') return 'It is open to everyone with an account here.'
  return 'It was shared with you.'
}

/** The hub's words send clients to this page: here they would send people in a circle. */
const onItsPage = (repo: Repo, refusal: Refusal): Refusal => {
  if (refusal.details['reason'] !== 'gate_not_asked') return refusal
  const message =
    repo.gate === 'auto'
      ? 'Its files are open to whoever accepts the terms of its owner.'
      : `${repo.owner} decides who may read its files. Ask, and you are told here and in your inbox.`
  return { ...refusal, message }
}

/** What waits is no refusal yet. */
const titleOf = ({ name }: Repo, { details }: Refusal): string =>
  details['reason'] === 'gate_pending'
    ? `Your request for ${name} waits.`
    : `You cannot download ${name}.`

export const AccessPanel = ({ repo }: { readonly repo: Repo }) => {
  const me = useMe()
  const thing = repo.type === 'dataset' ? 'dataset' : 'model'
  if (repo.refusal !== null) {
    return (
      <DenyPanel
        refusal={onItsPage(repo, repo.refusal)}
        title={titleOf(repo, repo.refusal)}
        actions={
          me === null ? (
            <a
              href={signInHere()}
              className="inline-flex h-[30px] items-center rounded-control bg-accent px-2.5 text-dense font-medium text-accent-ink"
            >
              Sign in
            </a>
          ) : repo.refusal.details['reason'] === 'gate_not_asked' ? (
            <AskAccess repo={repo} />
          ) : undefined
        }
      />
    )
  }
  const facts: Fact[] = [
    {
      name: 'Because',
      value:
        repo.agreement === null ? (
          because(repo)
        ) : (
          <>
            <TextLink to={agreementTo(repo.agreement, '/use')}>
              {plainName(repo.agreement.title)}
            </TextLink>
            , an agreement of {repo.agreement.org}
          </>
        ),
    },
    ...(repo.readUntil === null
      ? []
      : [{ name: 'Until', value: <Time at={repo.readUntil} asDay /> }]),
    { name: 'Seen by', value: visibilityWords[repo.visibility] },
  ]
  return (
    <section aria-labelledby="may" className="rounded-panel border border-line-2 bg-surface">
      <h2 id="may" className="flex items-center gap-2 border-b border-line px-4 py-3 text-card">
        <CircleCheck size={16} strokeWidth={1.75} className="text-pass" aria-hidden />
        You may use this {thing}
      </h2>
      <div className="p-4">
        <Facts facts={facts} />
      </div>
    </section>
  )
}
