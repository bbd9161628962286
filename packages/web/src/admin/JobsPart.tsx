/** The queue: what runs, what will, what failed and waits for a person. */
import { useQuery } from '@tanstack/react-query'
import type { Client } from '@weighhouse/contract/client.ts'
import { hub } from '../app/api.ts'
import { useAct } from '../app/act.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Failure } from '../parts/Failed.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Tag } from '../parts/Tag.tsx'
import { Time } from '../parts/Time.tsx'
import { plural } from '../parts/words.ts'
import { actWords } from '../audit/filter.ts'
import { countOf } from './counts.ts'

type Job = Awaited<ReturnType<Client['listJobs']>>['items'][number]

const key = ['admin', 'jobs']
const stateWords = { queued: 'Queued', running: 'Running', parked: 'Failed' } as const

const JobRow = ({ job }: { readonly job: Job }) => {
  const retry = useAct({
    act: () => hub.retryJob({ id: job.id }),
    stale: [['admin']],
    done: 'It runs again.',
    tellsRefusal: true,
  })
  return (
    <Row
      lead={<Tag>{stateWords[job.state]}</Tag>}
      title={actWords(job.kind.replaceAll('-', ' '))}
      about={
        <>
          {job.state === 'queued' ? 'Runs ' : 'Ran '}
          <Time at={job.runAt} />, {plural(job.attempts, 'attempt')}
          {job.lastError === null ? '' : `: ${job.lastError}`}
        </>
      }
    >
      {job.state === 'parked' ? (
        <Button
          size="small"
          aria-label={`Run again: ${job.kind}`}
          isBusy={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Run again
        </Button>
      ) : null}
    </Row>
  )
}

export const JobsPart = () => {
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => hub.listJobs(),
    refetchInterval: 10_000,
  })
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton />
  const words = [
    `${countOf(data.counts, 'parked')} failed`,
    `${countOf(data.counts, 'running')} running`,
    `${countOf(data.counts, 'queued')} queued`,
  ]
  return (
    <Panel title="The queue" aside={words.join(', ')} isFlush>
      {data.items.length === 0 ? <EmptyState isSmall title="Nothing is queued" /> : null}
      <Rows label="Jobs">
        {data.items.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </Rows>
    </Panel>
  )
}
