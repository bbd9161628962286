/** The record of an agreement, checked in this page: every seal, every hash, every signature. Nothing is sent anywhere. */
import { useQuery } from '@tanstack/react-query'
import { evidencePath, paperPath } from '@weighhouse/contract/agreements.ts'
import { parseEvidence } from '@weighhouse/formats/agreement/evidence.ts'
import { type Check, verifyEvidence } from '@weighhouse/formats/agreement/verify.ts'
import { Download, Printer } from 'lucide-react'
import { hub } from '../app/api.ts'
import { hrefOf } from '../app/base.ts'
import { Banner } from '../parts/Banner.tsx'
import { Failed } from '../parts/Failed.tsx'
import { TextLink } from '../parts/Go.tsx'
import { HashText } from '../parts/HashText.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'
import { Panel } from '../parts/Panel.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Time } from '../parts/Time.tsx'
import { Weight } from '../parts/Weight.tsx'
import { plainName } from '../parts/words.ts'
import { type Acting, ActingFrame, useAgreementId } from './Acting.tsx'
import { agreementTo } from './place.ts'
import { type Named, statementsQuery } from './data.ts'
import { statementText } from './words.ts'

/** Where a document is, below the API of this hub. */
const documentTo = (path: string, { org, id }: Named, version = ''): string =>
  hrefOf(
    `/weighhouse/v1${path
      .replace(':org', encodeURIComponent(org))
      .replace(':id', encodeURIComponent(id))
      .replace(':version', version)}`,
  )

const readEvidence = async (named: Named) => {
  const [answer, seal] = await Promise.all([
    fetch(documentTo(evidencePath, named)),
    hub.getHubSeal(),
  ])
  if (!answer.ok) throw new Error(`The hub answered ${answer.status} when asked for the evidence.`)
  const evidence = parseEvidence(await answer.json())
  return { evidence, verdict: await verifyEvidence(evidence, seal.publicKey) }
}

const CheckRow = ({ check }: { readonly check: Check }) => (
  <li className="flex gap-3 py-2.5">
    <span className="pt-0.5">
      <Weight kind={check.ok ? 'solid' : 'failed'} label={check.ok ? 'holds' : 'does not hold'} />
    </span>
    <span className="min-w-0">
      <span className="block text-dense font-medium">{check.what}</span>
      <span className={`block text-meta ${check.ok ? 'text-ink-3' : 'text-fail'}`}>
        {plainName(check.detail)}
      </span>
    </span>
  </li>
)

const outlined =
  'inline-flex h-[34px] items-center gap-1.5 rounded-control border border-line-2 bg-surface px-3 font-medium shadow-quiet hover:bg-hover'

const Evidence = ({ acting, named }: { readonly acting: Acting; readonly named: Named }) => {
  const found = useQuery({
    queryKey: ['agreements', named.org, named.id, 'evidence'],
    queryFn: () => readEvidence(named),
    staleTime: 0,
  })
  const said = useQuery(statementsQuery(named))
  if (found.error !== null)
    return <Failed error={found.error} isSignedIn onRetry={() => void found.refetch()} />
  if (found.data === undefined) return <Skeleton rows={10} />
  const { verdict, evidence } = found.data
  const parties = verdict.folder?.parties ?? []
  const nameOf = (org: string): string => parties.find((one) => one.org === org)?.name ?? 'a party'
  const failed = verdict.checks.filter(({ ok }) => !ok).length
  return (
    <Column width={860}>
      <header className="flex flex-col gap-1">
        <p className="text-dense">
          <TextLink to={agreementTo(named)}>Back to the agreement</TextLink>
        </p>
        <Heading className="text-head">Evidence</Heading>
        <p className="text-ink-2">Checked here. Nothing was uploaded.</p>
      </header>
      <Banner kind={verdict.ok ? 'note' : 'fail'}>
        {verdict.ok
          ? `All ${verdict.checks.length} checks hold: the record is whole, and each signature was made by a key that the text names.`
          : `${failed} of ${verdict.checks.length} checks do not hold. Do not rely on this record before somebody has looked at it.`}
      </Banner>
      <Panel title="Checks" isFlush>
        <ul className="divide-y divide-line px-4">
          {verdict.checks.map((check) => (
            <CheckRow key={check.what} check={check} />
          ))}
        </ul>
      </Panel>
      <div className="flex flex-wrap gap-2">
        <a href={documentTo(evidencePath, named)} download className={outlined}>
          <Download size={14} strokeWidth={2} aria-hidden />
          Download the evidence
        </a>
        {evidence.versions.map(({ version }) => (
          <a
            key={version}
            href={documentTo(paperPath, named, String(version))}
            target="_blank"
            rel="noreferrer"
            className={outlined}
          >
            <Printer size={14} strokeWidth={2} aria-hidden />
            Version {version} on paper
          </a>
        ))}
      </div>
      <p className="text-dense text-ink-2">
        Without this hub:{' '}
        <code className="text-code">weighhouse agreement verify agreement-{named.id}.json</code>{' '}
        checks the same file on any machine. Compare the key of the seal with what {acting.org} has
        from elsewhere.
      </p>
      <Panel title="The chain" aside={`${verdict.statements.length} statements`} isFlush>
        <ol className="divide-y divide-line px-4">
          {said.data?.statements.map((one) => (
            <li
              key={one.seq}
              className="grid grid-cols-[28px_1fr] gap-x-2 py-2 text-dense sm:grid-cols-[28px_1fr_auto]"
            >
              <span className="text-meta text-ink-3">{one.seq}</span>
              <span className="min-w-0">
                {statementText(one, nameOf)}
                <span className="block text-meta text-ink-3">
                  {one.actor === null ? 'the hub' : one.actor.name}, <Time at={one.at} />
                </span>
              </span>
              <span className="max-sm:col-start-2">
                <HashText hash={one.hash} kind="sha256" />
              </span>
            </li>
          ))}
        </ol>
      </Panel>
    </Column>
  )
}

const Page = ({ acting }: { readonly acting: Acting }) => {
  const id = useAgreementId()
  useTitle('Evidence', 'Agreements')
  return <Evidence acting={acting} named={{ org: acting.org, id }} />
}

export const EvidencePage = () => <ActingFrame>{(acting) => <Page acting={acting} />}</ActingFrame>
