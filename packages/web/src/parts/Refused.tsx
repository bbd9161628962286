/** Why an act was not done, beneath its form. What was written down for a second person is no failure. */
import { ApiError } from '@weighhouse/contract/client.ts'
import { Banner } from './Banner.tsx'

export const Refused = ({ error }: { readonly error: Error | null }) =>
  error === null ? null : (
    <Banner kind={error instanceof ApiError && error.status === 202 ? 'note' : 'fail'}>
      {error.message}
    </Banner>
  )
