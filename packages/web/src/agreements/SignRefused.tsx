/** Why a ceremony does not begin: terms that do not hold together, or nobody's authority. */
import { Banner } from '../parts/Banner.tsx'
import { LinkButton } from '../parts/Button.tsx'
import { Column, Heading } from '../parts/Page.tsx'
import { plainName } from '../parts/words.ts'
import type { Acting } from './Acting.tsx'
import { agreementTo } from './place.ts'
import type { Agreement, Version } from './data.ts'
import { FindingsNote } from './studio/Findings.tsx'
import type { ByClause } from './studio/findings.ts'
import { Paper } from './studio/Paper.tsx'

export const NoAuthority = ({
  acting,
  others,
}: {
  readonly acting: Acting
  readonly others: readonly { user: string; fullName: string; title: string }[]
}) => (
  <Banner kind="warn">
    You may not sign for {acting.org}. Two of its administrators have to name you as signatory.{' '}
    {others.length === 0
      ? 'Nobody may sign for it yet.'
      : `These people may: ${others.map(({ user, fullName, title }) => `${plainName(fullName === '' ? user : fullName)}, ${plainName(title)}`).join('; ')}.`}
  </Banner>
)

/** No ceremony begins that would end in a refusal: what is wrong, at its clause, and the way back. */
export const Blocked = ({
  acting,
  agreement,
  version,
  findings,
}: {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly version: Version
  readonly findings: ByClause
}) => (
  <Column width={760}>
    <Heading className="text-head">{plainName(agreement.title)} cannot be signed</Heading>
    <FindingsNote body={version.body} findings={findings} />
    <div className="rounded-panel border border-paper-line">
      <Paper body={version.body} findings={findings} />
    </div>
    <div>
      <LinkButton kind="primary" to={agreementTo({ org: acting.org, id: agreement.id })}>
        Open the agreement
      </LinkButton>
    </div>
  </Column>
)
