/** Agreements by which somebody uses what others own: what each lets them do, and what is still missing. */
import { FileCheck2 } from 'lucide-react'
import { usePages } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { TextLink } from '../../parts/Go.tsx'
import { Column, Heading, useTitle } from '../../parts/Page.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Listed, Row } from '../../parts/Rows.tsx'
import { Tag } from '../../parts/Tag.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import { agreementTo } from '../place.ts'
import { type Given, givenKey } from '../data.ts'
import { othersOf, stateWords } from '../words.ts'

const About = ({ given }: { readonly given: Given }) => (
  <>
    {othersOf(given, given.org).join(', ')} with {given.org}
    {given.to === null ? null : (
      <>
        , until <Time at={given.to} asDay />
      </>
    )}
    {' · '}
    {given.grants.length === 0
      ? `${given.org} has not let you use it`
      : given.grants.map(({ project }) => plainName(project)).join(', ')}
  </>
)

export const GivenList = () => {
  useTitle('Agreements')
  const pages = usePages([...givenKey, 'list'], (page) => hub.listGivenAgreements(page))
  return (
    <Column width={840}>
      <div>
        <Heading>Agreements you use</Heading>
        <p className="mt-1 text-ink-2">
          What your organisations were given, and what each of them lets you do with it. Those who
          administer an organisation write and sign them.
        </p>
      </div>
      <Panel isFlush>
        <Listed
          label="Agreements you use"
          pages={pages}
          empty={
            <EmptyState title="Nothing was given to your organisations yet">
              Once they have signed an agreement with somebody, it stands here with what you may do.
            </EmptyState>
          }
          row={(given) => (
            <Row
              key={`${given.id}/${given.org}`}
              lead={<FileCheck2 size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />}
              title={<TextLink to={agreementTo(given, '/use')}>{plainName(given.title)}</TextLink>}
              about={<About given={given} />}
            >
              <Tag>{stateWords(given.state)}</Tag>
            </Row>
          )}
        />
      </Panel>
    </Column>
  )
}
