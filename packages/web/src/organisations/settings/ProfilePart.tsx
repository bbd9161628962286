/** What an organisation says of itself; handing it on; its end. */
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CardForm } from '../../accounts/CardForm.tsx'
import { hub } from '../../app/api.ts'
import { useAct } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { Field } from '../../parts/Field.tsx'
import { useGo } from '../../parts/Go.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Skeleton } from '../../parts/Skeleton.tsx'

const Transfer = ({ org }: { readonly org: string }) => {
  const [to, setTo] = useState('')
  const go = useGo()
  const transfer = useAct({
    act: () => hub.transferOrg({ org, to: to.trim() }),
    stale: [['me'], ['org']],
    done: `${org} is in the hands of ${to.trim()}.`,
    onDone: () => go(`/${encodeURIComponent(org)}`),
  })
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        transfer.mutate()
      }}
    >
      <div className="min-w-48 flex-1">
        <Field
          label="Hand it on to"
          help="They become administrator, and you leave."
          required
          autoComplete="off"
          value={to}
          onChange={({ target }) => setTo(target.value)}
          error={transfer.error?.message}
        />
      </div>
      <Button kind="danger" type="submit" isBusy={transfer.isPending}>
        Hand it on
      </Button>
    </form>
  )
}

export const ProfilePart = ({ org }: { readonly org: string }) => {
  const key = ['org', org.toLowerCase()]
  const go = useGo()
  const { data } = useQuery({ queryKey: key, queryFn: () => hub.getOrg({ org }) })
  const end = useAct({
    act: () => hub.deleteOrg({ org }),
    stale: [['me'], ['orgs']],
    done: `${org} is out of service.`,
    onDone: () => go('/organizations'),
  })
  if (data === undefined) return <Skeleton rows={4} />
  return (
    <>
      <Panel title="What others see">
        <CardForm
          card={data}
          nameLabel="Name as people write it"
          save={(card) => hub.setOrgCard({ org, ...card })}
          stale={[key, ['me'], ['orgs']]}
        />
      </Panel>
      <Panel title="Slow and final">
        <div className="flex flex-col gap-4">
          <Transfer org={org} />
          <div className="-mx-4 -mb-4 border-t border-line">
            <Rows label="Final">
              <Row
                title="Take it out of service"
                about="Possible when nothing is in it. Its name stays taken, so that nobody can pretend to be it."
              >
                <Confirm
                  label="Take out of service"
                  title={`Take ${org} out of service?`}
                  word={org}
                  verb="Take it out of service"
                  act={() => end.mutateAsync()}
                >
                  Its members leave and its service accounts end. This cannot be taken back.
                </Confirm>
              </Row>
            </Rows>
          </div>
        </div>
      </Panel>
    </>
  )
}
