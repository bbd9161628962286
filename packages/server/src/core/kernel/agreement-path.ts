/** Where people go about an agreement: said by refusals, requests and doors alike, which know no pages otherwise. */
import type { AgreementId } from './ids.ts'

/** The page for those who only use what an agreement gives to their organisation. */
export const givenPath = (id: AgreementId, org: string | undefined): string =>
  `/agreements/${id}/use${org === undefined ? '' : `?as=${encodeURIComponent(org)}`}`

/** The page of an agreement, or where one about a repo is begun, below the hub's own URL. */
export const agreementPath = (
  { type, path }: { readonly type: string; readonly path: string },
  id: AgreementId | undefined,
): string => (id === undefined ? `/agreements/new?repo=${type}/${path}` : `/agreements/${id}`)
