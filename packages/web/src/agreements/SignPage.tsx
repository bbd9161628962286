/** The ceremony: the whole text to its end, who signs and why she may, the digest, and a proof of who she is. Slow on purpose. */
import { useQuery } from '@tanstack/react-query'
import { ApiError } from '@weighhouse/contract/client.ts'
import { Check, Fingerprint } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useAct } from '../app/act.ts'
import { hub } from '../app/api.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Banner } from '../parts/Banner.tsx'
import { Button, LinkButton } from '../parts/Button.tsx'
import { CopyButton } from '../parts/CopyButton.tsx'
import { DenyPanel } from '../parts/DenyPanel.tsx'
import { Failed } from '../parts/Failed.tsx'
import { Column, Heading, useTitle } from '../parts/Page.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { Time } from '../parts/Time.tsx'
import { plainName } from '../parts/words.ts'
import { type Acting, ActingFrame, useAgreementId } from './Acting.tsx'
import { agreementTo } from './place.ts'
import {
  type Agreement,
  agreementQuery,
  readAgain,
  signatoriesQuery,
  type Version,
  versionQuery,
  whenSaid,
} from './data.ts'
import { Blocked, NoAuthority } from './SignRefused.tsx'
import { FindingsNote } from './studio/Findings.tsx'
import { findingsByClause, isBlocked } from './studio/findings.ts'
import { Paper } from './studio/Paper.tsx'
import { hashGroups, nextStep, othersOf, roleWords } from './words.ts'

const Digest = ({ sha256 }: { readonly sha256: string }) => (
  <div className="rounded-panel border border-line-2 bg-surface p-4">
    <p className="flex items-center gap-2 text-dense font-semibold">
      <Fingerprint size={16} strokeWidth={1.75} aria-hidden />
      What is signed, as SHA-256
      <CopyButton text={sha256} label="Copy the hash" />
    </p>
    <p
      className="mt-2 flex flex-wrap gap-x-3 gap-y-1 font-mono text-code"
      translate="no"
      dir="ltr"
      aria-label={sha256}
    >
      {hashGroups(sha256).map((group, i) => (
        <span key={i}>{group}</span>
      ))}
    </p>
    <p className="mt-2 text-meta text-ink-3">
      The other side sees the same groups. Compare them by telephone if much depends on it.
    </p>
  </div>
)

const Parties = ({ body }: Pick<Version, 'body'>) => (
  <ul className="flex flex-col gap-2">
    {body.parties.map(({ org, name, legalName, seat, role }) => (
      <li key={org} className="flex items-center gap-2 text-dense">
        <Avatar name={name} kind="org" size={24} />
        <span>
          <strong className="font-semibold">{plainName(legalName)}</strong>, {seat},{' '}
          {roleWords[role] ?? role}
        </span>
      </li>
    ))}
  </ul>
)

/** True once the end of the text was in sight; `mark` is the ref of what stands there. */
const useReadToEnd = () => {
  const [end, mark] = useState<HTMLDivElement | null>(null)
  const [isRead, setRead] = useState(false)
  useEffect(() => {
    if (end === null || isRead) return undefined
    const watch = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) setRead(true)
    })
    watch.observe(end)
    return () => watch.disconnect()
  }, [end, isRead])
  return { mark, isRead }
}

const useSign = (acting: Acting, agreement: Agreement, { version, sha256 }: Version) =>
  useAct({
    act: () =>
      hub.signAgreement({ org: acting.org, id: agreement.id, version, sha256, seq: agreement.seq }),
    stale: whenSaid,
    verb: `Sign for ${acting.org}`,
  })

/** Who she is, and why she may sign. */
const useAuthority = (acting: Acting) => {
  const { data, error } = useQuery(signatoriesQuery(acting.org))
  const inForce = data?.filter(({ state }) => state === 'in_force') ?? []
  const own = inForce.find(({ user }) => user.toLowerCase() === acting.me.name.toLowerCase())
  return { isLoading: data === undefined && error === null, own, others: inForce }
}

interface CeremonyProps {
  readonly acting: Acting
  readonly agreement: Agreement
  readonly version: Version
}

const Act = ({
  acting,
  agreement,
  version,
  isRead,
}: CeremonyProps & { readonly isRead: boolean }) => {
  const [isSure, setSure] = useState(false)
  const sign = useSign(acting, agreement, version)
  const { own } = useAuthority(acting)
  if (own === undefined) return null
  return (
    <div className="flex flex-col gap-4">
      {sign.error === null ? null : (
        <div className="flex flex-col items-start gap-2">
          {sign.error instanceof ApiError ? (
            <DenyPanel refusal={sign.error} title="It was not signed." />
          ) : (
            <Banner kind="fail">It may not have been signed: {sign.error.message}</Banner>
          )}
          <Button onClick={() => void readAgain()}>Read it as it is now</Button>
        </div>
      )}
      <label className="flex min-h-11 cursor-pointer items-start gap-3 text-body">
        <input
          type="checkbox"
          checked={isSure}
          onChange={({ target }) => setSure(target.checked)}
          className="mt-1 size-4 shrink-0 accent-accent"
        />
        <span>
          I have read the whole text, and I sign it for {acting.org} as {plainName(own.title)}. This
          binds {acting.org} to exactly the bytes above.
        </span>
      </label>
      <div className="flex flex-wrap gap-2">
        <Button
          kind="primary"
          size="touch"
          isBusy={sign.isPending}
          reason={
            isRead
              ? isSure
                ? undefined
                : 'Confirm that you have read it.'
              : 'Read the text to its end first.'
          }
          onClick={() => sign.mutate()}
        >
          Sign for {acting.org}
        </Button>
        <LinkButton size="touch" to={agreementTo({ org: acting.org, id: agreement.id })}>
          Not now
        </LinkButton>
      </div>
    </div>
  )
}

const Ceremony = (props: CeremonyProps) => {
  const { acting, agreement, version } = props
  const { mark, isRead } = useReadToEnd()
  const { isLoading, own, others } = useAuthority(acting)
  if (isLoading) return <Skeleton />
  const findings = findingsByClause(version.body, version.findings)
  if (isBlocked(version)) return <Blocked {...props} findings={findings} />
  return (
    <Column width={760}>
      <header className="flex flex-col gap-1">
        <Heading className="text-head">Sign {plainName(agreement.title)}</Heading>
        <p className="text-ink-2">
          Version {version.version}, for {acting.org}. Take your time: nothing is in force before
          all have signed.
        </p>
      </header>
      <FindingsNote body={version.body} findings={findings} />
      <Parties body={version.body} />
      {own === undefined ? (
        <NoAuthority acting={acting} others={others} />
      ) : (
        <p className="text-dense">
          You are {plainName(own.fullName === '' ? own.user : own.fullName)}, {plainName(own.title)}
          . Two administrators of {acting.org} gave you authority to sign, until{' '}
          <Time at={own.to} asDay />.
        </p>
      )}
      <Digest sha256={version.sha256} />
      <section aria-label="The whole text" className="rounded-panel border border-paper-line">
        <Paper body={version.body} findings={findings} />
        <div
          ref={mark}
          className="border-t border-paper-line bg-paper px-5 py-3 text-center text-meta text-ink-3 sm:px-10"
        >
          End of the text
        </div>
      </section>
      <Act {...props} isRead={isRead} />
    </Column>
  )
}

/** What follows a signature: for whom it waits, or that it is in force. */
const After = ({ acting, agreement }: Pick<CeremonyProps, 'acting' | 'agreement'>) => {
  const isFirstOfTwo = agreement.candidate?.firstSignedBy.includes(acting.orgId) === true
  const isSigned = agreement.inForce !== null && agreement.candidate === null
  const others = othersOf(agreement, acting.org).join(', ')
  return (
    <Column width={560}>
      <Heading className="text-head">
        <span className="inline-flex items-center gap-2">
          <Check size={22} strokeWidth={2} className="text-pass" aria-hidden />
          {isSigned ? 'Signed by all' : `Signed for ${acting.org}`}
        </span>
      </Heading>
      <p>
        {isSigned
          ? agreement.state === 'active'
            ? 'It is in force. Those who receive give their people access next.'
            : 'It comes into force on its first day.'
          : isFirstOfTwo
            ? `A second person of ${acting.org} signs beside you, then it is the turn of ${others}.`
            : nextStep(agreement, acting.org)}
      </p>
      <div className="flex flex-wrap gap-2">
        <LinkButton
          kind="primary"
          to={agreementTo(
            { org: acting.org, id: agreement.id },
            '',
            isSigned ? { panel: 'people' } : {},
          )}
        >
          Open the agreement
        </LinkButton>
        <LinkButton to={agreementTo({ org: acting.org, id: agreement.id }, '/evidence')}>
          Check the evidence
        </LinkButton>
      </div>
    </Column>
  )
}

const Page = ({ acting }: { readonly acting: Acting }) => {
  const id = useAgreementId()
  const named = { org: acting.org, id }
  const { data: agreement, error } = useQuery(agreementQuery(named))
  const version = agreement?.candidate?.version
  const text = useQuery({ ...versionQuery(named, version ?? 0), enabled: version !== undefined })
  useTitle('Sign', agreement?.title ?? '')
  const problem = error ?? text.error
  if (problem !== null) return <Failed error={problem} isSignedIn />
  if (agreement === undefined) return <Skeleton />
  const isDone = agreement.candidate?.signedBy.includes(acting.orgId) === true
  const isFirst = agreement.candidate?.firstSignedBy.includes(acting.orgId) === true
  const mayStill = agreement.may.includes('signed')
  if (isDone || agreement.candidate === null || (isFirst && !mayStill))
    return <After acting={acting} agreement={agreement} />
  if (!mayStill) {
    return (
      <Column width={560}>
        <Heading>It cannot be signed now</Heading>
        <p className="text-ink-2">{nextStep(agreement, acting.org)}</p>
        <div>
          <LinkButton to={agreementTo(named)}>Open the agreement</LinkButton>
        </div>
      </Column>
    )
  }
  if (text.data === undefined) return <Skeleton rows={12} />
  return (
    <Ceremony key={text.data.sha256} acting={acting} agreement={agreement} version={text.data} />
  )
}

export const SignPage = () => <ActingFrame>{(acting) => <Page acting={acting} />}</ActingFrame>
