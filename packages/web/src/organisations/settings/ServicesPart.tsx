/** Service accounts: programs that work for the organisation, by tokens alone. */
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { useAct, usePages } from '../../app/act.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { type TokenDesk, TokenList } from '../../accounts/tokens/TokenList.tsx'
import { AddByName } from './AddByName.tsx'

const deskOf = (org: string, name: string): TokenDesk => ({
  key: ['org', org, 'service', name, 'tokens'],
  list: (page) => hub.listServiceTokens({ org, name, ...page }),
  make: (wish) => hub.createServiceToken({ org, name, ...wish }),
  rotate: (id) => hub.rotateServiceToken({ org, name, id }),
  revoke: (id) => hub.revokeServiceToken({ org, name, id }),
})

export const ServicesPart = ({ org }: { readonly org: string }) => {
  const key = ['org', org, 'services']
  const [shown, setShown] = useState<string>()
  const pages = usePages(key, (page) => hub.listServiceAccounts({ org, ...page }))
  const create = useAct({
    act: (name: string) => hub.createServiceAccount({ org, name }),
    stale: [key],
    done: (_answer, name) => `${name} works for ${org}.`,
  })
  const disable = useAct({
    act: (name: string) => hub.disableServiceAccount({ org, name }),
    stale: [key],
    done: (_answer, name) => `${name} is shut out.`,
  })
  return (
    <>
      <Panel title="Service accounts" isFlush>
        <Listed
          label="Service accounts"
          pages={pages}
          empty={
            <EmptyState isSmall title="No service accounts">
              A pipeline gets an account of its own, so that it does not stop when a person leaves.
            </EmptyState>
          }
          row={({ id, name, isDisabled, createdAt }) => (
            <Row
              key={id}
              lead={<Avatar name={name} kind="user" size={28} />}
              title={
                <span className="flex items-center gap-2">
                  {name}
                  {isDisabled ? <Tag>Shut out</Tag> : null}
                </span>
              }
              about={
                <>
                  Made <Time at={createdAt} />
                </>
              }
            >
              {isDisabled ? null : (
                <>
                  <Button
                    size="small"
                    aria-expanded={shown === name}
                    aria-label={`Tokens of ${name}`}
                    onClick={() => setShown(shown === name ? undefined : name)}
                  >
                    Tokens
                  </Button>
                  <Confirm
                    label="Shut out"
                    name={`Shut out ${name}`}
                    title={`Shut ${name} out?`}
                    verb={`Shut out ${name}`}
                    act={() => disable.mutateAsync(name)}
                  >
                    Its tokens end at once, and it does not come back.
                  </Confirm>
                </>
              )}
            </Row>
          )}
        />
        <AddByName label="Name of a new service account" verb="Create the account" add={create} />
      </Panel>
      {shown === undefined ? null : (
        <TokenList key={shown} title={`Tokens of ${shown}`} desk={deskOf(org, shown)} />
      )}
    </>
  )
}
