/** What a page shows when its data did not come: what happened, and what to do next. */
import { ApiError } from '@weighhouse/contract/client.ts'
import { Banner } from './Banner.tsx'
import { Button, LinkButton } from './Button.tsx'
import { DenyPanel } from './DenyPanel.tsx'
import { Column, Heading, useTitle } from './Page.tsx'
import { hrefOf } from '../app/base.ts'

const hiddenCodes = new Set(['repo_not_found', 'account_not_found'])

export const signInHere = (): string => {
  const next = location.pathname + location.search
  return `${hrefOf('/login')}?next=${encodeURIComponent(next)}`
}

/** The same whether it is missing or hidden. */
export const NotHere = ({ isSignedIn }: { readonly isSignedIn: boolean }) => {
  useTitle('Not found')
  return (
    <Column>
      <Heading>There is nothing here, or it is not for you.</Heading>
      <p className="text-ink-2">
        {isSignedIn
          ? 'The address may be old, or whoever owns it has not shared it with you. Ask them for access.'
          : 'If it was shared with you, sign in first: what is private is shown to its people only.'}
      </p>
      <div className="flex gap-2">
        {isSignedIn ? null : (
          <a
            href={signInHere()}
            className="inline-flex h-[34px] items-center rounded-control bg-accent px-3 font-medium text-accent-ink hover:bg-accent-hover"
          >
            Sign in
          </a>
        )}
        <LinkButton to="/models">Explore models</LinkButton>
      </div>
    </Column>
  )
}

/** In the place of one part of a page. */
export const Failure = ({
  error,
  onRetry,
}: {
  readonly error: Error
  readonly onRetry?: () => void
}) =>
  error instanceof ApiError && error.status < 500 ? (
    <DenyPanel refusal={error} title={error.status === 404 ? 'Not found' : 'Refused'} />
  ) : (
    <Banner
      kind="fail"
      action={
        onRetry === undefined ? undefined : (
          <Button size="small" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {error.message} Nothing is lost.
    </Banner>
  )

interface FailedProps {
  readonly error: Error
  readonly isSignedIn: boolean
  readonly onRetry?: () => void
}

export const Failed = ({ error, isSignedIn, onRetry }: FailedProps) => {
  if (error instanceof ApiError && hiddenCodes.has(error.code))
    return <NotHere isSignedIn={isSignedIn} />
  const isRefused = error instanceof ApiError && error.status < 500
  return (
    <Column width={720}>
      <Heading>{isRefused ? 'This did not work' : 'The hub did not answer'}</Heading>
      <Failure error={error} {...(onRetry === undefined ? {} : { onRetry })} />
    </Column>
  )
}
