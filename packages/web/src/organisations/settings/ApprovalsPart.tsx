/** What waits for a second person, and tokens that wait for leave. */
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Time } from '../../parts/Time.tsx'
import { aboutWords } from '../about.ts'
import { actWords } from '../../audit/filter.ts'

export const HeavyActs = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'approvals']
  const pages = usePages(key, (page) => hub.listApprovals({ org, state: 'open', ...page }))
  const decide = useAct({
    act: ({ id, decision }: { id: string; decision: 'approve' | 'refuse' }) =>
      hub.decideApproval({ org, id, decision }),
    stale: [key, ['repos'], ['repo']],
    done: (_answer, { decision }) => (decision === 'approve' ? 'Approved and done.' : 'Refused.'),
    tellsRefusal: true,
  })
  return (
    <Panel title={`Waits for a second person of ${org}`} isFlush>
      <Listed
        label={`Waits for a second person of ${org}`}
        pages={pages}
        empty={<EmptyState isSmall title="Nothing waits" />}
        row={({ id, act, about, askedBy, askedAt, expiresAt }) => (
          <Row
            key={id}
            title={`${actWords(act)}: ${aboutWords(about)}`}
            about={
              <>
                Asked by {askedBy} <Time at={askedAt} />, until <Time at={expiresAt} />
              </>
            }
          >
            <Button
              size="small"
              aria-label={`Approve: ${actWords(act)} ${aboutWords(about)}`}
              isBusy={decide.isPending}
              onClick={() => decide.mutate({ id, decision: 'approve' })}
            >
              Approve
            </Button>
            <Button
              size="small"
              kind="danger"
              aria-label={`Refuse: ${actWords(act)} ${aboutWords(about)}`}
              isBusy={decide.isPending}
              onClick={() => decide.mutate({ id, decision: 'refuse' })}
            >
              Refuse
            </Button>
          </Row>
        )}
      />
    </Panel>
  )
}

export const TokenLeaves = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'token-approvals']
  const pages = usePages(key, (page) => hub.listTokenApprovals({ org, state: 'pending', ...page }))
  const decide = useAct({
    act: ({ tokenId, state }: { tokenId: string; state: 'approved' | 'denied' }) =>
      hub.decideTokenApproval({ org, tokenId, state }),
    stale: [key],
    done: (_answer, { state }) =>
      state === 'approved' ? 'The token may be used.' : 'The token stays shut out.',
    tellsRefusal: true,
  })
  return (
    <Panel title={`Tokens that wait for leave of ${org}`} isFlush>
      <Listed
        label={`Tokens that wait for leave of ${org}`}
        pages={pages}
        empty={<EmptyState isSmall title="No token waits" />}
        row={({ tokenId, label, account, hint, askedAt }) => (
          <Row
            key={tokenId}
            title={`${label} of ${account}`}
            about={
              <>
                Ends in …{hint}, asked <Time at={askedAt} />
              </>
            }
          >
            <Button
              size="small"
              aria-label={`Let in ${label} of ${account}`}
              onClick={() => decide.mutate({ tokenId, state: 'approved' })}
            >
              Let in
            </Button>
            <Button
              size="small"
              kind="danger"
              aria-label={`Shut out ${label} of ${account}`}
              onClick={() => decide.mutate({ tokenId, state: 'denied' })}
            >
              Shut out
            </Button>
          </Row>
        )}
      />
    </Panel>
  )
}

export const ApprovalsPart = ({ org }: { readonly org: string }) => (
  <>
    <HeavyActs org={org} />
    <TokenLeaves org={org} />
  </>
)
