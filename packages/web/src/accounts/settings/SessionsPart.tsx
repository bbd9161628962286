/** Where somebody is signed in, and the end of it. */
import { useQuery } from '@tanstack/react-query'
import { Monitor } from 'lucide-react'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { Failure } from '../../parts/Failed.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'
import { Time } from '../../parts/Time.tsx'
import { programWords } from './program.ts'

const key = ['sessions']

const methods: Readonly<Record<string, string>> = {
  password: 'by password',
  'password+totp': 'by password and app',
  'password+recovery': 'by password and recovery code',
  passkey: 'by passkey',
}

export const SessionsPart = () => {
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: () => hub.listSessions() })
  const end = useAct({
    act: (id: string) => hub.endSession({ id }),
    stale: [key],
    done: 'That session has ended.',
    tellsRefusal: true,
  })
  const endOthers = useAct({
    act: () => hub.endOtherSessions(),
    stale: [key],
    done: 'You are signed in here alone.',
    tellsRefusal: true,
  })
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton rows={3} />
  return (
    <Panel
      title="Where you are signed in"
      isFlush
      aside={
        data.items.length > 1 ? (
          <Button size="small" isBusy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            End all others
          </Button>
        ) : undefined
      }
    >
      <Rows label="Sessions">
        {data.items.map(({ id, method, usedAt, ip, agent, isThis }) => (
          <Row
            key={id}
            lead={<Monitor size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />}
            title={isThis ? 'This browser' : programWords(agent)}
            about={
              <>
                {methods[method] ?? `by ${method}`}, from {ip ?? 'an unknown address'}, used{' '}
                <Time at={usedAt} />
              </>
            }
          >
            {isThis ? null : (
              <Button
                size="small"
                aria-label={`End the session of ${programWords(agent)}`}
                onClick={() => end.mutate(id)}
              >
                End
              </Button>
            )}
          </Row>
        ))}
      </Rows>
    </Panel>
  )
}
