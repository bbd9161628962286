/** What waits for somebody: requests at their gates, second persons' approvals; and what they asked for themselves. */
import { Hourglass } from 'lucide-react'
import { type Me, useMe } from '../accounts/me.ts'
import { hub } from '../app/api.ts'
import { useAct, usePages } from '../app/act.ts'
import { HeavyActs, TokenLeaves } from '../organisations/settings/ApprovalsPart.tsx'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { TextLink } from '../parts/Go.tsx'
import { NeedSignIn } from '../parts/NeedSignIn.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Listed, Row } from '../parts/Rows.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Time } from '../parts/Time.tsx'
import { callName, type RepoName, repoTo } from '../repos/place.ts'
import { RequestRow, useRequestKeys } from './RequestRow.tsx'

const ToDecide = () => {
  useRequestKeys()
  const pages = usePages(['inbox', 'decide'], (page) => hub.listAccessToDecide(page))
  return (
    <Panel title="Requests for access" isFlush>
      <Listed
        label="Requests for access"
        pages={pages}
        empty={<EmptyState isSmall title="Nobody waits for you" />}
        row={(request) => (
          <RequestRow
            key={request.id}
            repo={request.repo}
            request={request}
            where={<TextLink to={repoTo(request.repo)}>{request.repo.path}</TextLink>}
          />
        )}
      />
    </Panel>
  )
}

const stateWords = { pending: 'Waits', accepted: 'Let in', rejected: 'Refused' } as const

const Mine = () => {
  const key = ['inbox', 'mine']
  const pages = usePages(key, (page) => hub.listMyAccess(page))
  const withdraw = useAct({
    act: (repo: RepoName) => hub.withdrawAccess(callName(repo)),
    stale: [key, ['repo']],
    done: 'Your request is taken back.',
    tellsRefusal: true,
  })
  return (
    <Panel title="What you asked for" isFlush>
      <Listed
        label="What you asked for"
        pages={pages}
        empty={<EmptyState isSmall title="You asked for nothing" />}
        row={({ id, repo, state, isEnded, createdAt, expiresAt, reason }) => (
          <Row
            key={id}
            lead={<Hourglass size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />}
            title={<TextLink to={repoTo(repo)}>{repo.path}</TextLink>}
            about={
              <>
                {isEnded ? 'Ended' : stateWords[state]}, asked <Time at={createdAt} />
                {expiresAt === null ? null : (
                  <>
                    , until <Time at={expiresAt} asDay />
                  </>
                )}
                {reason === null ? '' : `: ${reason}`}
              </>
            }
          >
            {state === 'rejected' ? null : (
              <Button
                size="small"
                aria-label={`Take back the request for ${repo.path}`}
                onClick={() => withdraw.mutate(repo)}
              >
                {state === 'pending' ? 'Take back' : 'Give up'}
              </Button>
            )}
          </Row>
        )}
      />
    </Panel>
  )
}

const Inside = ({ me }: { readonly me: Me }) => (
  <>
    <ToDecide />
    {me.orgs
      .filter(({ role }) => role === 'admin')
      .map(({ id, name }) => (
        <div key={id} className="flex flex-col gap-6">
          <HeavyActs org={name} />
          <TokenLeaves org={name} />
        </div>
      ))}
    <Mine />
  </>
)

export const InboxPage = () => {
  const me = useMe()
  useTitle('Inbox')
  if (me === undefined) return <Skeleton />
  if (me === null) return <NeedSignIn title="Inbox" />
  return (
    <Column width={840}>
      <Heading>Inbox</Heading>
      <Inside me={me} />
    </Column>
  )
}
