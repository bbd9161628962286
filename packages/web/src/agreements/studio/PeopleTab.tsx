/** The parties, those who may sign for one's own side, and whom it has given access. */
import { useQuery } from '@tanstack/react-query'
import type { AgreementBody, BodyParty } from '@weighhouse/formats/agreement/body.ts'
import { Avatar } from '../../parts/Avatar.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import type { Acting } from '../Acting.tsx'
import { type Agreement, signatoriesQuery } from '../data.ts'
import { roleWords } from '../words.ts'
import { Attestations } from './Attestations.tsx'
import { Firsts } from './Firsts.tsx'
import { Grants } from './Grants.tsx'
import { Programs } from './Programs.tsx'

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
      {takes ? <Programs named={named} agreement={agreement} body={body} /> : null}
      {takes ? <Attestations named={named} agreement={agreement} body={body} /> : null}
      <Firsts named={named} agreement={agreement} body={body} gives={own?.role !== 'consumer'} />
      <Signatories org={acting.org} />
    </div>
  )
}
