/** Tokens of an account, made, replaced and ended: one's own, and those of an organisation's programs. */
import type { Client } from '@weighhouse/contract/client.ts'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { type PageOf, useAct, usePages } from '../../app/act.ts'
import { Button } from '../../parts/Button.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { Once } from '../../parts/Once.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { NewTokenDialog } from './NewToken.tsx'
import type { NewToken } from './wish.ts'

type Issued = Awaited<ReturnType<Client['createToken']>>
type Token = Issued['token']

/** The calls that belong to one account. */
export interface TokenDesk {
  readonly key: readonly unknown[]
  readonly list: (page: { cursor?: string }) => Promise<PageOf<Token>>
  readonly make: (wish: NewToken) => Promise<Issued>
  readonly rotate: (id: string) => Promise<Issued>
  readonly revoke: (id: string) => Promise<void>
}

const roleWords: Readonly<Record<Token['role'], string>> = {
  read: 'reads',
  write: 'writes',
  fineGrained: 'fine-grained',
}

const stateWords: Readonly<Record<Token['state'], string>> = {
  active: 'Active',
  expired: 'Expired',
  revoked: 'Revoked',
  leaked: 'Leaked',
  rotated: 'Replaced',
}

const About = ({ token }: { readonly token: Token }) => (
  <>
    {roleWords[token.role]}, ends in <span dir="ltr">…{token.hint}</span>, made{' '}
    <Time at={token.createdAt} />,{' '}
    {token.lastUsedAt === null ? (
      'never used'
    ) : (
      <>
        used <Time at={token.lastUsedAt} />
      </>
    )}
    ,{' '}
    {token.expiresAt === null ? (
      'without end'
    ) : (
      <>
        until <Time at={token.expiresAt} asDay />
      </>
    )}
    {token.ipRanges.length === 0 ? '' : `, from ${token.ipRanges.join(', ')} only`}
  </>
)

interface ListProps {
  readonly title: string
  readonly desk: TokenDesk
  /** Said where there are none. */
  readonly hint?: string
}

export const TokenList = ({ title, desk, hint }: ListProps) => {
  const [isNew, setNew] = useState(false)
  const [issued, setIssued] = useState<Issued>()
  const pages = usePages(desk.key, desk.list)
  const stale = [desk.key]
  const show = (fresh: Issued): void => {
    setNew(false)
    setIssued(fresh)
  }
  const make = useAct({ act: desk.make, stale, onDone: show })
  const rotate = useAct({ act: desk.rotate, stale, onDone: show, tellsRefusal: true })
  const revoke = useAct({ act: desk.revoke, stale, done: 'The token has ended.' })
  return (
    <Panel
      title={title}
      isFlush
      aside={
        <Button
          size="small"
          icon={<Plus size={14} strokeWidth={2} aria-hidden />}
          onClick={() => setNew(true)}
        >
          New token
        </Button>
      }
    >
      <Listed
        label={title}
        pages={pages}
        empty={
          <EmptyState
            isSmall
            title="No tokens"
            {...(hint === undefined ? {} : { children: hint })}
          />
        }
        row={(token) => (
          <Row
            key={token.id}
            lead={<KeyRound size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />}
            title={
              <span className="flex flex-wrap items-center gap-2">
                {token.label}
                {token.state === 'active' ? null : <Tag>{stateWords[token.state]}</Tag>}
              </span>
            }
            about={<About token={token} />}
          >
            {token.state === 'active' ? (
              <>
                <Button
                  size="small"
                  aria-label={`Replace the secret of ${token.label}`}
                  onClick={() => rotate.mutate(token.id)}
                >
                  Replace
                </Button>
                <Confirm
                  label="End"
                  name={`End ${token.label}`}
                  title={`End the token “${token.label}”?`}
                  verb="End the token"
                  act={() => revoke.mutateAsync(token.id)}
                >
                  Whatever uses it is refused from now on.
                </Confirm>
              </>
            ) : null}
          </Row>
        )}
      />
      {isNew ? (
        <NewTokenDialog
          make={(wish) => make.mutate(wish)}
          isBusy={make.isPending}
          problem={make.error?.message}
          onClose={() => setNew(false)}
        />
      ) : null}
      {issued === undefined ? null : (
        <Once
          title="Your new token"
          secret={issued.secret}
          label="the token"
          onClose={() => setIssued(undefined)}
        >
          It is shown once: copy it now. Whoever has it may do what it allows.
        </Once>
      )}
    </Panel>
  )
}
