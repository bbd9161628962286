/** For pages that are somebody's own. */
import { signInHere } from './Failed.tsx'
import { Column, Heading, useTitle } from './Page.tsx'

export const NeedSignIn = ({ title }: { readonly title: string }) => {
  useTitle(title)
  return (
    <Column>
      <Heading>{title}</Heading>
      <p className="text-ink-2">Sign in to see this page: it shows what is yours.</p>
      <div>
        <a
          href={signInHere()}
          className="inline-flex h-[34px] items-center rounded-control bg-accent px-3 font-medium text-accent-ink hover:bg-accent-hover"
        >
          Sign in
        </a>
      </div>
    </Column>
  )
}
