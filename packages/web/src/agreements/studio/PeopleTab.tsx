/** The parties, those who may sign for one's own side, and whom it has given access. */
import { useQuery } from '@tanstack/react-query'
import type { AgreementBody, BodyParty } from '@weighhouse/formats/agreement/body.ts'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { Button } from '../../parts/Button.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import type { Acting } from '../Acting.tsx'
import {
  type Agreement,
  type AgreementGrant,
  grantsQuery,
  type Named,
  signatoriesQuery,
} from '../data.ts'
import { SayDialog } from '../SayDialog.tsx'
import { roleWords } from '../words.ts'
import { purposeLabel } from '../write/fields.ts'
import { GiveForm } from './GiveForm.tsx'

const PartyRow = ({ party }: { readonly party: BodyParty }) => (
  <li className="flex gap-3 py-2">
    <Avatar name={party.name} kind="org" size={30} />
    <div className="min-w-0 text-dense">
      <p>
        <strong className="font-semibold">{plainName(party.legalName)}</strong>{' '}
        <span className="text-ink-2">{roleWords[party.role] ?? party.role}</span>
      </p>
      <p className="text-meta text-ink-3">
        {party.name}, {party.seat}
        {party.domains === undefined ? ', no proved domain' : `, ${party.domains.join(', ')}`}
      </p>
      {party.keys.map((key) => (
        <code key={key} className="block truncate text-[11px] text-ink-3" title={key} dir="ltr">
          {key}
        </code>
      ))}
    </div>
  </li>
)

const Signatories = ({ org }: { readonly org: string }) => {
  const { data } = useQuery(signatoriesQuery(org))
  const now = data?.filter(({ state }) => state === 'in_force') ?? []
  const settings = `/organizations/${encodeURIComponent(org)}/settings/party`
  return (
    <section>
      <h3 className="text-dense font-semibold">May sign for {org}</h3>
      <ul className="mt-1 text-dense">
        {now.map(({ id, user, fullName, title, to }) => (
          <li key={id} className="flex items-center gap-2 py-1">
            <Avatar name={user} kind="user" size={20} />
            <span className="min-w-0 flex-1 truncate">
              {plainName(fullName === '' ? user : fullName)}, {plainName(title)}
            </span>
            <span className="text-meta text-ink-3">
              until <Time at={to} asDay />
            </span>
          </li>
        ))}
        {data !== undefined && now.length === 0 ? (
          <li className="py-1 text-ink-3">Nobody yet.</li>
        ) : null}
      </ul>
      <TextLink to={settings} className="text-dense">
        Signatories and seals
      </TextLink>
    </section>
  )
}

const EndDialog = ({
  named,
  grant,
  onClose,
}: {
  readonly named: Named
  readonly grant: AgreementGrant
  readonly onClose: () => void
}) => (
  <SayDialog
    title={`End access of ${plainName(grant.project)}`}
    verb="End access"
    isGrave
    act={() => hub.endAgreementGrant({ ...named, grant: grant.id })}
    onClose={onClose}
  >
    <p className="text-dense">
      The hub gives no more access under it from now on. What was downloaded stays where it is: the
      agreement says what becomes of it.
    </p>
  </SayDialog>
)

const grantee = { org: 'the whole organisation', team: 'a team', user: 'one person' } as const

const Grants = ({
  named,
  agreement,
  body,
}: {
  readonly named: Named
  readonly agreement: Agreement
  readonly body: AgreementBody
}) => {
  const { data, error } = useQuery(grantsQuery(named))
  const [isGiving, setGiving] = useState(false)
  const [ending, setEnding] = useState<AgreementGrant>()
  const isLive =
    agreement.inForce !== null && ['scheduled', 'active', 'suspended'].includes(agreement.state)
  return (
    <section>
      <h3 className="text-dense font-semibold">Whom {named.org} has given access</h3>
      {error === null ? null : <p className="mt-1 text-dense text-ink-3">{error.message}</p>}
      {data?.length === 0 ? (
        <p className="mt-1 text-dense text-ink-2">
          Nobody yet. The agreement covers the organisation; who of its people uses it is for you to
          say.
        </p>
      ) : null}
      <ul className="mt-1 flex flex-col divide-y divide-line">
        {data?.map((grant) => (
          <li key={grant.id} className="flex items-start gap-2 py-2 text-dense">
            <div className="min-w-0 flex-1">
              <p className={grant.isOver ? 'text-ink-3 line-through' : ''}>
                {plainName(grant.project)}, {grantee[grant.granteeKind]}
              </p>
              <p className="text-meta text-ink-3">
                {grant.purposes.map(purposeLabel).join(', ')}
                {grant.isOver ? ' · over' : null}
                {grant.to === null ? null : (
                  <>
                    {' '}
                    · until <Time at={grant.to} asDay />
                  </>
                )}
              </p>
            </div>
            {grant.isOver ? null : (
              <Button
                size="tight"
                aria-label={`End access of ${grant.project}`}
                onClick={() => setEnding(grant)}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      {ending === undefined ? null : (
        <EndDialog named={named} grant={ending} onClose={() => setEnding(undefined)} />
      )}
      {isGiving ? (
        <GiveForm named={named} body={body} onDone={() => setGiving(false)} />
      ) : isLive ? (
        <Button
          size="small"
          icon={<UserPlus size={14} strokeWidth={2} aria-hidden />}
          onClick={() => setGiving(true)}
        >
          Give access
        </Button>
      ) : (
        <p className="text-meta text-ink-3">Access can be given once it is signed.</p>
      )}
    </section>
  )
}

interface PeopleProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly body: AgreementBody
}

export const PeopleTab = ({ acting, agreement, body }: PeopleProps) => {
  const named = { org: acting.org, id: agreement.id }
  const own = body.parties.find(({ org }) => org === acting.orgId)
  const takes = own?.role === 'consumer' || own?.role === 'member'
  return (
    <div className="flex flex-col gap-5">
      <section>
        <h3 className="text-dense font-semibold">Parties</h3>
        <ul className="divide-y divide-line">
          {body.parties.map((party) => (
            <PartyRow key={party.org} party={party} />
          ))}
        </ul>
      </section>
      {takes ? <Grants named={named} agreement={agreement} body={body} /> : null}
      <Signatories org={acting.org} />
    </div>
  )
}
