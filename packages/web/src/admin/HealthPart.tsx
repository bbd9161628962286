/** Can the hub serve, on what does it run, what waits for its administrator. */
import { useQuery } from '@tanstack/react-query'
import { hub } from '../app/api.ts'
import { Banner } from '../parts/Banner.tsx'
import { Failure } from '../parts/Failed.tsx'
import { TextLink } from '../parts/Go.tsx'
import { Facts, Panel } from '../parts/Panel.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Size } from '../parts/Time.tsx'
import { plural } from '../parts/words.ts'
import { countOf } from './counts.ts'

export const HealthPart = () => {
  const { data, error, refetch } = useQuery({
    queryKey: ['admin', 'health'],
    queryFn: () => hub.getHealth(),
    refetchInterval: 30_000,
  })
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton rows={4} />
  const parked = countOf(data.jobs, 'parked')
  return (
    <>
      {data.problem === null ? null : <Banner kind="fail">{data.problem}</Banner>}
      {parked === 0 ? null : (
        <Banner
          kind="warn"
          action={
            <TextLink to="/admin/jobs" className="font-medium">
              Look at them
            </TextLink>
          }
        >
          {plural(parked, 'job')} failed too often and {parked === 1 ? 'waits' : 'wait'} for you.
        </Banner>
      )}
      <Panel title={data.isReady ? 'The hub serves' : 'The hub cannot serve'}>
        <Facts
          facts={[
            { name: 'Weighhouse', value: data.version },
            { name: 'Node.js', value: data.node },
            { name: 'Database', value: data.database === 'sqlite' ? 'SQLite' : 'PostgreSQL' },
            {
              name: 'Free space',
              value:
                data.freeBytes === null ? (
                  'The store does not say.'
                ) : (
                  <Size bytes={data.freeBytes} />
                ),
            },
            {
              name: 'Jobs',
              value: `${countOf(data.jobs, 'queued')} queued, ${countOf(data.jobs, 'running')} running, ${parked} failed`,
            },
          ]}
        />
      </Panel>
      <p className="text-meta text-ink-3">
        On the machine, <code className="text-code">weighhouse doctor</code> checks everything that
        is stored.
      </p>
    </>
  )
}
